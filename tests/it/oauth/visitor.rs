//! Somebody at a browser who goes through the pages of sign-in: keeps cookies, fills in forms, presses buttons.

use std::cell::RefCell;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::signer::{encoded, fresh};
use crate::client::{Answer, Client, PUBLIC_URL, id};
use crate::sample::with;
use crate::world::World;

pub const PASSWORD: &str = "plum violin 77 harbour";
pub const HASH: &str = "$2b$04$BqBONbSxA/aYH0FL2Lm1sOPlg2P5Mair6zp1JEKvp8UXPiACVfHEm";
pub const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more-0123";
pub const REDIRECT: &str = "https://app.example/callback";

/// A practitioner of the project with a password, who is one of its admins: his e-mail.
pub fn practitioner(world: &World) -> String {
    member(
        world,
        &json!({"resourceType": "Practitioner", "name": [{"family": "Lovelace", "given": ["Ada"]}]}),
        true,
    )
}

/// A user with this profile: his e-mail.
pub fn member(world: &World, profile: &Value, admin: bool) -> String {
    let project = json!({"reference": format!("Project/{}", world.project)});
    let email = format!("{}@example.com", fresh("person"));
    let user = id(&world.super_admin.create(&json!({
        "resourceType": "User", "firstName": "Ada", "lastName": "Lovelace", "email": email, "passwordHash": HASH,
        "project": project,
    })));
    join(world, &user, profile, admin);
    email
}

/// One more membership.
pub fn join(world: &World, user: &str, profile: &Value, admin: bool) {
    let profile =
        world.super_admin.create(&with(profile.clone(), json!({"meta": {"project": world.project}})));
    world.super_admin.create(&json!({
        "resourceType": "ProjectMembership", "admin": admin,
        "project": {"reference": format!("Project/{}", world.project)},
        "user": {"reference": format!("User/{user}")},
        "profile": {"reference": crate::client::place(&profile)},
    }));
}

/// An application without a secret: its id.
pub fn app(world: &World, more: Value) -> String {
    let app = json!({
        "resourceType": "ClientApplication", "meta": {"project": world.project}, "name": "Growth <Chart>",
        "redirectUris": [REDIRECT, "https://app.example/other"],
    });
    id(&world.super_admin.create(&with(app, more)))
}

pub fn challenge() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

/// The address of an authorization request that is right but for `more`.
pub fn request(client: &str, more: Value) -> String {
    let asked = json!({
        "response_type": "code", "client_id": client, "redirect_uri": REDIRECT, "scope": "openid fhirUser",
        "state": "a state", "code_challenge": challenge(), "code_challenge_method": "S256",
    });
    let asked = with(asked, more);
    let pairs: Vec<String> = asked
        .as_object()
        .expect("an object")
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", encoded(value.as_str()?))))
        .collect();
    format!("/oauth2/authorize?{}", pairs.join("&"))
}

/// A page, or the way back.
pub struct Page(pub Answer);

#[derive(Default)]
pub struct Visitor(RefCell<BTreeMap<String, String>>);

impl Visitor {
    fn send(&self, call: crate::client::Call) -> Page {
        let cookies: Vec<String> =
            self.0.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let call = if cookies.is_empty() { call } else { call.header("Cookie", &cookies.join("; ")) };
        let answer = call.send();
        for line in answer.lines("Set-Cookie") {
            let (name, value) =
                line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            self.0.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
        Page(answer)
    }

    pub fn open(&self, world: &World, address: &str) -> Page {
        self.send(world.anonymous.call("GET", address))
    }

    /// Fills in the form that does `what` on a page, and sends it.
    pub fn fill(&self, world: &World, page: &Page, what: &str, fields: &[(&str, &str)]) -> Page {
        let mut pairs = page.hidden(what);
        pairs.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let form: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let place = if what.is_empty() { "/oauth2/logout" } else { "/oauth2/step" };
        self.send(world.anonymous.call("POST", place).form(&form.join("&")))
    }

    /// Types the code of a device on the page for it.
    pub fn type_code(&self, world: &World, page: &Page, code: &str) -> Page {
        let text = page.0.text();
        let token = text.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let form = format!("user_code={}&token={}", encoded(code), encoded(token.expect("a token")));
        self.send(world.anonymous.call("POST", "/oauth2/device").form(&form))
    }

    /// To the page after the password.
    pub fn sign_in(&self, world: &World, address: &str, email: &str) -> Page {
        let page = self.open(world, address);
        assert_eq!(page.title(), "Sign in", "{}", page.0.text());
        self.fill(world, &page, "password", &[("email", email), ("password", PASSWORD)])
    }

    /// All the way; gives what comes back to the application.
    pub fn go(&self, world: &World, address: &str, email: &str) -> BTreeMap<String, String> {
        let page = self.sign_in(world, address, email);
        assert_eq!(page.title(), "Allow access?", "{}", page.0.text());
        self.fill(world, &page, "consent", &[]).back()
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.0.borrow().get(name).cloned()
    }
}

impl Page {
    pub fn title(&self) -> String {
        let text = self.0.text();
        let title = text.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
        title.unwrap_or_default().to_owned()
    }

    /// The fields of a form that nobody fills in.
    fn hidden(&self, what: &str) -> Vec<(String, String)> {
        let text = self.0.text();
        let mark = format!("name=\"do\" value=\"{what}\"");
        let form = text.split("<form ").find(|form| what.is_empty() || form.contains(&mark));
        let form = form.unwrap_or_else(|| panic!("no form does {what}: {text}"));
        let form = form.split("</form>").next().expect("a form");
        let fields = form
            .split("<input ")
            .skip(1)
            .filter(|field| field.contains("type=\"hidden\"") || field.contains("checked"));
        let attribute = |field: &str, name: &str| {
            let rest = field.split(&format!("{name}=\"")).nth(1)?;
            let value = rest.split('"').next()?;
            let value = value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
            Some(value.replace("&amp;", "&"))
        };
        fields.filter_map(|field| Some((attribute(field, "name")?, attribute(field, "value")?))).collect()
    }

    /// The value of the button that says this.
    pub fn choice(&self, says: &str) -> String {
        let text = self.0.text();
        let buttons =
            text.split("<button ").skip(1).map(|rest| rest.split("</button>").next().unwrap_or_default());
        let button = buttons.into_iter().find(|button| button.contains(says)).expect("a button");
        button.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a value").to_owned()
    }

    /// What was sent back to the application.
    pub fn back(self) -> BTreeMap<String, String> {
        let text = self.0.text();
        assert_eq!(self.0.status, 303, "{text}");
        let place = self.0.header("Location").expect("a place").to_owned();
        assert!(place.starts_with("https://app.example/"), "{place}");
        let query = place.split_once('?').expect("a query").1;
        let pairs = roster::search::parameters::parse(query).expect("pairs");
        let found: BTreeMap<String, String> = pairs.into_iter().collect();
        assert_eq!(found["iss"], PUBLIC_URL);
        found
    }
}

/// Exchanges a code.
pub fn redeem(world: &World, client: &str, code: &str, more: &str) -> Answer {
    let form = format!(
        "grant_type=authorization_code&client_id={client}&code={code}&redirect_uri={}&code_verifier={VERIFIER}{more}",
        encoded(REDIRECT)
    );
    world.anonymous.call("POST", "/oauth2/token").form(&form).send()
}

/// The tokens of a sign-in through an application.
pub fn tokens(world: &World, client: &str, scope: &str, email: &str) -> Value {
    let back = Visitor::default().go(world, &request(client, json!({"scope": scope})), email);
    redeem(world, client, &back["code"], "").expect(200).json()
}

pub fn caller(world: &World, tokens: &Value) -> Client {
    Client::with_token(&world.server.address, tokens["access_token"].as_str().expect("a token"))
}
