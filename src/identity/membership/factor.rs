//! A member has lost his second factor: his admin takes it away. That ends his sessions, and he is told.

use super::Identity;
use crate::error::Result;
use crate::repo::Repo;
use crate::repo::audit::Audit;

impl Identity {
    pub async fn reset_factor(
        &self,
        repo: &Repo,
        project: &str,
        id: &str,
        method: &str,
        audit: Audit,
    ) -> Result<()> {
        let member = self.member(project, id).await?;
        let user = self.user_of(repo, &member).await?;
        self.drop_factor(&user.id, method).await?;
        let audit = audit.project(member.project).entity(format!("User/{}", user.id));
        super::super::acting::in_name_of(repo).record(audit).await
    }
}
