//! Many creates as one unit: all of them or none.

use serde_json::Value;
use uuid::Uuid;

use super::policy::Interaction;
use super::prepare::Next;
use super::{Outcome, Repo};
use crate::error::Result;
use crate::store::Refusal;

impl Repo {
    /// Creates every resource, under the id in its body where it has one. Gives the ids.
    pub async fn import(&self, resources: Vec<(&str, Value)>) -> Result<Vec<String>> {
        let mut changes = Vec::with_capacity(resources.len());
        let mut kinds = Vec::with_capacity(resources.len());
        for (kind, body) in resources {
            let resource = self.may(Interaction::Create, kind)?;
            let id = match body.get("id").and_then(Value::as_str) {
                Some(id) => {
                    super::update::may_be_named(kind, id)?;
                    id.to_owned()
                }
                None => Uuid::now_v7().to_string(),
            };
            changes.push(self.first(resource, &id, body).await?);
            kinds.push(resource);
        }
        let ids = changes.iter().map(|change| change.id.clone()).collect();
        let nexts: Vec<Next> = changes.iter().map(Next::of).collect();
        match self.engine.store.commit(changes).await {
            Ok(numbers) => {
                for ((kind, next), rid) in kinds.iter().zip(nexts).zip(numbers) {
                    self.written(kind, next, rid, Outcome::Created);
                }
                Ok(ids)
            }
            Err(refusal) => {
                let place = match refusal {
                    Refusal::Exists(place) | Refusal::Moved(place) | Refusal::Taken(place, _) => place,
                    Refusal::Failed(_) => 0,
                };
                let kind = kinds.get(place).copied().or_else(|| kinds.first().copied());
                Err(kind.map_or_else(
                    || crate::error::fault("an empty import failed"),
                    |kind| self.refused(kind, refusal),
                ))
            }
        }
    }
}
