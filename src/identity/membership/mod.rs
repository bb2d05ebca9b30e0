//! What is done to a member of a project, by its admin.

mod factor;
mod password;
mod remove;

pub(in crate::identity) use password::called;

use std::sync::Arc;

use serde_json::Value;

use super::Identity;
use super::acting::{body, target, within};
use crate::error::{Result, malformed};
use crate::repo::{Repo, absent};
use crate::store::Row;

/// A membership, and the user whose it is; a client has none.
struct Member {
    project: i32,
    body: Value,
}

impl Identity {
    /// The membership, if it is of this project.
    async fn member(&self, project: &str, id: &str) -> Result<Member> {
        let missing = || absent("ProjectMembership", id);
        let number = self.engine.store.project_number(project)?.ok_or_else(missing)?;
        let found = within(&self.engine, number, "ProjectMembership", &[("_id", id)]).await?.pop();
        let membership = found.ok_or_else(missing)?;
        Ok(Member { project: number, body: body(&membership)? })
    }

    /// The user of a member, wherever his pool is.
    async fn user_of(&self, repo: &Repo, member: &Member) -> Result<Arc<Row>> {
        let Some(id) = target(&member.body, "user", "User") else {
            return Err(malformed("this member is no user").coded("business-rule"));
        };
        super::acting::in_name_of(repo).read("User", id).await
    }
}
