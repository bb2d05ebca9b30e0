//! `$rotate-secret`: a client gets another secret, and the one until now goes on for as long as the change takes.

use serde_json::Value;

use super::super::Identity;
use super::super::acting::{body, in_name_of};
use crate::error::{Result, busy, forbidden};
use crate::repo::audit::{Act, Audit};
use crate::repo::{Repo, Retain};
use crate::resource::secret;
use crate::store::Secret;

const ATTEMPTS: usize = 8;
const SECRET: &str = "secret";
const RETIRING: &str = "retiringSecret";

impl Identity {
    /// Gives the client, and its new secret, which nobody can read again. With `finish` there is none: the secret that
    /// was retiring ends.
    pub async fn rotate_secret(
        &self,
        repo: &Repo,
        id: &str,
        finish: bool,
        audit: Audit,
    ) -> Result<(Value, Option<String>)> {
        if !repo.actor().administers() {
            return Err(forbidden("this is for the admin of the project"));
        }
        let own = in_name_of(repo).audited(Audit { act: Act::Update, ..audit });
        for _ in 0..ATTEMPTS {
            let row = repo.read("ClientApplication", id).await?;
            let kept = self.engine.store.secrets(row.project, row.rid)?;
            let until_now = kept.into_iter().find(|(name, _)| name == SECRET).map(|(_, value)| value);
            let fresh = super::create::random();
            let secrets = match (finish, until_now) {
                (true, _) => vec![Secret::forget(RETIRING)],
                (false, None) => vec![Secret::set(SECRET, secret::digest(&fresh)?)],
                (false, Some(old)) => vec![
                    Secret::set(SECRET, secret::digest(&fresh)?).instead_of(Some(&old)),
                    Secret::set(RETIRING, old),
                ],
            };
            if let Some(written) =
                own.retain("ClientApplication", &row, body(&row)?, secrets, Retain::Version).await?
            {
                return Ok((body(&written.row)?, (!finish).then_some(fresh)));
            }
        }
        Err(busy("this client is changed by many at once; try again"))
    }
}
