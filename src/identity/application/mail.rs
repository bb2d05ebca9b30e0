//! What an application's codes and tokens are mailed by, and where their links lead.

use super::{CodeKind, Coded};
use crate::error::Result;
use crate::identity::{Identity, Template, Values};
use crate::repo::Repo;

impl Identity {
    /// Where the token of a link leads: to the server's page for a password, to the application's for an invitation.
    pub fn link_of(&self, kind: CodeKind, coded: &Coded) -> String {
        let base = &self.mail.settings().app_url;
        match kind {
            CodeKind::Invite => format!("{base}/invitation?invitation_token={}", Self::token_of(coded)),
            _ => format!("{base}/setpassword/{}/{}", coded.id, coded.secret),
        }
    }

    /// Mails a code or a link to the address that it is for.
    pub async fn mail_coded(&self, repo: &Repo, kind: CodeKind, coded: &Coded) -> Result<()> {
        let Some(email) = coded.text("email") else { return Ok(()) };
        let seconds = super::super::member::moment(&coded.body, "expiresAt").unwrap_or_default()
            - chrono::Utc::now().timestamp_millis();
        let lifetime = u32::try_from(seconds.max(1000) / 1000).unwrap_or_default();
        let values = Values::of(email).within(lifetime);
        let (template, values) = match kind {
            CodeKind::Invite => (Template::Invite, values.with("link", self.link_of(kind, coded))),
            CodeKind::Reset => (Template::Reset, values.with("link", self.link_of(kind, coded))),
            _ => (Template::Code, values.with("code", coded.secret.clone())),
        };
        self.send(Some(&repo.actor().project_id), template, email, values).await
    }

    /// One more mail to an address.
    pub fn allow_mail(&self, what: &'static str, whose: &str) -> Result<()> {
        self.guard.take(what, whose, self.settings.code_rate, 60)
    }
}
