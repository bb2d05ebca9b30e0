//! Writing: changes as data, committed together, answered when durable.
//!
//! A commit costs a sync of the disk (SQLite) or a round trip (PostgreSQL), whatever is in it; so a writer
//! takes all that waits and commits it at once. First all of it in one go; if one unit is refused, once more
//! with a savepoint around each, so that only the refused one is undone.

mod apply;
mod checkpoint;
mod chore;
mod expunge;
mod gate;
mod reindex;
mod rows;
mod settle;
mod writer;

use std::sync::Arc;

use tokio::sync::oneshot;

pub use chore::{Backfill, Chore, Make, Step, Sweep};
pub use expunge::Removal;
pub(super) use gate::Gate;
pub(super) use rows::insert::chunked as insert_many;
pub(super) use writer::{Shared, Writer};

use super::parameter::Redefinition;
use super::{Guard, Store};
use crate::error::{Error, busy};
use crate::search::Entry;
use crate::search::gram::Hashes;

/// One new version of one resource, with all that goes with it.
#[derive(Debug, Clone)]
pub struct Change {
    pub project: i32,
    pub kind: i32,
    pub id: String,
    /// Number and version of what it replaces; nothing for a create.
    pub replaces: Option<(i64, i64)>,
    /// The text of that version, where there is to be no new one: then `body` takes its place, and nobody is
    /// told.
    pub amends: Option<Arc<str>>,
    pub version: i64,
    pub updated: i64,
    pub deleted: bool,
    pub body: Arc<str>,
    pub index: IndexChange,
    pub secrets: Vec<Secret>,
    pub event: Event,
}

/// What changes in the index. Without `clear`, rows that are in neither list stay.
#[derive(Debug, Clone, Default)]
pub struct IndexChange {
    /// First take out every row of the resource.
    pub clear: bool,
    pub remove: Vec<Entry>,
    pub add: Vec<Entry>,
    /// Unique keys: slot of the parameter and value.
    pub release: Vec<(usize, String)>,
    pub claim: Vec<(usize, String)>,
    /// Trigrams and words, where they change.
    pub hashes: Hashes,
    /// What it means for searches, of a SearchParameter.
    pub redefines: Option<Redefinition>,
}

/// A secret element: its new value, or none to forget it.
#[derive(Clone)]
pub struct Secret {
    pub name: String,
    pub value: Option<String>,
    /// The value that it must have until then; `Some(None)` for one that there must not be.
    pub instead_of: Option<Option<String>>,
}

impl Secret {
    pub fn set(name: &str, value: impl Into<String>) -> Self {
        Self { name: name.to_owned(), value: Some(value.into()), instead_of: None }
    }

    pub fn forget(name: &str) -> Self {
        Self { name: name.to_owned(), value: None, instead_of: None }
    }

    /// Refused as `Moved` unless the value until then is this one.
    pub fn instead_of(self, old: Option<&str>) -> Self {
        Self { instead_of: Some(old.map(str::to_owned)), ..self }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({})", self.name)
    }
}

/// Who did what, for the outbox.
#[derive(Debug, Clone)]
pub struct Event {
    /// `create`, `update` or `delete`.
    pub action: &'static str,
    /// Reference of the author.
    pub author: String,
    /// The id of the request.
    pub request: String,
}

/// What is written together or not at all.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    pub changes: Vec<Change>,
    /// What must still be found as it was when the changes were made up.
    pub guards: Vec<Guard>,
    /// Of the search parameters that the changes were indexed by.
    pub epoch: i64,
    pub chore: Option<Chore>,
}

impl Unit {
    /// Whether it changes what everybody else must index by.
    fn turns(&self) -> bool {
        self.chore.as_ref().is_some_and(Chore::turns)
            || self.changes.iter().any(|change| change.index.redefines.is_some())
    }
}

/// Why a unit of changes was not written. Nothing of it was.
#[derive(Debug)]
pub enum Refusal {
    /// The change at this place creates what exists.
    Exists(usize),
    /// The change at this place replaces a version that is no longer the current one.
    Moved(usize),
    /// The change at this place claims a value under this slot that another resource has.
    Taken(usize, usize),
    /// A guarded search finds others by now.
    Outrun,
    /// It was indexed by other search parameters than those of now. Here it is back.
    Stale(Option<Box<Unit>>),
    Failed(Error),
}

/// A unit that waits for its commit.
struct Job {
    unit: Unit,
    reply: oneshot::Sender<Result<Vec<i64>, Refusal>>,
}

impl Store {
    /// Writes all of the changes or none. Gives the numbers of the resources once that is durable.
    pub async fn commit(&self, unit: Unit) -> Result<Vec<i64>, Refusal> {
        let stopping = |_| Err(Refusal::Failed(busy("the server is stopping")));
        self.submit(unit)?.await.unwrap_or_else(stopping)
    }

    /// The same, answered on a channel.
    pub(super) fn submit(&self, unit: Unit) -> Result<oneshot::Receiver<Result<Vec<i64>, Refusal>>, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.writer.submit(Job { unit, reply })?;
        Ok(answer)
    }
}
