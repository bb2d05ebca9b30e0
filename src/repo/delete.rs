//! delete (<https://hl7.org/fhir/R4/http.html#delete>): a new version that is a marker; history stays.

use serde_json::Value;

use super::policy::Interaction;
use super::prepare::{Next, now, withdrawn};
use super::update::must_match;
use super::{Outcome, Repo};
use crate::error::{Result, busy, unsupported};
use crate::resource;
use crate::store::{Change, Refusal, Secret};

const ATTEMPTS: usize = 20;

impl Repo {
    /// The version of the marker; nothing where nothing was. With `if_match`, only from that version.
    pub async fn delete(&self, kind: &str, id: &str, if_match: Option<i64>) -> Result<Option<i64>> {
        let resource = self.may(Interaction::Delete, kind)?;
        if kind == "Project" {
            return Err(unsupported("a project is not deleted; set its active to false"));
        }
        for _ in 0..ATTEMPTS {
            let old = self.locate(kind, id).await?;
            must_match(kind, id, if_match, old.as_ref())?;
            let Some(old) = old else { return Ok(None) };
            if old.deleted {
                return Ok(Some(old.version));
            }
            let body: Value = resource::parse(old.body.as_bytes())?;
            let secrets = self.engine.store.secret_names(old.project, old.rid)?;
            let change = Change {
                project: old.project,
                kind: old.kind,
                id: old.id.clone(),
                replaces: Some((old.rid, old.version)),
                version: old.version + 1,
                updated: now().max(old.updated),
                deleted: true,
                body: "".into(),
                index: withdrawn(resource, &self.entries(resource, &body)?),
                secrets: secrets.into_iter().map(|name| Secret { name, value: None }).collect(),
                event: self.event("delete"),
            };
            let (next, version) = (Next::of(&change), change.version);
            match self.engine.store.commit(vec![change]).await {
                Ok(numbers) => {
                    self.written(resource, next, numbers[0], Outcome::Updated);
                    return Ok(Some(version));
                }
                Err(Refusal::Moved(_)) => continue,
                Err(refusal) => return Err(self.refused(resource, refusal)),
            }
        }
        Err(busy(format!("{kind}/{id} is written by many at once; try again")))
    }
}
