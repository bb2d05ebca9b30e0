//! Users are made, changed and removed by the admin of their pool, passwords included: what he may do, but not write
//! himself.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::acting::{self, ATTEMPTS, expect, gone, in_name_of, reason};
use super::super::{Identity, application, organization};
use super::administered;
use crate::error::{Error, Kind, Result, busy, fault, forbidden};
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};
use crate::repo::bundle::Done;
use crate::store::Row;

/// Memberships of one user in his own project that are looked at.
const MOST: &str = "100";

impl Identity {
    /// Makes a user of the pool of the admin who holds the repo. `passwordHash` of the body is what is kept of a password. A `member` may sign in to the project itself.
    pub async fn create_user(
        &self,
        repo: &Repo,
        mut body: Value,
        member: bool,
        audit: Audit,
    ) -> Result<Arc<Row>> {
        if !repo.actor().administers() || repo.actor().is_boundless() {
            return Err(forbidden("this is for the admin of the project"));
        }
        body["resourceType"] = Value::from("User");
        body["project"] = json!({ "reference": format!("Project/{}", repo.actor().project_id) });
        let own = in_name_of(repo).audited(Audit { act: Act::Create, ..audit }.project(repo.actor().project));
        let id = Uuid::now_v7().to_string();
        let mut entries = vec![acting::new("User", &id, body)];
        if member {
            let (user, project) = (format!("User/{id}"), format!("Project/{}", repo.actor().project_id));
            let membership = application::home(&user, &project);
            entries.push(acting::new("ProjectMembership", &Uuid::now_v7().to_string(), membership));
        }
        written(own.transaction(entries).await.map_err(reason)?)
    }

    /// Changes a user of his pool. `change` may be asked again, where others were faster.
    pub async fn change_user<E: From<Error>>(
        &self,
        repo: &Repo,
        id: &str,
        audit: Audit,
        change: impl Fn(&mut Value) -> Result<(), E>,
    ) -> Result<Arc<Row>, E> {
        let read = async || administered(repo, id).await;
        let audit = |row: &Row| Audit { act: Act::Update, ..audit.clone() }.project(row.project);
        acting::change(repo, "User", read, audit, change).await
    }

    /// Removes a user of his pool, and with him whatever he is a member of.
    pub async fn remove_user(&self, repo: &Repo, id: &str, audit: Audit) -> Result<()> {
        let reference = format!("User/{id}");
        for _ in 0..ATTEMPTS {
            let row = administered(repo, id).await?;
            let asked = [("user", reference.as_str()), ("_count", MOST)];
            let here = acting::within(&self.engine, row.project, "ProjectMembership", &asked).await?;
            let below = organization::memberships(&self.engine, row.project, id).await?;
            let mut entries = vec![gone("User", &row)];
            entries.extend(here.iter().map(|row| gone("ProjectMembership", row)));
            entries.extend(below.iter().map(|row| gone("ProjectMembership", row)));
            // Nobody makes him a member at the same moment.
            let ids: Vec<&str> = here.iter().chain(&below).map(|row| row.id.as_str()).collect();
            let asked = [("user", reference.as_str())];
            entries.push(expect("ProjectMembership", &asked, &ids, "the memberships have changed")?);
            let own =
                in_name_of(repo).audited(Audit { act: Act::Delete, ..audit.clone() }.project(row.project));
            match own.transaction(entries).await.map_err(reason) {
                Ok(_) => return Ok(()),
                Err(error) if matches!(error.kind, Kind::Conflict | Kind::Precondition) => {}
                Err(error) => return Err(error),
            }
        }
        Err(busy("this user is changed by many at once; try again"))
    }
}

pub(in crate::identity) fn written(done: Vec<Done>) -> Result<Arc<Row>> {
    match done.into_iter().next() {
        Some(Done::Written(written)) => Ok(written.row),
        _ => Err(fault("what was asked for was not written")),
    }
}
