//! update (<https://hl7.org/fhir/R4/http.html#update>), and create under an id of the caller's
//! (<https://hl7.org/fhir/R4/http.html#upsert>).

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use super::policy::Interaction;
use super::prepare::Next;
use super::{Outcome, Repo, Written};
use crate::definitions::ResourceType;
use crate::error::{Result, busy, invalid, malformed, precondition};
use crate::resource;
use crate::store::{Refusal, Row};

/// A writer that loses the race starts over with what the winner wrote, this often.
const ATTEMPTS: usize = 20;

/// Types whose ids other protocols render in forms of their own, which only a UUID has.
const UUID_TYPES: [&str; 5] = ["AccessPolicy", "ClientApplication", "Project", "ProjectMembership", "User"];

impl Repo {
    /// Makes `body` the next version, if the current one is `if_match` (where given).
    pub async fn update(&self, kind: &str, id: &str, body: Value, if_match: Option<i64>) -> Result<Written> {
        let resource = self.may(Interaction::Update, kind)?;
        match body.get("id").and_then(Value::as_str) {
            Some(named) if named == id => {}
            Some(named) => {
                return Err(malformed(format!("the id in the body is '{named}', in the address '{id}'"))
                    .coded("value")
                    .at(format!("{kind}.id")));
            }
            None => return Err(malformed("the body has no id").coded("required").at(format!("{kind}.id"))),
        }
        for _ in 0..ATTEMPTS {
            let old = self.locate(kind, id).await?;
            must_match(kind, id, if_match, old.as_ref())?;
            match self.replace(resource, id, body.clone(), old.as_deref()).await? {
                Some(written) => return Ok(written),
                None => continue,
            }
        }
        Err(busy(format!("{kind}/{id} is written by many at once; try again")))
    }

    /// One attempt; nothing if another write came between.
    async fn replace(
        &self,
        resource: &ResourceType,
        id: &str,
        body: Value,
        old: Option<&Row>,
    ) -> Result<Option<Written>> {
        let (change, outcome) = match old {
            None => {
                self.may(Interaction::Create, &resource.name)?;
                may_be_named(&resource.name, id)?;
                (self.first(resource, id, body).await?, Outcome::Created)
            }
            Some(old) => {
                let before: Option<Value> = match old.deleted {
                    true => None,
                    false => Some(resource::parse(old.body.as_bytes())?),
                };
                let mut body = body;
                self.stay(resource, old, &mut body)?;
                let checked = self.lawful(resource, body, before.as_ref())?;
                if let Some(before) = &before
                    && checked.secrets.is_empty()
                    && resource::same_content(&checked.body, before)
                {
                    let row = Arc::new(Row::clone(old));
                    return Ok(Some(Written { row, outcome: Outcome::Unchanged }));
                }
                let outcome = if old.deleted { Outcome::Created } else { Outcome::Updated };
                (self.change(resource, (old.project, id), checked, Some(old))?, outcome)
            }
        };
        let next = Next::of(&change);
        match self.engine.store.commit(vec![change]).await {
            Ok(numbers) => Ok(Some(self.written(resource, next, numbers[0], outcome))),
            Err(Refusal::Moved(_) | Refusal::Exists(_)) => Ok(None),
            Err(refusal) => Err(self.refused(resource, refusal)),
        }
    }
}

/// Fails unless the living version is the one that the caller knows.
pub(super) fn must_match(
    kind: &str,
    id: &str,
    if_match: Option<i64>,
    found: Option<&Arc<Row>>,
) -> Result<()> {
    let current = found.filter(|row| !row.deleted).map(|row| row.version);
    let text = match (if_match, current) {
        (None, _) => return Ok(()),
        (Some(wanted), Some(version)) if wanted == version => return Ok(()),
        (_, Some(version)) => format!("{kind}/{id} is at version {version} by now"),
        (_, None) => format!("there is no {kind}/{id} to match"),
    };
    Err(precondition(text).at("If-Match"))
}

/// Whether a caller may choose this id.
pub(super) fn may_be_named(kind: &str, id: &str) -> Result<()> {
    let place = || format!("{kind}.id");
    if UUID_TYPES.contains(&kind) && Uuid::parse_str(id).is_ok_and(|uuid| uuid.to_string() == id) {
        return Ok(());
    }
    if UUID_TYPES.contains(&kind) {
        return Err(invalid(format!("the id of a {kind} is a UUID in lower case"))
            .coded("value")
            .at(place()));
    }
    let legal =
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
    if legal { Ok(()) } else { Err(malformed(format!("'{id}' is no legal id")).coded("value").at(place())) }
}
