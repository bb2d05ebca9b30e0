//! The history of one resource, of a type, of everything (<https://hl7.org/fhir/R4/http.html#history>).

use super::Repo;
use super::locate::absent;
use super::policy::Interaction;
use crate::error::{Result, fault};
use crate::store::{Period, Place, Version};

/// A page of versions, newest first.
#[derive(Debug)]
pub struct History {
    pub changes: Vec<Change>,
    /// Where the next page begins, if there is one.
    pub next: Option<Mark>,
}

/// What one write made of one resource.
#[derive(Debug)]
pub struct Change {
    pub kind: String,
    pub id: String,
    /// There was none before, or a deleted one.
    pub created: bool,
    pub version: Version,
}

/// A place in a history: of one resource, or of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Version(i64),
    Place(Place),
}

impl Repo {
    /// At most `count` versions of a resource, older than `before`.
    pub async fn history(
        &self,
        kind: &str,
        id: &str,
        period: Period,
        before: Option<i64>,
        count: usize,
    ) -> Result<History> {
        self.may(Interaction::History, kind)?;
        let row = self.locate(kind, id).await?.ok_or_else(|| absent(kind, id))?;
        let before = before.unwrap_or(i64::MAX);
        let mut versions = self
            .engine
            .store
            .offload(move |store| store.versions(&row, period, before, count.saturating_add(1)))
            .await?;
        let older = if versions.len() > count { versions.pop() } else { None };
        let next = versions.last().filter(|_| older.is_some()).map(|last| Mark::Version(last.version));
        let beneath = versions.iter().skip(1).chain(&older);
        let mut buried = beneath.map(|version| version.deleted);
        let created: Vec<bool> =
            versions.iter().map(|version| buried.next().unwrap_or(false) || version.version == 1).collect();
        let change =
            |(version, created)| Change { kind: kind.to_owned(), id: id.to_owned(), created, version };
        let changes = versions.into_iter().zip(created).map(change).collect();
        Ok(History { changes, next })
    }

    /// At most `count` versions of resources of a type, or of every type, written before a place.
    pub async fn history_of(
        &self,
        kind: Option<&str>,
        period: Period,
        before: Option<Place>,
        count: usize,
    ) -> Result<History> {
        let kinds = match kind {
            Some(kind) => vec![self.may(Interaction::History, kind)?.name.clone()],
            None => self.recorded_types()?,
        };
        let numbers = kinds.iter().map(|kind| self.engine.kind(kind)).collect::<Result<Vec<i32>>>()?;
        let (boundless, project) = (self.actor.is_boundless(), self.actor.project);
        let mut records = self
            .engine
            .store
            .offload(move |store| {
                let projects = if boundless { store.projects()? } else { vec![project] };
                let pairs = |project: i32| numbers.iter().map(move |kind| (project, *kind));
                let stretches: Vec<(i32, i32)> = projects.into_iter().flat_map(pairs).collect();
                store.recorded(&stretches, period, before, count.saturating_add(1))
            })
            .await?;
        let more = records.len() > count;
        records.truncate(count);
        let next = records.last().filter(|_| more).map(|last| Mark::Place(last.place));
        let mut changes = Vec::with_capacity(records.len());
        for record in records.into_iter().filter(|record| !record.was_expunged()) {
            let name = self.engine.store.kind_name(record.kind);
            let kind = name.ok_or_else(|| fault("a type without a name"))?.to_owned();
            let (id, created) = (record.id, record.created);
            changes.push(Change { kind, id, created, version: record.version });
        }
        Ok(History { changes, next })
    }

    /// The types whose history the actor may read.
    fn recorded_types(&self) -> Result<Vec<String>> {
        let mut refusal = None;
        let mut kinds = Vec::new();
        for kind in self.definitions.resources.values().filter(|kind| kind.served) {
            match self.may(Interaction::History, &kind.name) {
                Ok(_) => kinds.push(kind.name.clone()),
                Err(error) => refusal = Some(error),
            }
        }
        match refusal {
            Some(refusal) if kinds.is_empty() => Err(refusal),
            _ => Ok(kinds),
        }
    }
}
