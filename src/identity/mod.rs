//! Who you are: keys, clients, tokens, the first administrator. No HTTP in here.

mod access;
mod account;
mod acting;
mod bootstrap;
mod client;
mod factor;
mod guard;
pub mod invite;
mod keys;
pub mod login;
mod mail;
mod me;
mod member;
pub mod membership;
mod own;
mod password;
mod policy;
mod pool;
pub mod project;
mod register;
pub mod request;
mod session;
mod token;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;

pub use bootstrap::{Announcement, Bootstrap, bootstrap};
pub use guard::Bucket;
pub use mail::{Template, Values};
pub use register::{Newcomer, Welcome};

use crate::config::{Config, SignIn};
use crate::error::{Result, malformed, unauthenticated};
use crate::repo::{Actor, Engine, Outcome, Repo};
use crate::store::Secret;
use keys::Keys;
use mail::Mail;
use session::Sessions;
use token::Claims;

/// Signs in and recognises.
pub struct Identity {
    engine: Arc<Engine>,
    issuer: String,
    keys: Keys,
    sessions: Arc<Sessions>,
    mail: Mail,
    settings: Arc<SignIn>,
    passwords: password::Pool,
    seal: factor::Seal,
    guard: Arc<guard::Guard>,
}

/// What a client gets for its credentials.
pub struct Grant {
    pub token: String,
    /// Seconds.
    pub expires_in: i64,
    pub scope: String,
}

/// What a client's token allows here until SMART scopes are told apart.
const SCOPE: &str = "system/*.*";
/// Types whose records decide what a client's token is worth.
const DECISIVE: [&str; 4] = ["AccessPolicy", "ClientApplication", "Project", "ProjectMembership"];
/// Types of which only some writes do: a sign-in changes its Login often before it ends.
const SOMETIMES: [&str; 2] = ["Login", "User"];

impl Identity {
    pub async fn open(engine: Arc<Engine>, config: &Config) -> Result<Arc<Self>> {
        let mail = Mail::open(&config.mail)?;
        let keys = Keys::open(&engine).await?;
        let sessions = Arc::new(Sessions::new(!engine.store.reads_inline()));
        let forgetful = Arc::clone(&sessions);
        // A second identity on one engine would leave the first one's sessions standing.
        let hooked = engine.written.set(Box::new(move |kind, outcome, grave| {
            // No token stands on what was made only now; but a second membership may go before the first.
            let stands = outcome != Outcome::Created || matches!(kind, "AccessPolicy" | "ProjectMembership");
            if stands && (DECISIVE.contains(&kind) || (grave && SOMETIMES.contains(&kind))) {
                forgetful.forget_all();
            }
        }));
        debug_assert!(hooked.is_ok(), "an engine has one identity");
        let settings = Arc::new(config.sign_in.clone());
        let seal = factor::Seal::open(&engine, &settings.secret_key).await?;
        let passwords = password::Pool::start(settings.hash_threads, settings.hash_queue, settings.cost())?;
        let guard = guard::Guard::new(&settings, &seal);
        let issuer = config.public_url.clone();
        Ok(Arc::new(Self { engine, issuer, keys, sessions, mail, settings, passwords, seal, guard }))
    }

    /// The actor of a token seen before; the path of nearly every request.
    pub fn known(&self, token: &str) -> Option<Arc<Actor>> {
        self.sessions.get(token)
    }

    /// The actor of a token, proved from the signature up.
    pub async fn authenticate(&self, token: &str) -> Result<Arc<Actor>> {
        let seen = self.sessions.mark();
        let claims = self.keys.verify(token, &self.issuer)?;
        let ended = || unauthenticated("this session has ended");
        let project = self.engine.store.project_number(&claims.project)?.ok_or_else(ended)?;
        let login = client::session(&self.engine, project, &claims.login_id).await?.ok_or_else(ended)?;
        let person = login
            .pointer("/user/reference")
            .and_then(Value::as_str)
            .is_some_and(|user| user.starts_with("User/"));
        let actor = match person {
            true => member::actor(&self.engine, project, &login).await?,
            false => client::actor(&self.engine, project, &claims.client_id).await?,
        };
        let actor = Actor { login: Some(claims.login_id.clone()), ..actor.ok_or_else(ended)? };
        let actor = Arc::new(actor);
        self.sessions.put(token, &actor, claims.exp, seen);
        Ok(actor)
    }

    /// What whoever set something up in a project is by now, without a token of his; nothing if he may not act any more.
    pub async fn standing(&self, reference: &str, project: i32) -> Result<Option<Actor>> {
        client::standing(&self.engine, reference, project).await
    }

    /// A token for a client that knows its secret (<https://www.rfc-editor.org/rfc/rfc6749#section-4.4>).
    pub async fn client_credentials(&self, id: &str, secret: &str, scope: Option<&str>) -> Result<Grant> {
        let refused = || unauthenticated("this client is not known, or its secret is another");
        let project = client::prove(&self.engine, id, secret).await?.ok_or_else(refused)?;
        let actor = client::actor(&self.engine, project, id).await?.ok_or_else(refused)?;
        if scope.is_some_and(|scope| scope.split(' ').any(|scope| scope != SCOPE)) {
            return Err(malformed(format!("the one scope offered here is {SCOPE}")).at("scope"));
        }
        let login_id = self.log_in(&actor, id).await?;
        let now = chrono::Utc::now().timestamp();
        let claims = Claims {
            iss: self.issuer.clone(),
            sub: id.to_owned(),
            client_id: id.to_owned(),
            project: actor.project_id.clone(),
            login_id,
            username: None,
            profile: None,
            scope: SCOPE.to_owned(),
            iat: now,
            exp: now + token::LIFETIME,
            jti: Uuid::new_v4().to_string(),
        };
        let token = self.keys.sign(&claims)?;
        Ok(Grant { token, expires_in: token::LIFETIME, scope: SCOPE.to_owned() })
    }

    /// The public keys (<https://www.rfc-editor.org/rfc/rfc7517#section-5>).
    pub fn jwks(&self) -> Value {
        self.keys.public()
    }

    /// Records the sign-in; the token lives as long as this record does.
    async fn log_in(&self, actor: &Actor, client: &str) -> Result<String> {
        let mut login = json!({
            "resourceType": "Login",
            "meta": { "project": actor.project_id },
            "client": { "reference": format!("ClientApplication/{client}") },
            "project": { "reference": format!("Project/{}", actor.project_id) },
            "user": { "reference": format!("ClientApplication/{client}") },
            "authMethod": "client",
            "authTime": chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            "scope": SCOPE,
            "granted": true,
        });
        if let Some(membership) = &actor.membership {
            login["membership"] = json!({ "reference": format!("ProjectMembership/{membership}") });
        }
        Ok(system(&self.engine).create("Login", login).await?.row.id.clone())
    }
}

/// The server's own repo.
fn system(engine: &Arc<Engine>) -> Repo {
    engine.bind(Arc::new(Actor::system()), "identity")
}

/// 256 bits.
fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// New recovery codes, and what to keep of them.
fn recovery_codes() -> Result<(Vec<String>, Secret)> {
    let (codes, kept) = factor::recovery::fresh()?;
    Ok((codes, Secret::set(account::RECOVERY, kept)))
}
