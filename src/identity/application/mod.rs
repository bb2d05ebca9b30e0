//! Signing people in for an application that keeps the pages itself and shows its key: the project's own people, without
//! their having been made members first, and for one of its organizations.

mod code;
mod factor;
mod mail;
mod pending;
mod session;

pub use code::{Coded, Kind as CodeKind, Of, Tried};
pub use factor::{App, Seed};
pub use pending::Pending;

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::account::Account;
use super::acting::{self, expect, reason, target};
use super::login::{SignIn, Step};
use super::member::{self, living};
use super::{Client, Identity, system};
use crate::error::{Kind, Result, busy, malformed};
use crate::repo::{Actor, Rank, Repo};

const ATTEMPTS: usize = 8;

impl Identity {
    /// The project that a client signs people in to, as its admin sees it: for what the server does at its word.
    pub fn counter(&self, client: &Client, request: &str) -> Repo {
        let actor = Actor {
            project: client.project,
            project_id: client.project_id.clone(),
            reference: client.reference(),
            rank: Rank::ProjectAdmin,
            ..Actor::system()
        };
        self.engine.bind(Arc::new(actor), request)
    }

    /// Goes on with a sign-in as far as an application can: whoever is of the project's own pool is a member of it, and of
    /// several memberships the first is as good as any.
    pub async fn let_in(&self, repo: &Repo, step: Step) -> Result<Step> {
        match step {
            Step::Open { login } => {
                let unknown = || malformed("there is no such sign-in, or it is over").coded("not-found");
                let row = living(&self.engine, "Login", &login).await?.ok_or_else(unknown)?;
                let user = target(&acting::body(&row)?, "user", "User").unwrap_or_default().to_owned();
                let id = self.home_membership(repo, &user).await?;
                let membership = member::Membership::read(&self.engine, &id).await?;
                self.join(&login, &membership.ok_or_else(unknown)?).await
            }
            Step::Choose { login, memberships } => {
                let first = memberships.first().and_then(|one| one.get("id")).and_then(Value::as_str);
                self.choose(&login, first.unwrap_or_default()).await
            }
            step => Ok(step),
        }
    }

    /// Begins to sign in somebody whose first factor the application has seen proved.
    pub async fn sign_in_proved(&self, user: &str, method: &str, asked: &SignIn) -> Result<Step> {
        let place = self.place(asked).await?;
        let account = self.account(user).await?;
        self.start(account, method, asked, place).await
    }

    /// The membership of a user in the project of his pool, made if there is none. One that sleeps lets nobody in.
    pub(super) async fn home_membership(&self, repo: &Repo, user: &str) -> Result<String> {
        let refused = || malformed("this user may not sign in here").coded("login");
        let account = Account::read(&self.engine, user).await?.filter(Account::is_active);
        let account =
            account.filter(|account| account.row.project == repo.actor().project).ok_or_else(refused)?;
        let reference = account.reference();
        for _ in 0..ATTEMPTS {
            let asked = [("user", reference.as_str())];
            let known =
                acting::within(&self.engine, account.row.project, "ProjectMembership", &asked).await?;
            if !known.is_empty() {
                for row in known {
                    if acting::body(&row)?.get("active") != Some(&Value::Bool(false)) {
                        return Ok(row.id.clone());
                    }
                }
                return Err(refused());
            }
            let project = format!("Project/{}", repo.actor().project_id);
            let id = Uuid::now_v7().to_string();
            let asked = [("user", reference.as_str()), ("project", project.as_str())];
            let entries = vec![
                acting::new("ProjectMembership", &id, home(&reference, &project)),
                expect("ProjectMembership", &asked, &[], "there is a membership by now")?,
            ];
            match system(&self.engine).transaction(entries).await.map_err(reason) {
                Ok(_) => return Ok(id),
                Err(error) if matches!(error.kind, Kind::Conflict | Kind::Precondition) => {}
                Err(error) => return Err(error),
            }
        }
        Err(busy("this user is made a member by many at once; try again"))
    }

    /// Signs what is said of a session, for whoever checks it by the keys at `public_rsa`.
    pub async fn sign_session(&self, claims: &Value) -> Result<String> {
        self.keys.sign_rs256(claims).await
    }

    /// The public keys of such signatures.
    pub async fn session_keys(&self) -> Result<Value> {
        self.keys.public_rsa().await
    }

    /// The issuer that tokens name.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

/// A user of a pool as a member of its project, with the least there is.
pub(super) fn home(user: &str, project: &str) -> Value {
    json!({
        "resourceType": "ProjectMembership",
        "project": { "reference": project },
        "user": { "reference": user },
        "profile": { "reference": user },
        "active": true,
    })
}
