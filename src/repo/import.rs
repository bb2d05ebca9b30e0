//! Many creates as one unit: all of them or none.

use serde_json::Value;
use uuid::Uuid;

use super::Repo;
use super::plan::{Missed, taken};
use super::policy::Interaction;
use crate::error::Result;

impl Repo {
    /// Whether all of these could be created, as far as that can be known without doing it.
    pub async fn rehearse(&self, resources: Vec<(&str, Value)>) -> Result<()> {
        for (kind, body) in resources {
            let resource = self.may(Interaction::Create, kind)?;
            let id = body.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let plan = self.creation(resource, &id, body).await?;
            let Some(change) = plan.change() else { continue };
            for (slot, value) in &change.index.claim {
                if self.engine.store.unique_owner(change.project, *slot, value)?.is_some() {
                    return Err(taken(resource, *slot));
                }
            }
        }
        Ok(())
    }

    /// Creates every resource, under the id in its body where it has one. Gives the ids.
    pub async fn import(&self, resources: Vec<(&str, Value)>) -> Result<Vec<String>> {
        let mut plans = Vec::with_capacity(resources.len());
        for (kind, body) in resources {
            let resource = self.may(Interaction::Create, kind)?;
            let id = match body.get("id").and_then(Value::as_str) {
                Some(id) => id.to_owned(),
                None => Uuid::now_v7().to_string(),
            };
            plans.push(self.creation(resource, &id, body).await?);
        }
        let written = self.commit(plans, Vec::new()).await.map_err(Missed::error)?;
        Ok(written.into_iter().map(|written| written.row.id.clone()).collect())
    }
}
