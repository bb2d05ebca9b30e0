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

impl Identity {
    /// Takes all second factors of a user away. Gives how many there were.
    pub async fn drop_factors(&self, user: &str) -> Result<usize> {
        let methods = self.account(user).await?.methods();
        for method in &methods {
            self.drop_factor(user, method).await?;
        }
        Ok(methods.len())
    }
}
