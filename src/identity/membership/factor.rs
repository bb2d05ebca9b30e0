//! A member has lost his second factor: his admin takes it away. That ends his sessions, and he is told.

use super::super::access::Factors;
use super::super::acting::in_name_of;
use super::super::own::no_factor;
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
        let audit = audit.project(member.project).entity(format!("User/{}", user.id));
        let own = in_name_of(repo).audited(audit);
        match self.take_factors(&own, &user.id, Factors::One(method)).await? {
            0 => Err(no_factor()),
            _ => Ok(()),
        }
    }

    /// Takes all second factors of a user away, and his passkeys. Gives how many there were.
    pub async fn drop_factors(&self, repo: &Repo, user: &str) -> Result<usize> {
        self.take_factors(repo, user, Factors::All).await
    }
}
