//! From a body to a change: laws, validation, secrets, stamp, index.

use std::sync::Arc;

use chrono::DateTime;
use serde_json::Value;

use super::Repo;
use super::provider::is_of_provider;
use crate::definitions::ResourceType;
use crate::error::{Error, Kind, Result, Severity, fault, forbidden};
use crate::resource::hash::Hash;
use crate::resource::{self, secret};
use crate::search::{Entry, gram::Hashes, index};
use crate::store::{Change, Event, IndexChange, Row, Secret};

/// Among the secrets of a user: the moment, in milliseconds since 1970, before which nobody signed in is still so.
pub const SESSIONS_SINCE: &str = "sessionsSince";
/// Secrets of a user that end his sessions when they change.
const DECISIVE: [&str; 2] = ["mfaSecret", "passwordHash"];

/// What `meta.source` begins with where a dialect other than FHIR was spoken.
const DIALECT: &str = "https://roster.dev/dialect/";

/// A body that may be stored, without its secrets.
pub(super) struct Checked {
    pub body: Value,
    pub secrets: Vec<Secret>,
}

impl Repo {
    /// Spelling, definition, profiles and secrets. A profile that nobody knows here is no obstacle.
    pub(super) fn checked(&self, kind: &ResourceType, mut body: Value, project: i32) -> Result<Checked> {
        resource::fold(&self.definitions, &kind.structure, &mut body);
        let mut issues = resource::validate(&self.definitions, &body);
        if resource::claims_any(&body) {
            self.conform(project, &body, &[], &mut issues);
        }
        if issues.iter().any(|issue| issue.severity == Severity::Error) {
            issues.retain(|issue| issue.severity == Severity::Error);
            return Err(Error::new(Kind::Invalid, issues));
        }
        let mut secrets = Vec::new();
        for (path, value) in resource::take_secrets(&self.definitions, &kind.structure, &mut body) {
            let name = path.split_once('.').map_or(path.as_str(), |(_, name)| name).to_owned();
            if kind.name == "User" && !self.actor.is_boundless() {
                return Err(forbidden("only a super admin may write this element").at(path));
            }
            let value = match kind.name.as_str() {
                // What is shown to others must be known; what is shown to us need not be.
                "ClientApplication" if !is_of_provider(&name) => {
                    secret::digest(&value).map_err(|error| error.at(path))?
                }
                "User" if name == "passwordHash" => {
                    Hash::parse(&value).map_err(|error| error.at(path))?;
                    value
                }
                _ => value,
            };
            secrets.push(Secret::set(&name, value));
        }
        Ok(Checked { body, secrets })
    }

    /// The change that makes `checked` the next version of `old`, or the first of a new resource. `before` is what `old`
    /// says, unless it is deleted.
    pub(super) fn change(
        &self,
        kind: &ResourceType,
        place: (i32, &str),
        checked: Checked,
        old: Option<&Row>,
        before: Option<&Value>,
    ) -> Result<Change> {
        let Checked { mut body, mut secrets } = checked;
        if kind.name == "User"
            && old.is_some()
            && secrets.iter().any(|secret| DECISIVE.contains(&secret.name.as_str()))
        {
            // Whoever is signed in by then signs in again.
            secrets.push(Secret::set(SESSIONS_SINCE, now().to_string()));
        }
        let (project, id) = place;
        let number = self.engine.kind(&kind.name)?;
        let version = old.map_or(1, |old| old.version + 1);
        let updated = now().max(old.map_or(0, |old| old.updated));
        let at =
            DateTime::from_timestamp_millis(updated).ok_or_else(|| fault("the clock is out of range"))?;
        self.sign(&mut body);
        resource::stamp(&mut body, id, &version.to_string(), at);
        let mut index = self.difference(kind, (project, number), before, &body)?;
        index.redefines = self.redefinition(&kind.name, &body)?;
        let text = serde_json::to_string(&body).map_err(fault)?;
        let action = if old.is_none_or(|old| old.deleted) { "create" } else { "update" };
        Ok(Change {
            project,
            kind: number,
            id: id.to_owned(),
            replaces: old.map(|old| (old.rid, old.version)),
            amends: None,
            version,
            updated,
            deleted: false,
            body: text.into(),
            index,
            secrets,
            event: self.event(action),
        })
    }

    /// The change that puts `body` in the place of the current version, which stays the one it is.
    pub(super) fn amendment(
        &self,
        kind: &ResourceType,
        old: &Row,
        before: &Value,
        body: &Value,
    ) -> Result<Change> {
        let index = self.difference(kind, (old.project, old.kind), Some(before), body)?;
        Ok(Change {
            project: old.project,
            kind: old.kind,
            id: old.id.clone(),
            replaces: Some((old.rid, old.version)),
            amends: Some(Arc::clone(&old.body)),
            version: old.version,
            updated: old.updated,
            deleted: false,
            body: serde_json::to_string(body).map_err(fault)?.into(),
            index,
            secrets: Vec::new(),
            event: self.event("update"),
        })
    }

    /// What the actor's searches find a resource by.
    pub(super) fn entries(&self, kind: &ResourceType, body: &Value) -> Result<Vec<Entry>> {
        index::entries(&self.definitions, kind, body, &self.engine.base_url)
    }

    /// What a stored resource is found by whatever was defined since the start.
    pub(super) fn plain_entries(&self, kind: &ResourceType, body: &Value) -> Result<Vec<Entry>> {
        let plain = &self.catalogue.plain;
        let kind = plain.resources.get(&kind.name).map_or(kind, Arc::as_ref);
        index::entries(plain, kind, body, &self.engine.base_url)
    }

    /// What changes in the index of a resource of a project.
    fn difference(
        &self,
        kind: &ResourceType,
        place: (i32, i32),
        before: Option<&Value>,
        after: &Value,
    ) -> Result<IndexChange> {
        let definitions = self.catalogue.of_project(place.0);
        let own = definitions.resources.get(&kind.name).map_or(kind, Arc::as_ref);
        let entries = |body: &Value| index::entries(definitions, own, body, &self.engine.base_url);
        let after = entries(after)?;
        let Some(before) = before else { return Ok(difference(own, place, &[], after)) };
        match entries(before) {
            Ok(before) => Ok(difference(own, place, &before, after)),
            // A parameter that is just being indexed cannot be read from it.
            Err(_) => {
                let change = difference(own, place, &self.plain_entries(kind, before)?, after.clone());
                let hashes = Hashes::all(place.0.into(), place.1.into(), &after);
                Ok(IndexChange { clear: true, remove: Vec::new(), add: after, hashes, ..change })
            }
        }
    }

    /// Writes the dialect that a version came through into it. What is sent back over FHIR came through none.
    fn sign(&self, body: &mut Value) {
        let source = body.pointer("/meta/source").and_then(Value::as_str);
        let stale = source.is_some_and(|source| source.starts_with(DIALECT));
        match self.through {
            Some(dialect) => {
                if !body["meta"].is_object() {
                    body["meta"] = Value::Object(serde_json::Map::new());
                }
                body["meta"]["source"] = Value::from(format!("{DIALECT}{dialect}"));
            }
            None if stale => {
                if let Some(meta) = body["meta"].as_object_mut() {
                    meta.shift_remove("source");
                }
            }
            None => {}
        }
    }

    pub(super) fn event(&self, action: &'static str) -> Event {
        Event { action, author: self.actor.reference.clone(), request: self.request.clone() }
    }
}

/// What to take out of the index and what to put in.
fn difference(kind: &ResourceType, place: (i32, i32), old: &[Entry], new: Vec<Entry>) -> IndexChange {
    let (old_keys, new_keys) = (index::unique_keys(kind, old), index::unique_keys(kind, &new));
    let release = old_keys.iter().filter(|key| !new_keys.contains(key)).cloned().collect();
    let claim = new_keys.into_iter().filter(|key| !old_keys.contains(key)).collect();
    let (project, number) = (place.0.into(), place.1.into());
    if old.is_empty() {
        let hashes = Hashes::all(project, number, &new);
        return IndexChange { add: new, release, claim, hashes, ..IndexChange::default() };
    }
    let (mut remove, mut is_new) = (Vec::new(), Vec::with_capacity(new.len()));
    // Both lists are sorted, and may be long: they are gone through side by side.
    let mut olds = old.iter().peekable();
    for entry in &new {
        while let Some(gone) = olds.next_if(|other| *other < entry) {
            remove.push(gone.clone());
        }
        is_new.push(olds.next_if(|other| *other == entry).is_none());
    }
    remove.extend(olds.cloned());
    let added = new.iter().zip(&is_new).filter(|(_, is_new)| **is_new).map(|(entry, _)| entry);
    let hashes = Hashes::changed(project, number, &new, remove.iter().chain(added));
    let add = new.into_iter().zip(is_new).filter(|(_, is_new)| *is_new).map(|(entry, _)| entry).collect();
    IndexChange { remove, add, release, claim, hashes, ..IndexChange::default() }
}

/// What takes a resource out of every index.
pub(super) fn withdrawn(kind: &ResourceType, old: &[Entry]) -> IndexChange {
    IndexChange {
        clear: true,
        release: index::unique_keys(kind, old),
        hashes: Hashes::none(),
        ..IndexChange::default()
    }
}

/// What a change will have made, once it has its number.
pub(super) struct Next(Row);

impl Next {
    pub fn of(change: &Change) -> Self {
        Self(Row {
            rid: 0,
            project: change.project,
            kind: change.kind,
            id: change.id.clone(),
            version: change.version,
            updated: change.updated,
            deleted: change.deleted,
            body: Arc::clone(&change.body),
        })
    }

    pub fn project(&self) -> i32 {
        self.0.project
    }

    pub fn row(self, rid: i64) -> Arc<Row> {
        Arc::new(Row { rid, ..self.0 })
    }
}

pub(super) fn now() -> i64 {
    chrono::Utc::now().timestamp_millis()
}
