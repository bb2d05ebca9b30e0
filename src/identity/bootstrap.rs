//! The first start: a project that rules all others, an administrator and a client in it.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{password, system};
use crate::error::{Kind, Result, fault, invalid};
use crate::repo::{Engine, SERVER_PROJECT};

/// Fixed, so that of two nodes that start together only one can make it.
const PROJECT: &str = SERVER_PROJECT;

/// What the environment says of the first administrator.
#[derive(Default, Clone)]
pub struct Bootstrap {
    pub email: Option<String>,
    pub password: Option<String>,
    pub client_id: Option<String>,
    pub client_secret: Option<String>,
}

impl Bootstrap {
    /// From `ROSTER_BOOTSTRAP_EMAIL`, `_PASSWORD`, `_CLIENT_ID` and `_CLIENT_SECRET`.
    pub fn from_environment() -> Self {
        let read =
            |name: &str| std::env::var(format!("ROSTER_BOOTSTRAP_{name}")).ok().filter(|v| !v.is_empty());
        Self {
            email: read("EMAIL"),
            password: read("PASSWORD"),
            client_id: read("CLIENT_ID"),
            client_secret: read("CLIENT_SECRET"),
        }
    }

    fn is_complete(&self) -> bool {
        self.email.is_some()
            && self.password.is_some()
            && self.client_id.is_some()
            && self.client_secret.is_some()
    }
}

/// What was made up and must be shown, once.
pub struct Announcement {
    pub email: String,
    pub password: String,
    pub client_id: String,
    pub client_secret: String,
}

impl fmt::Debug for Announcement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Announcement({})", self.email)
    }
}

/// Makes the first administrator on an empty database. Gives what the operator has to be told.
pub async fn bootstrap(engine: &Arc<Engine>, given: Bootstrap, cost: u32) -> Result<Option<Announcement>> {
    if engine.store.project_number(PROJECT)?.is_some()
        && system(engine).read("Project", PROJECT).await.is_ok()
    {
        return Ok(None);
    }
    let silent = given.is_complete();
    let made = Announcement {
        email: given.email.unwrap_or_else(|| "admin@example.com".to_owned()),
        password: given.password.unwrap_or_else(random),
        client_id: given.client_id.unwrap_or_else(|| Uuid::new_v4().to_string()),
        client_secret: given.client_secret.unwrap_or_else(random),
    };
    if Uuid::parse_str(&made.client_id).is_err() {
        return Err(invalid("ROSTER_BOOTSTRAP_CLIENT_ID is no UUID"));
    }
    let password = made.password.clone();
    let hash =
        tokio::task::spawn_blocking(move || password::hash(&password, cost)).await.map_err(fault)??;
    engine.store.number_project(PROJECT)?;
    match system(engine).import(resources(&made, &hash)).await {
        Ok(_) => Ok((!silent).then_some(made)),
        // Another node was first.
        Err(error) if error.kind == Kind::Conflict => Ok(None),
        Err(error) => Err(error),
    }
}

fn resources<'r>(made: &Announcement, hash: &str) -> Vec<(&'r str, Value)> {
    let (user, profile) = (Uuid::now_v7(), Uuid::now_v7());
    let client = format!("ClientApplication/{}", made.client_id.to_lowercase());
    let meta = json!({ "project": PROJECT });
    let project = json!({ "reference": format!("Project/{PROJECT}") });
    let membership = |user: &str, profile: &str| {
        json!({
            "resourceType": "ProjectMembership",
            "project": project,
            "user": { "reference": user },
            "profile": { "reference": profile },
            "active": true,
            "admin": true,
        })
    };
    vec![
        (
            "Project",
            json!({ "resourceType": "Project", "id": PROJECT, "name": "Super Admin", "superAdmin": true, "active": true }),
        ),
        (
            "User",
            json!({
                "resourceType": "User",
                "id": user.to_string(),
                "active": true,
                "firstName": "First",
                "lastName": "Administrator",
                "email": made.email,
                "emailVerified": true,
                "passwordHash": hash,
            }),
        ),
        (
            "Practitioner",
            json!({
                "resourceType": "Practitioner",
                "id": profile.to_string(),
                "meta": meta,
                "name": [{ "given": ["First"], "family": "Administrator" }],
            }),
        ),
        (
            "ClientApplication",
            json!({
                "resourceType": "ClientApplication",
                "id": made.client_id.to_lowercase(),
                "meta": meta,
                "status": "active",
                "name": "First client",
                "secret": made.client_secret,
            }),
        ),
        ("ProjectMembership", membership(&format!("User/{user}"), &format!("Practitioner/{profile}"))),
        ("ProjectMembership", membership(&client, &client)),
    ]
}

/// 192 bits.
fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>())
}
