//! What people change of their own record, whatever rights they have to others': names, time zone and the like. Another
//! e-mail takes a sign-in of a moment ago, and is to be proved again.

use std::sync::Arc;

use serde_json::Value;

use super::super::Identity;
use super::super::access::person;
use super::super::acting::{body, in_name_of};
use super::super::login::Origin;
use crate::error::{Kind, Result, busy, forbidden};
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};
use crate::store::Row;

const ATTEMPTS: usize = 8;
/// What nobody says of himself.
const GIVEN: [&str; 12] = [
    "active",
    "admin",
    "emailVerified",
    "externalId",
    "id",
    "mfaEnrolled",
    "mfaMethod",
    "mfaRequired",
    "mfaSecret",
    "passwordHash",
    "project",
    "resourceType",
];

impl Identity {
    /// The whole record of whoever holds the repo, wherever his pool is.
    pub async fn own_record(&self, repo: &Repo) -> Result<Arc<Row>> {
        in_name_of(repo).read("User", person(repo.actor())?).await
    }

    /// Puts `change` to the record of whoever holds the repo; again, where others were faster.
    pub async fn change_own(
        &self,
        repo: &Repo,
        audit: Audit,
        origin: &Origin,
        change: impl Fn(&mut Value) -> Result<()>,
    ) -> Result<Arc<Row>> {
        let id = person(repo.actor())?;
        if repo.actor().policy.as_ref().is_some_and(|policy| policy.takes_away()) {
            return Err(forbidden("this token was given for less than that"));
        }
        let own = in_name_of(repo).audited(Audit { act: Act::Update, ..audit });
        for _ in 0..ATTEMPTS {
            let row = own.read("User", id).await?;
            let before = body(&row)?;
            let mut next = before.clone();
            change(&mut next)?;
            if let Some(name) = GIVEN.iter().find(|name| next.get(**name) != before.get(**name)) {
                return Err(forbidden("nobody changes this of himself").at(format!("User.{name}")));
            }
            if next.get("email") != before.get("email") {
                self.fresh(repo.actor(), None, origin).await?;
                next["emailVerified"] = Value::Bool(false);
            }
            match own.update("User", id, next, Some(row.version)).await {
                Ok(written) => return Ok(written.row),
                Err(error) if error.kind == Kind::Precondition => {}
                Err(error) => return Err(error),
            }
        }
        Err(busy("this user is changed by many at once; try again"))
    }
}
