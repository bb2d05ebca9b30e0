//! update (<https://hl7.org/fhir/R4/http.html#update>), and create under an id of the caller's
//! (<https://hl7.org/fhir/R4/http.html#upsert>).

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use super::conditional::Criteria;
use super::plan::Plan;
use super::policy::Interaction;
use super::prepare::SESSIONS_SINCE;
use super::{Outcome, Repo, Written};
use crate::definitions::ResourceType;
use crate::error::{Error, Result, busy, conflict, invalid, malformed, precondition};
use crate::resource;
use crate::store::{Row, Secret};

/// A writer that loses the race starts over with what the winner wrote, this often.
pub(super) const ATTEMPTS: usize = 20;

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
        // Whoever names a version is told when it is another by now, and so needs his body once; it may be large.
        let attempts = if if_match.is_some() { 1 } else { ATTEMPTS };
        let mut body = Some(body);
        for attempt in 1..=attempts {
            let old = self.reach(Interaction::Update, kind, id).await?;
            must_match(kind, id, if_match, old.as_ref())?;
            self.may_choose(kind, old.as_ref())?;
            let taken = if attempt == attempts { body.take() } else { body.clone() };
            let plan = self.replacement(resource, id, taken.unwrap_or_default(), old.as_deref()).await?;
            if let Some(written) = self.carry_out(plan, None).await? {
                return Ok(written);
            }
        }
        if if_match.is_some() {
            let old = self.reach(Interaction::Update, kind, id).await?;
            must_match(kind, id, if_match, old.as_ref())?;
        }
        Err(crowded(kind))
    }

    /// Makes `body` the next version of the one resource that answers the criteria, or a new resource where
    /// none does (<https://hl7.org/fhir/R4/http.html#cond-update>).
    pub async fn update_where(
        &self,
        kind: &str,
        body: Value,
        criteria: &Criteria,
        if_match: Option<i64>,
    ) -> Result<Written> {
        let resource = self.may(Interaction::Update, kind)?;
        for _ in 0..ATTEMPTS {
            let (found, guard) = self.sought(kind, criteria, 2).await?;
            let (id, old) = self.target(kind, &body, criteria.only(found)?).await?;
            must_match(kind, &id, if_match, old.as_ref())?;
            let mut body = body.clone();
            if let Some(object) = body.as_object_mut().filter(|object| !object.contains_key("id")) {
                object.insert("id".to_owned(), Value::from(id.as_str()));
            }
            let plan = self.replacement(resource, &id, body, old.as_deref()).await?;
            if let Some(written) = self.carry_out(plan, Some(guard)).await? {
                return Ok(written);
            }
        }
        Err(crowded(kind))
    }

    /// Under which id a conditional update writes, and what is there.
    pub(super) async fn target(
        &self,
        kind: &str,
        body: &Value,
        found: Option<Arc<Row>>,
    ) -> Result<(String, Option<Arc<Row>>)> {
        let named = body.get("id").and_then(Value::as_str);
        match (found, named) {
            (Some(row), Some(id)) if id != row.id => {
                let text = format!("the id in the body is '{id}', but {kind}/{} is what matches", row.id);
                Err(malformed(text).coded("value").at(format!("{kind}.id")))
            }
            (Some(row), _) => Ok((row.id.clone(), Some(row))),
            (None, Some(id)) => match self.reach(Interaction::Update, kind, id).await? {
                Some(row) if !row.deleted => {
                    let text = format!("nothing matches, and {kind}/{id} is there already");
                    Err(conflict(text).coded("duplicate").at(format!("{kind}.id")))
                }
                row => {
                    self.may_choose(kind, row.as_ref())?;
                    Ok((id.to_owned(), row))
                }
            },
            (None, None) => Ok((Uuid::now_v7().to_string(), None)),
        }
    }

    /// Fails where a caller names an id that is to be had, and may not choose it: whoever a project bounds, of a type whose
    /// ids are looked up without a project. If two had it, whose it is would be open; and to refuse those that are taken
    /// would tell that they are.
    pub(super) fn may_choose(&self, kind: &str, old: Option<&Arc<Row>>) -> Result<()> {
        if old.is_some() || self.actor.is_boundless() || !UUID_TYPES.contains(&kind) {
            return Ok(());
        }
        // Whoever may create nothing is told that first.
        self.may(Interaction::Create, kind)?;
        Err(invalid(format!("this project has no such {kind}, and the server chooses the ids of new ones"))
            .coded("business-rule")
            .at(format!("{kind}.id")))
    }

    /// The plan that makes `body` the next version of `old`, or the first.
    pub(super) async fn replacement<'k>(
        &self,
        resource: &'k ResourceType,
        id: &str,
        body: Value,
        old: Option<&Row>,
    ) -> Result<Plan<'k>> {
        let Some(old) = old else {
            return self.creation(resource, id, body).await;
        };
        let before: Option<Value> = match old.deleted {
            true => None,
            false => Some(resource::parse(old.body.as_bytes())?),
        };
        self.successor(resource, body, old, before).await
    }

    /// The plan that makes `body` the next version of `old`, which says `before` unless it is deleted.
    pub(super) async fn successor<'k>(
        &self,
        resource: &'k ResourceType,
        mut body: Value,
        old: &Row,
        before: Option<Value>,
    ) -> Result<Plan<'k>> {
        self.may_change(resource, old, before.as_ref(), &mut body).await?;
        self.stay(resource, old, before.as_ref(), &mut body)?;
        self.reconcile(resource, old, before.as_ref(), &mut body).await?;
        let checked = self.lawful(resource, body, before.as_ref(), old.project)?;
        if let Some(before) = &before
            && checked.secrets.is_empty()
            && resource::same_content(&checked.body, before)
        {
            return Ok(Plan::stand(resource, Arc::new(Row::clone(old)), Outcome::Unchanged));
        }
        let (interaction, outcome) = match old.deleted {
            true => (Interaction::Create, Outcome::Created),
            false => (Interaction::Update, Outcome::Updated),
        };
        let mut change =
            self.change(resource, (old.project, &old.id), checked, Some(old), before.as_ref())?;
        if old.deleted && resource.name == "User" {
            // Nobody is still signed in from before there was none.
            change.secrets.push(Secret::set(SESSIONS_SINCE, change.updated.to_string()));
        }
        self.may_become(resource, interaction, before.as_ref(), &change).await?;
        Ok(Plan::write(resource, change, outcome))
    }
}

/// What is said to whoever was outrun every time.
pub(super) fn crowded(kind: &str) -> Error {
    busy(format!("this {kind} is written by many at once; try again"))
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
