//! What the server itself writes to a resource, secrets included: a new version, or the same one amended.

use serde_json::Value;

use super::plan::Plan;
use super::policy::Interaction;
use super::{Outcome, Repo, Written};
use crate::error::{Result, forbidden};
use crate::resource;
use crate::store::{Row, Secret};

/// Whether what is kept is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retain {
    /// A new version, of which subscribers and the history hear.
    Version,
    /// The same version: what happened to a record is no change of what it is about.
    Amended,
}

impl Repo {
    /// Puts `body` and `secrets` in the place of `old`; nothing where others wrote since it was read.
    pub async fn retain(
        &self,
        kind: &str,
        old: &Row,
        body: Value,
        secrets: Vec<Secret>,
        how: Retain,
    ) -> Result<Option<Written>> {
        let resource = self.may(Interaction::Update, kind)?;
        if !self.actor.is_boundless() {
            return Err(forbidden("only the server keeps this"));
        }
        let before: Value = resource::parse(old.body.as_bytes())?;
        let mut change = match how {
            Retain::Version => {
                let checked = self.lawful(resource, body, Some(&before), old.project)?;
                self.change(resource, (old.project, &old.id), checked, Some(old), Some(&before))?
            }
            Retain::Amended => {
                let mut body = body;
                let taken = resource::take_secrets(&self.definitions, &resource.structure, &mut body);
                let mut change = self.amendment(resource, old, &before, &body)?;
                change.secrets = taken
                    .into_iter()
                    .map(|(path, value)| {
                        Secret::set(path.split_once('.').map_or(path.as_str(), |(_, name)| name), value)
                    })
                    .collect();
                change
            }
        };
        change.secrets.extend(secrets);
        self.carry_out(Plan::write(resource, change, Outcome::Updated), None).await
    }
}
