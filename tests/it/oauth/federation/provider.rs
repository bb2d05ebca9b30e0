//! A provider of OpenID Connect in this process: one listener, and a tenant with keys of its own for each test.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use roster::search::parameters;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::signer::{Signer, encoded, fresh};
use crate::client::PUBLIC_URL;
use crate::events::receiver::{Received, Receiver, status};
use crate::sample::with;

pub const CLIENT: &str = "roster-at-home";
pub const SECRET: &str = "what: roster & the provider share";

type Maker = Box<dyn Fn(&Value) -> String + Send + Sync>;

/// What is behind a code.
struct Granted {
    claims: Value,
    challenge: String,
    redirect: String,
}

#[derive(Default)]
struct Tenant {
    signers: Mutex<Vec<Signer>>,
    codes: Mutex<HashMap<String, Granted>>,
    /// What access tokens tell.
    users: Mutex<HashMap<String, Value>>,
    /// What it answers at a place instead.
    instead: Mutex<HashMap<String, String>>,
    maker: Mutex<Option<Maker>>,
    seen: Mutex<Vec<Received>>,
}

static TENANTS: LazyLock<Mutex<HashMap<String, Arc<Tenant>>>> = LazyLock::new(Mutex::default);
static LISTENER: LazyLock<Mutex<Receiver>> = LazyLock::new(|| Mutex::new(Receiver::answering(answer)));
static HOST: LazyLock<String> = LazyLock::new(|| {
    let url = LISTENER.lock().expect("whole").url.clone();
    url.trim_start_matches("http://").split('/').next().expect("a host").to_owned()
});

/// Where they all listen.
pub fn host() -> &'static str {
    &HOST
}

pub struct Provider {
    pub issuer: String,
    tenant: Arc<Tenant>,
}

impl Provider {
    pub fn new() -> Self {
        let name = fresh("tenant");
        let tenant = Arc::new(Tenant::default());
        tenant.signers.lock().expect("whole").push(Signer::new("first"));
        TENANTS.lock().expect("whole").insert(name.clone(), Arc::clone(&tenant));
        Self { issuer: format!("http://{}/{name}", host()), tenant }
    }

    /// As it is configured with us.
    pub fn config(&self) -> Value {
        json!({"issuer": self.issuer, "clientId": CLIENT, "clientSecret": SECRET})
    }

    /// Signs somebody in who was sent here, and sends him back with this query.
    #[track_caller]
    pub fn grant(&self, link: &str, claims: Value) -> String {
        let (place, query) = link.split_once('?').expect("a query");
        assert_eq!(place, format!("{}/authorize", self.issuer));
        let asked: BTreeMap<String, String> = parameters::parse(query).expect("pairs").into_iter().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!((asked["client_id"].as_str(), asked["code_challenge_method"].as_str()), (CLIENT, "S256"));
        assert_eq!(asked["redirect_uri"], format!("{PUBLIC_URL}/auth/external"));
        assert!(asked["nonce"].len() > 40 && asked["state"].len() > 40 && asked["scope"].contains("openid"));
        let code = fresh("code");
        let granted = Granted {
            claims: with(json!({"nonce": asked["nonce"]}), claims),
            challenge: asked["code_challenge"].clone(),
            redirect: asked["redirect_uri"].clone(),
        };
        self.tenant.codes.lock().expect("whole").insert(code.clone(), granted);
        format!("code={code}&state={}", encoded(&asked["state"]))
    }

    /// An id token for us that is right but for `claims`.
    pub fn id_token(&self, claims: Value) -> String {
        self.tenant.token(&with(self.base(), claims))
    }

    /// An opaque access token that tells this of its user.
    pub fn access_token(&self, claims: Value) -> String {
        self.told_by(fresh("access"), claims)
    }

    /// An access token that is signed, and says to whom it was given.
    pub fn signed_access_token(&self, token: Value, claims: Value) -> String {
        let said = with(self.base(), with(claims.clone(), token));
        self.told_by(self.tenant.token(&said), claims)
    }

    fn told_by(&self, token: String, claims: Value) -> String {
        let told = with(json!({"sub": "somebody"}), claims);
        self.tenant.users.lock().expect("whole").insert(token.clone(), told);
        token
    }

    fn base(&self) -> Value {
        base(&self.issuer)
    }

    /// Another key, and the former one no more.
    pub fn rotate(&self, kid: &str) {
        *self.tenant.signers.lock().expect("whole") = vec![Signer::new(kid)];
    }

    /// Makes its tokens otherwise.
    pub fn make(&self, maker: impl Fn(&Value) -> String + Send + Sync + 'static) {
        *self.tenant.maker.lock().expect("whole") = Some(Box::new(maker));
    }

    pub fn jwks(&self) -> Value {
        self.tenant.jwks()
    }

    /// Answers at a place with this and nothing else.
    pub fn answers(&self, place: &str, text: String) {
        self.tenant.instead.lock().expect("whole").insert(place.to_owned(), text);
    }

    /// What came to a place.
    pub fn seen(&self, place: &str) -> Vec<Received> {
        let seen = self.tenant.seen.lock().expect("whole");
        seen.iter().filter(|received| received.path.ends_with(place)).cloned().collect()
    }
}

fn base(issuer: &str) -> Value {
    let now = chrono::Utc::now().timestamp();
    json!({"iss": issuer, "aud": CLIENT, "sub": "somebody", "iat": now, "exp": now + 300})
}

pub fn json_answer(body: &Value) -> String {
    let body = body.to_string();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn answer(received: &Received) -> String {
    let (name, place) = received.path.trim_start_matches('/').split_once('/').unwrap_or_default();
    let tenant = TENANTS.lock().expect("whole").get(name).cloned();
    let Some(tenant) = tenant else { return status(404) };
    tenant.seen.lock().expect("whole").push(received.clone());
    if let Some(text) = tenant.instead.lock().expect("whole").get(place) {
        return text.clone();
    }
    let issuer = format!("http://{}/{name}", host());
    match place {
        ".well-known/openid-configuration" => json_answer(&json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
        })),
        "keys" => json_answer(&tenant.jwks()),
        "token" => tenant.redeem(received, &issuer),
        "userinfo" => {
            let token = received.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
            let users = tenant.users.lock().expect("whole");
            token.and_then(|token| users.get(token)).map_or_else(|| status(401), json_answer)
        }
        _ => status(404),
    }
}

impl Tenant {
    fn jwks(&self) -> Value {
        let signers = self.signers.lock().expect("whole");
        let keys: Vec<Value> = signers.iter().map(|signer| signer.jwks()["keys"][0].clone()).collect();
        json!({ "keys": keys })
    }

    fn token(&self, claims: &Value) -> String {
        match &*self.maker.lock().expect("whole") {
            Some(make) => make(claims),
            None => self.signers.lock().expect("whole").last().expect("a key").signed(claims),
        }
    }

    fn redeem(&self, received: &Received, issuer: &str) -> String {
        let form = std::str::from_utf8(&received.body).expect("a form");
        let form: HashMap<String, String> = parameters::parse(form).expect("pairs").into_iter().collect();
        let get = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let Some(granted) = self.codes.lock().expect("whole").remove(get("code")) else { return status(400) };
        let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier")));
        let half = |text: &str| encoded(text).replace("%20", "+");
        let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{CLIENT}:{}", half(SECRET))));
        let by_header = received.headers.get("authorization") == Some(&basic);
        let by_form = get("client_secret") == SECRET && get("client_id") == CLIENT;
        let is_right = get("grant_type") == "authorization_code"
            && digest == granted.challenge
            && get("redirect_uri") == granted.redirect
            && (by_header || by_form);
        if !is_right {
            return status(401);
        }
        let claims = with(base(issuer), granted.claims);
        let access = fresh("access");
        self.users.lock().expect("whole").insert(access.clone(), claims.clone());
        json_answer(&json!({"access_token": access, "token_type": "Bearer", "id_token": self.token(&claims)}))
    }
}
