//! Who you are: keys, clients, tokens, the first administrator. No HTTP in here.

mod access;
mod account;
mod acting;
mod activation;
pub mod application;
mod basic;
mod below;
mod bootstrap;
pub mod browser;
mod client;
pub mod external;
mod factor;
mod grant;
mod guard;
pub mod invite;
mod keys;
pub mod login;
mod mail;
mod me;
mod member;
pub mod membership;
pub mod organization;
mod outgoing;
mod own;
mod password;
mod policy;
mod pool;
pub mod project;
mod provision;
mod register;
pub mod request;
pub mod scope;
mod session;
mod sign_ins;
mod token;
pub mod user;

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Builder;

pub use activation::Activation;
pub use basic::{api_key, of_api_key};
pub use bootstrap::{Announcement, Bootstrap, bootstrap};
pub use client::{Client, Proof, Proved};
pub use grant::{Codes, DEVICE, Device, Narrowed, Polled};
pub use guard::Bucket;
pub use mail::{Template, Values};
pub use outgoing::{Guarded, NotPublic};
pub use password::Demands;
pub use provision::Provision;
pub use register::{Newcomer, Welcome};
pub use sign_ins::{SignIns, SignedIn};

use crate::config::{Config, SignIn};
use crate::error::{Result, unauthenticated};
use crate::repo::policy::Policy;
use crate::repo::{Actor, Engine, Outcome, Repo};
use crate::store::Secret;
use client::Replays;
use keys::Keys;
use mail::Mail;
use outgoing::Outgoing;
use session::Sessions;

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
    outgoing: Outgoing,
    /// Who is asked instead of those whom the machine asks.
    dns: Option<SocketAddr>,
    replays: Replays,
}

/// What a client gets for its credentials.
pub struct Grant {
    pub token: String,
    /// Seconds.
    pub expires_in: i64,
    pub scope: String,
    /// Id of the project.
    pub project: String,
    /// Whom the client is in it.
    pub profile: Option<String>,
}

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
        let passwords = password::Pool::start(&settings)?;
        let guard = guard::Guard::new(&settings, &seal);
        let issuer = config.public_url.clone();
        let (outgoing, replays) = (Outgoing::new(&config.oauth.hosts), Replays::default());
        Ok(Arc::new(Self {
            engine,
            issuer,
            keys,
            sessions,
            mail,
            settings,
            passwords,
            seal,
            guard,
            outgoing,
            dns: config.dns,
            replays,
        }))
    }

    /// The actor of a token seen before; the path of nearly every request.
    pub fn known(&self, token: &str) -> Option<Arc<Actor>> {
        self.sessions.get(token)
    }

    /// The actor of a token, proved from the signature up; or of a client's key.
    pub async fn authenticate(&self, token: &str) -> Result<Arc<Actor>> {
        if let Some((id, secret)) = of_api_key(token) {
            return self.authenticate_basic(id, secret).await;
        }
        let seen = self.sessions.mark();
        self.keys.refresh().await?;
        let claims = self.keys.verify(token, &self.issuer)?;
        let ended = || unauthenticated("this session has ended");
        let project = self.engine.store.project_number(&claims.project)?.ok_or_else(ended)?;
        let login = client::session(&self.engine, project, &claims.login_id).await?.ok_or_else(ended)?;
        let person = login
            .pointer("/user/reference")
            .and_then(Value::as_str)
            .is_some_and(|user| user.starts_with("User/"));
        if person && !client::admits(&self.engine, project, &login).await? {
            return Err(ended());
        }
        let actor = match person {
            true => member::actor(&self.engine, project, &login).await?,
            false => client::actor(&self.engine, project, &claims.client_id).await?,
        };
        let mut actor = Actor { login: Some(claims.login_id.clone()), ..actor.ok_or_else(ended)? };
        let scopes = scope::parse(&claims.scope).map_err(|_| ended())?;
        let patient = scope::patient(&self.engine, &actor, &login).await?;
        if let Some(layer) = scope::layer(&scopes, patient.as_deref()) {
            actor.policy = Some(Arc::new(Policy::narrowed(actor.policy.as_deref(), layer)));
        }
        let actor = Arc::new(actor);
        self.sessions.put(token, &actor, claims.exp, seen);
        Ok(actor)
    }

    /// What whoever set something up in a project is by now, without a token of his; nothing if he may not act any more.
    pub async fn standing(&self, reference: &str, project: i32) -> Result<Option<Actor>> {
        match reference.starts_with("User/") {
            true => member::standing(&self.engine, reference, project).await,
            false => client::standing(&self.engine, reference, project).await,
        }
    }

    /// The id of the project whose pool the users of a project are of.
    pub async fn pool(&self, project: &str) -> Result<String> {
        Ok(pool::root(&self.engine, project).await?.id)
    }

    /// How many passwords were hashed since the start: the work that would tell who has an account, if it differed.
    pub fn hashed(&self) -> u64 {
        self.passwords.taken()
    }

    /// The public keys (<https://www.rfc-editor.org/rfc/rfc7517#section-5>).
    pub async fn jwks(&self) -> Result<Value> {
        self.keys.refresh().await?;
        Ok(self.keys.public())
    }

    /// Makes the key that signs from now on; older ones verify until nothing depends on them. Gives its id.
    pub async fn rotate(&self) -> Result<String> {
        self.keys.rotate().await
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

/// An id that one and the same text always has: so that of two records for it there is only one.
fn named_id(text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(text).into();
    let (head, _) = digest.split_at(16);
    Builder::from_random_bytes(head.try_into().unwrap_or_default()).into_uuid().to_string()
}

/// New recovery codes, and what to keep of them.
fn recovery_codes() -> Result<(Vec<String>, Secret)> {
    let (codes, kept) = factor::recovery::fresh()?;
    Ok((codes, Secret::set(account::RECOVERY, kept)))
}
