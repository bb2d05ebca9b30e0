//! A member is removed, and all that goes with his membership.

use super::super::acting::in_name_of;
use super::Identity;
use crate::error::Result;
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};

impl Identity {
    pub async fn remove_member(&self, repo: &Repo, project: &str, id: &str, audit: Audit) -> Result<()> {
        self.member(project, id).await?;
        let own = in_name_of(repo).audited(Audit { act: Act::Delete, ..audit });
        own.delete("ProjectMembership", id, None).await.map(drop)
    }
}
