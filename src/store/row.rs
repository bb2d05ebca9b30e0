//! What a read gives back.

use std::sync::Arc;

use diesel::QueryResult;

use super::Store;
use super::connect::AnyConnection;
use super::text::Stored;
use crate::error::Result;

/// The current version of a resource.
#[derive(Debug, Clone)]
pub struct Row {
    /// Number of the resource in this store.
    pub rid: i64,
    /// Number of its project; 0 for the server itself.
    pub project: i32,
    pub kind: i32,
    pub id: String,
    pub version: i64,
    /// Milliseconds since 1970, UTC.
    pub updated: i64,
    pub deleted: bool,
    /// The JSON text as it was stored, sent as it is.
    pub body: Arc<str>,
}

/// One version in the history of a resource.
#[derive(Debug, Clone)]
pub struct Version {
    pub version: i64,
    pub updated: i64,
    pub deleted: bool,
    pub body: Arc<str>,
}

impl From<&Row> for Version {
    fn from(row: &Row) -> Self {
        Self { version: row.version, updated: row.updated, deleted: row.deleted, body: Arc::clone(&row.body) }
    }
}

pub(super) type Columns = (i64, i32, i32, String, i64, i64, bool, Stored);

impl Row {
    pub(super) fn of(
        (rid, project, kind, id, version, updated, deleted, body): Columns,
        connection: &mut AnyConnection,
    ) -> QueryResult<Self> {
        let body = body.text(connection, project, rid)?;
        Ok(Self { rid, project, kind, id, version, updated, deleted, body })
    }
}

impl Store {
    /// The rows that `load` finds.
    pub(super) fn rows(
        &self,
        load: impl FnOnce(&mut AnyConnection) -> QueryResult<Vec<Columns>>,
    ) -> Result<Vec<Row>> {
        self.with(|connection| {
            let loaded = load(connection)?;
            loaded.into_iter().map(|columns| Row::of(columns, connection)).collect()
        })
    }
}
