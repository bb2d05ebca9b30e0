//! What is known of users by their sign-ins. It is read off the Logins and kept nowhere else, so that to sign in makes no
//! new version of a User.

use std::collections::HashMap;

use serde_json::Value;

use super::Identity;
use super::account::parsed;
use crate::error::{Result, fault};
use crate::repo::Repo;
use crate::search::{Facet, Key, qualifier};
use crate::store::{Reference, Referring, Row};

/// The sign-ins of a user to the project of whoever asks and to those below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIns {
    pub count: i64,
    pub first: SignedIn,
    pub last: SignedIn,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Milliseconds since 1970.
    pub at: i64,
    /// Id of the project.
    pub project: String,
    /// As `Login.authMethod` has it.
    pub method: String,
    /// Browser or program.
    pub agent: Option<String>,
    number: i64,
}

impl Identity {
    /// By the ids of those users who signed in at all.
    pub async fn sign_ins(&self, repo: &Repo, users: &[String]) -> Result<HashMap<String, SignIns>> {
        let project = repo.actor().project;
        let logins = self.engine.definitions();
        let key = |name: &str| -> Result<Key> {
            let param = logins.resources.get("Login").and_then(|kind| kind.params.get(name));
            let slot = param.ok_or_else(|| fault(format!("Login has no parameter {name}")))?.slot;
            Ok(Key { slot, facet: Facet::Value })
        };
        let (user, granted) = (key("user")?, key("granted")?);
        let users = users.to_vec();
        let look = move |store: &crate::store::Store| {
            let reference = Reference { key: user, qualifier: qualifier("User"), only: (granted, "true") };
            let mut found = Vec::new();
            for project in store.descent(project)? {
                found.extend(store.first_and_last(project, reference, &users)?);
            }
            Ok(found)
        };
        let mut told: HashMap<String, SignIns> = HashMap::new();
        for Referring { id, count, first, last } in self.engine.store.offload(look).await? {
            let these = SignIns { count, first: self.signed_in(&first)?, last: self.signed_in(&last)? };
            told.entry(id).and_modify(|known| known.add(&these)).or_insert(these);
        }
        Ok(told)
    }

    fn signed_in(&self, login: &Row) -> Result<SignedIn> {
        let body = parsed(login)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let at = text("authTime").and_then(|at| chrono::DateTime::parse_from_rfc3339(at).ok());
        Ok(SignedIn {
            at: at.map_or(login.updated, |at| at.timestamp_millis()),
            project: self.engine.store.project_id(login.project)?,
            method: text("authMethod").unwrap_or_default().to_owned(),
            agent: text("userAgent").map(str::to_owned),
            number: login.rid,
        })
    }
}

impl SignIns {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        if (other.first.at, other.first.number) < (self.first.at, self.first.number) {
            self.first = other.first.clone();
        }
        if (other.last.at, other.last.number) > (self.last.at, self.last.number) {
            self.last = other.last.clone();
        }
    }
}
