//! As which member somebody signs in, and with how much of the scope.

use super::Step;
use super::draft::Draft;
use crate::error::{Result, malformed};
use crate::identity::Identity;
use crate::identity::member::Membership;
use crate::identity::scope::part;

impl Identity {
    /// Settles on a membership.
    pub async fn choose(&self, login: &str, membership: &str) -> Result<Step> {
        let mut draft = Draft::open(&self.engine, login).await?;
        let account = draft.account(&self.engine).await?;
        if draft.reference("membership").is_some() {
            let text = "this sign-in has settled on a membership already";
            return Err(malformed(text).coded("business-rule").at("profile"));
        }
        let none =
            || malformed("this is none of the memberships to choose from").coded("not-found").at("profile");
        // Whether a factor is still due is told first: a membership tells where somebody works.
        if let Some(step) = self.due(&draft, &account).await? {
            return Ok(step);
        }
        let candidates = self.candidates(&draft).await?;
        let chosen = candidates.iter().find(|one| one.row.id == membership).ok_or_else(none)?;
        let project = self.engine.store.project_id(chosen.row.project)?;
        draft.settle(&project, chosen);
        self.finish(draft, account).await
    }

    /// Settles on less of the scope than was asked for.
    pub async fn narrow(&self, login: &str, scope: &str) -> Result<Step> {
        let mut draft = Draft::open(&self.engine, login).await?;
        let account = draft.account(&self.engine).await?;
        if draft.reference("membership").is_none() {
            return Err(malformed("a membership is to be chosen first").coded("business-rule").at("login"));
        }
        let none = || malformed("this is no part of the scope that was asked for").coded("value").at("scope");
        let wanted = part(draft.text("scope").unwrap_or_default(), scope)?.ok_or_else(none)?;
        draft.set("scope", wanted);
        self.finish(draft, account).await
    }

    /// Settles on a membership that was just made, of a sign-in that had none.
    pub(in crate::identity) async fn join(&self, login: &str, membership: &Membership) -> Result<Step> {
        let mut draft = Draft::open(&self.engine, login).await?;
        let account = draft.account(&self.engine).await?;
        let project = self.engine.store.project_id(membership.row.project)?;
        draft.settle(&project, membership);
        self.finish(draft, account).await
    }
}
