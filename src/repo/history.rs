//! The history of one resource, of a type, of everything (<https://hl7.org/fhir/R4/http.html#history>).

use std::sync::Arc;

use super::Repo;
use super::locate::absent;
use super::policy::Interaction;
use crate::error::{Result, fault};
use crate::store::{Period, Place, Recorded, Row, Store, Version};

/// Records looked at for one page: past them it is sent as it is, with a link to the next.
const MOST_LOOKED_AT: usize = 5_000;

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
    /// Reference of whoever wrote it; for admins only.
    pub author: Option<String>,
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
        let found = self.reach(Interaction::History, kind, id).await?;
        let row = found.ok_or_else(|| absent(kind, id))?;
        let before = before.unwrap_or(i64::MAX);
        let look = {
            let row = Arc::clone(&row);
            move |store: &Store| store.versions(&row, period, before, count.saturating_add(1))
        };
        let mut versions = self.engine.store.offload(look).await?;
        let older = if versions.len() > count { versions.pop() } else { None };
        let next = versions.last().filter(|_| older.is_some()).map(|last| Mark::Version(last.version));
        let beneath = versions.iter().skip(1).chain(&older);
        let mut buried = beneath.map(|version| version.deleted);
        let created: Vec<bool> =
            versions.iter().map(|version| buried.next().unwrap_or(false) || version.version == 1).collect();
        let authors = self.authors(&row, &versions).await?;
        let versions = self.told(&row, versions).await?;
        self.note_reading("history", kind, id, row.project).await?;
        let change = |((version, created), author): ((Option<Version>, bool), Option<String>)| {
            Some(Change { kind: kind.to_owned(), id: id.to_owned(), created, version: version?, author })
        };
        let changes = versions.into_iter().zip(created).zip(authors).filter_map(change).collect();
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
            None => self.open_to(Interaction::History, |_| true)?,
        };
        let numbers = kinds.iter().map(|kind| self.engine.kind(kind)).collect::<Result<Vec<i32>>>()?;
        let repo = self.clone();
        let look = move |store: &Store| {
            let actor = &repo.actor;
            let projects = if actor.is_boundless() { store.projects()? } else { vec![actor.project] };
            let pairs = |project: i32| numbers.iter().map(move |kind| (project, *kind));
            let stretches: Vec<(i32, i32)> = projects.into_iter().flat_map(pairs).collect();
            repo.recorded(&stretches, period, before, count)
        };
        let (records, next) = self.engine.store.offload(look).await?;
        let next = next.map(Mark::Place);
        let mut changes = Vec::with_capacity(records.len());
        for record in records.into_iter().filter(|record| !record.was_expunged()) {
            let name = self.engine.store.kind_name(record.kind);
            let name = name.ok_or_else(|| fault("a type without a name"))?.to_owned();
            let (id, created) = (record.id, record.created);
            let author = Some(record.author).filter(|author| self.is_told_of(author));
            changes.push(Change { kind: name, id, created, version: record.version, author });
        }
        self.note_history(kind, &changes).await?;
        Ok(History { changes, next })
    }

    /// Whether the actor learns that it was this one.
    fn is_told_of(&self, author: &str) -> bool {
        // The server itself is no resource.
        author.contains('/') && self.actor.administers()
    }

    async fn authors(&self, row: &Arc<Row>, versions: &[Version]) -> Result<Vec<Option<String>>> {
        if !self.actor.administers() {
            return Ok(vec![None; versions.len()]);
        }
        let written: Vec<(i64, i64)> =
            versions.iter().map(|version| (version.version, version.updated)).collect();
        let row = Arc::clone(row);
        let found = self.engine.store.offload(move |store| store.authors(&row, &written)).await?;
        Ok(found.into_iter().map(|author| Some(author).filter(|author| self.is_told_of(author))).collect())
    }

    /// The versions as the actor sees them; nothing at the place of one that he does not see.
    async fn told(&self, row: &Arc<Row>, versions: Vec<Version>) -> Result<Vec<Option<Version>>> {
        if self.actor.policy.is_none() {
            return Ok(versions.into_iter().map(Some).collect());
        }
        let (repo, row) = (self.clone(), Arc::clone(row));
        let look =
            move |_: &Store| versions.into_iter().map(|version| repo.told_one(&row, version)).collect();
        self.engine.store.offload(look).await
    }

    fn told_one(&self, row: &Row, version: Version) -> Result<Option<Version>> {
        match self.shows_version(Interaction::History, row, &version)? {
            true => self.seen_version(row, version).map(Some),
            false => Ok(None),
        }
    }

    /// The newest records that the actor sees, and the place after which there may be more.
    fn recorded(
        &self,
        stretches: &[(i32, i32)],
        period: Period,
        mut before: Option<Place>,
        count: usize,
    ) -> Result<(Vec<Recorded>, Option<Place>)> {
        let store = &self.engine.store;
        let (mut kept, mut looked_at) = (Vec::new(), 0);
        loop {
            let records = store.recorded(stretches, period, before, count.saturating_add(1))?;
            let more = records.len() > count;
            for record in records {
                if kept.len() >= count {
                    return Ok((kept, before.filter(|_| count > 0)));
                }
                (before, looked_at) = (Some(record.place), looked_at + 1);
                kept.extend(self.told_record(record)?);
            }
            if !more || looked_at >= MOST_LOOKED_AT {
                return Ok((kept, before.filter(|_| more)));
            }
        }
    }

    /// A record is told if both are seen: the version, and what the resource is now or was last.
    fn told_record(&self, record: Recorded) -> Result<Option<Recorded>> {
        if self.actor.policy.is_none() || record.was_expunged() {
            return Ok(Some(record));
        }
        let row = self.engine.store.get(record.project, record.kind, &record.id)?;
        let Some(row) = row else { return Ok(None) };
        if !self.is_seen_at_once(Interaction::History, &row)? {
            return Ok(None);
        }
        let version = self.told_one(&row, record.version.clone())?;
        Ok(version.map(|version| Recorded { version, ..record }))
    }
}
