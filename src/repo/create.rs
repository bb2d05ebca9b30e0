//! create (<https://hl7.org/fhir/R4/http.html#create>).

use serde_json::Value;
use uuid::Uuid;

use super::policy::Interaction;
use super::prepare::Next;
use super::{Outcome, Repo, Written};
use crate::definitions::ResourceType;
use crate::error::{Error, Result, conflict, fault};
use crate::store::{Change, Refusal};

impl Repo {
    /// Stores a new resource under an id of ours.
    pub async fn create(&self, kind: &str, body: Value) -> Result<Written> {
        let resource = self.may(Interaction::Create, kind)?;
        let id = Uuid::now_v7().to_string();
        let change = self.first(resource, &id, body).await?;
        let next = Next::of(&change);
        match self.engine.store.commit(vec![change]).await {
            Ok(numbers) => Ok(self.written(resource, next, numbers[0], Outcome::Created)),
            Err(refusal) => Err(self.refused(resource, refusal)),
        }
    }

    /// The change that creates `body` under `id`.
    pub(super) async fn first(&self, resource: &ResourceType, id: &str, mut body: Value) -> Result<Change> {
        let project = self.place(resource, id, &mut body).await?;
        let checked = self.lawful(resource, body, None)?;
        self.change(resource, (project, id), checked, None)
    }

    /// What everyone who depends on it must know of a write.
    pub(super) fn written(&self, kind: &ResourceType, next: Next, rid: i64, outcome: Outcome) -> Written {
        self.engine.guests.written(&kind.name, next.project());
        if let Some(written) = self.engine.written.get() {
            written(&kind.name, outcome);
        }
        Written { row: next.row(rid), outcome }
    }

    /// Why the store did not take a change.
    pub(super) fn refused(&self, kind: &ResourceType, refusal: Refusal) -> Error {
        match refusal {
            Refusal::Taken(_, slot) => {
                let param = kind.params.values().find(|param| param.slot == slot);
                let place = param.map_or(kind.name.as_str(), |param| param.text.as_str());
                let name = place.rsplit('.').next().unwrap_or(place);
                conflict(format!("another {} of this project has this {name}", kind.name))
                    .coded("duplicate")
                    .at(place)
            }
            Refusal::Exists(_) | Refusal::Moved(_) => {
                conflict("another request wrote this resource at the same moment; read it again")
            }
            Refusal::Failed(error) => match error.kind {
                crate::error::Kind::Fault => fault(error),
                _ => error,
            },
        }
    }
}
