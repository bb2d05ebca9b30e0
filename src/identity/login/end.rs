//! The end of a session, and which ones there are.

use chrono::Utc;
use serde_json::{Value, json};

use super::draft::{Draft, now};
use crate::error::{Result, not_found};
use crate::identity::account::{Account, parsed, within};
use crate::identity::member::{began, moment};
use crate::identity::{Identity, system};
use crate::repo::{Actor, Rank};

/// A session that stands.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: String,
    pub login: Value,
}

/// Sessions of a user that are listed.
const MOST: &str = "200";

impl Identity {
    /// Ends a session; one that has ended already stays so.
    pub async fn end(&self, login: &str) -> Result<()> {
        match Draft::read(&self.engine, login).await? {
            Some(mut draft) => self.end_draft(&mut draft).await,
            None => Ok(()),
        }
    }

    /// Ends a session of the actor's, or of a user of his project if he is its admin.
    pub async fn end_as(&self, actor: &Actor, login: &str) -> Result<()> {
        let absent = || not_found(format!("there is no Login/{login}")).at("loginId");
        let mut draft = Draft::read(&self.engine, login).await?.ok_or_else(absent)?;
        let own = draft.reference("user") == Some(&actor.reference);
        let ruled = match actor.rank {
            Rank::System | Rank::SuperAdmin => true,
            Rank::ProjectAdmin => draft.stored_in() == Some(actor.project),
            Rank::Member => false,
        };
        if !own && !ruled {
            return Err(absent());
        }
        self.end_draft(&mut draft).await
    }

    pub(super) async fn end_draft(&self, draft: &mut Draft) -> Result<()> {
        for _ in 0..crate::identity::account::ATTEMPTS {
            if draft.is("revoked") {
                break;
            }
            draft.set("revoked", true);
            draft.set("endedAt", now());
            draft.record("logout");
            match draft.save(&self.engine).await {
                Ok(()) => break,
                Err(error) if error.kind == crate::error::Kind::Conflict => {
                    match Draft::read(&self.engine, &draft.id).await? {
                        Some(fresh) => *draft = fresh,
                        None => break,
                    }
                }
                Err(error) => return Err(error),
            }
        }
        self.sessions.forget_all();
        Ok(())
    }

    /// The sessions of a user that stand, newest first.
    pub async fn sessions_of(&self, user: &str) -> Result<Vec<Session>> {
        let Some(account) = Account::read(&self.engine, user.trim_start_matches("User/")).await? else {
            return Ok(Vec::new());
        };
        let reference = account.reference();
        let asked =
            [("user", reference.as_str()), ("granted", "true"), ("_sort", "-auth-time"), ("_count", MOST)];
        let asked = asked.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let found = system(&self.engine).search("Login", &asked, false).await?;
        let at = Utc::now().timestamp_millis();
        let mut sessions = Vec::new();
        for row in found.rows {
            let login = parsed(&row)?;
            let over = login.get("revoked") == Some(&Value::Bool(true))
                || login.get("endedAt").is_some()
                || began(&login) < account.sessions_since()
                || moment(&login, "expiresAt").is_some_and(|ends| at >= ends);
            if !over {
                sessions.push(Session { id: row.id.clone(), login });
            }
        }
        Ok(sessions)
    }
}

/// Sessions of a project that are looked at.
const LATEST: &str = "1000";

impl Identity {
    /// The sessions of a project that stand, newest first: of one user, or of all, as far as the latest thousand of
    /// sign-ins goes.
    pub async fn sessions_in(&self, project: i32, user: Option<&str>) -> Result<Vec<Session>> {
        let asked =
            [("granted", "true"), ("revoked:not", "true"), ("_sort", "-auth-time"), ("_count", LATEST)];
        let mut asked = asked.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        if let Some(user) = user {
            asked.push(("user".to_owned(), format!("User/{user}")));
        }
        let found = within(&self.engine, project).search("Login", &asked, false).await?;
        let mut standing: std::collections::HashMap<String, Vec<Session>> = Default::default();
        let mut sessions = Vec::new();
        for row in found.rows {
            let login = parsed(&row)?;
            let Some(user) = login.pointer("/user/reference").and_then(Value::as_str) else { continue };
            if !user.starts_with("User/") {
                continue;
            }
            if !standing.contains_key(user) {
                standing.insert(user.to_owned(), self.sessions_of(user).await?);
            }
            sessions.extend(standing[user].iter().find(|one| one.id == row.id).cloned());
        }
        Ok(sessions)
    }
}

impl Session {
    /// As its owner is told of it.
    pub fn shown(&self) -> Value {
        let mut shown = json!({ "id": self.id });
        let copies =
            [("authTime", "lastUpdated"), ("authMethod", "authMethod"), ("remoteAddress", "remoteAddress")];
        for (from, to) in copies {
            if let Some(value) = self.login.get(from) {
                shown[to] = value.clone();
            }
        }
        if let Some(rotated) = self.login.get("refreshSecretRotatedAt") {
            shown["lastUpdated"] = rotated.clone();
        }
        let agent = self.login.get("userAgent").and_then(Value::as_str).unwrap_or_default();
        if let Some(browser) = named(
            agent,
            &[
                ("Edg/", "Edge"),
                ("OPR/", "Opera"),
                ("Firefox/", "Firefox"),
                ("Chrome/", "Chrome"),
                ("Safari/", "Safari"),
            ],
        ) {
            shown["browser"] = Value::from(browser);
        }
        if let Some(system) = named(
            agent,
            &[
                ("Windows", "Windows"),
                ("Android", "Android"),
                ("iPhone", "iOS"),
                ("iPad", "iOS"),
                ("Mac OS X", "macOS"),
                ("Linux", "Linux"),
            ],
        ) {
            shown["os"] = Value::from(system);
        }
        shown
    }
}

fn named(agent: &str, marks: &[(&str, &'static str)]) -> Option<&'static str> {
    marks.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
}
