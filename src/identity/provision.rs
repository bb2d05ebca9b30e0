//! People whom a directory elsewhere keeps (<https://www.rfc-editor.org/rfc/rfc7644>): made, changed and taken away in
//! the name of an admin, user and membership together. Whoever is put to sleep is signed out at once, and stays so when
//! he is woken.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::Identity;
use super::account::{ATTEMPTS, Account};
use super::acting::{self, body, in_name_of, next, reason, target, text};
use crate::error::{Result, busy, forbidden};
use crate::repo::access::by_default;
use crate::repo::audit::{Act, Audit};
use crate::repo::bundle::{Action, Entry, Target};
use crate::repo::{Repo, SESSIONS_SINCE};
use crate::store::{Row, Secret};

/// What somebody is to be.
pub struct Provision {
    pub id: String,
    pub user: Value,
    /// What he is until now.
    pub old: Option<Arc<Row>>,
    /// Memberships that change.
    pub memberships: Vec<(Arc<Row>, Value)>,
    /// The membership that he is given.
    pub join: Option<Value>,
    pub password: Option<String>,
    /// He may not enter any more.
    pub ends: bool,
}

/// Memberships of one user that are looked at.
const MOST: &str = "100";

impl Identity {
    /// Writes a user of the project's own database, and his membership.
    pub async fn provision(&self, repo: &Repo, asked: Provision, audit: Audit) -> Result<()> {
        let (own, home) = self.director(repo).await?;
        if asked.ends {
            stays(repo, &home, &asked.id)?;
            self.sign_out(&asked.id).await?;
        }
        let Provision { id, mut user, old, memberships, join, password, .. } = asked;
        if let Some(password) = password {
            let mut words: Vec<&str> = ["email", "firstName", "lastName", "displayName"]
                .iter()
                .filter_map(|name| text(&user, name))
                .collect();
            words.extend(text(&home, "name"));
            let hash = self.new_password(&password, &words, "password").await?;
            user["passwordHash"] = Value::from(hash);
        }
        let mut entries = vec![match &old {
            Some(old) => next("User", old, user),
            None => acting::new("User", &id, user),
        }];
        entries.extend(memberships.iter().map(|(old, body)| next("ProjectMembership", old, body.clone())));
        if let Some(mut membership) = join {
            membership["resourceType"] = Value::from("ProjectMembership");
            membership["project"] = json!({ "reference": format!("Project/{}", repo.actor().project_id) });
            membership["user"] = json!({ "reference": format!("User/{id}") });
            if repo.actor().reference.contains('/') {
                membership["invitedBy"] = json!({ "reference": repo.actor().reference });
            }
            if let Some(membership) = membership.as_object_mut() {
                by_default(&home, "Practitioner", membership);
            }
            entries.push(acting::new("ProjectMembership", &Uuid::now_v7().to_string(), membership));
        }
        own.audited(audit.project(repo.actor().project)).transaction(entries).await.map(drop).map_err(reason)
    }

    /// Takes a user away, his memberships with him. `groups` are those that he is in, without him.
    pub async fn deprovision(
        &self,
        repo: &Repo,
        user: &Arc<Row>,
        groups: Vec<(Arc<Row>, Value)>,
        audit: Audit,
    ) -> Result<()> {
        let (own, home) = self.director(repo).await?;
        stays(repo, &home, &user.id)?;
        let asked = [("user", format!("User/{}", user.id)), ("_count", MOST.to_owned())];
        let asked = asked.map(|(name, value)| (name.to_owned(), value));
        let memberships = own.search("ProjectMembership", &asked, false).await?.rows;
        let mut entries = vec![gone("User", user)];
        entries.extend(memberships.iter().map(|row| gone("ProjectMembership", row)));
        entries.extend(groups.iter().map(|(old, body)| next("Group", old, body.clone())));
        let audit = Audit { act: Act::Delete, ..audit.project(repo.actor().project) };
        own.audited(audit).transaction(entries).await.map(drop).map_err(reason)
    }

    /// The server in the name of an admin, and his project.
    async fn director(&self, repo: &Repo) -> Result<(Repo, Value)> {
        if !repo.actor().administers() {
            return Err(forbidden("this is for the admin of the project"));
        }
        let own = in_name_of(repo);
        let home = body(&*own.read("Project", &repo.actor().project_id).await?)?;
        Ok((own, home))
    }

    /// Ends all sessions of a user; those that he begins later stand.
    pub async fn sign_out(&self, user: &str) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let Some(account) = Account::read(&self.engine, user).await? else { return Ok(()) };
            let now = chrono::Utc::now().timestamp_millis().to_string();
            if account.keep(&self.engine, vec![Secret::set(SESSIONS_SINCE, now)]).await?.is_some() {
                self.sessions.forget_all();
                return Ok(());
            }
        }
        Err(busy("this account is changed by many at once; try again"))
    }
}

/// Fails for whom a directory may not lock out.
fn stays(repo: &Repo, home: &Value, user: &str) -> Result<()> {
    if target(home, "owner", "User") == Some(user) {
        return Err(forbidden("the owner of the project is not taken out of it"));
    }
    if repo.actor().reference.strip_prefix("User/") == Some(user) {
        return Err(forbidden("nobody takes himself out"));
    }
    Ok(())
}

/// The end of a resource.
fn gone(kind: &str, old: &Row) -> Entry {
    let target = Target::Id(old.id.clone());
    let action = Action::Delete { kind: kind.to_owned(), target, if_match: Some(old.version) };
    Entry { full_url: None, action }
}
