//! What was written to whole types, newest first: the outbox read backwards, with the texts of the versions.
//!
//! Each project and type has its own stretch of one index; the tops of the stretches are merged here.

use diesel::sql_types::{BigInt, Bool, Integer, Text};
use diesel::{QueryResult, RunQueryDsl};

use super::Store;
use super::connect::AnyConnection;
use super::row::{Row, Version};
use super::statement::Statement;
use super::text::Stored;
use crate::error::Result;

/// A version with its place in the order of all writes.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub project: i32,
    pub kind: i32,
    pub id: String,
    /// Whether there was no such resource before, or a deleted one.
    pub created: bool,
    pub version: Version,
    pub place: Place,
    /// Reference of whoever wrote it.
    pub author: String,
}

/// Newer writes have greater places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Milliseconds since 1970.
    pub at: i64,
    pub number: i64,
}

/// Which versions of a history are asked for; times in milliseconds since 1970.
#[derive(Debug, Clone, Copy, Default)]
pub struct Period {
    /// Written at this time or later.
    pub since: Option<i64>,
    /// Current at some time between these, both included.
    pub during: Option<(i64, i64)>,
}

type Columns = (i32, i32, i64, i64, i64, i64, String, String, i64, bool, Stored, String);
type ColumnTypes = (Integer, Integer, BigInt, BigInt, BigInt, BigInt, Text, Text, BigInt, Bool, Text, Text);

/// Stretches read by one statement.
const TOGETHER: usize = 100;

impl Store {
    /// The newest `limit` writes to these projects and types, of those before a place.
    pub fn recorded(
        &self,
        stretches: &[(i32, i32)],
        period: Period,
        before: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Recorded>> {
        let mut newest: Vec<Recorded> = Vec::new();
        for stretches in stretches.chunks(TOGETHER) {
            let mut select = Statement::<ColumnTypes>::new(COLUMNS);
            top(&mut select, stretches, period, before, limit);
            select.sql(VERSIONS);
            newest.extend(self.with(|connection| {
                let loaded: Vec<Columns> = select.load(connection)?;
                let of = |columns| Recorded::of(columns, connection);
                loaded.into_iter().map(of).collect::<QueryResult<Vec<Recorded>>>()
            })?);
            newest.sort_by_key(|record| std::cmp::Reverse(record.place));
            newest.truncate(limit);
        }
        Ok(newest)
    }
}

impl Store {
    /// Who wrote these versions of a resource, each given with its time; empty where that is not known any more.
    pub fn authors(&self, row: &Row, versions: &[(i64, i64)]) -> Result<Vec<String>> {
        let mut authors = Vec::with_capacity(versions.len());
        for (version, at) in versions {
            let mut select = Statement::<Text>::new(
                "SELECT e.author FROM event e WHERE e.action <> 'reindex' AND e.project = ",
            );
            select.bind(row.project).sql(" AND e.kind = ").bind(row.kind).sql(" AND e.at = ").bind(*at);
            select.sql(" AND e.rid = ").bind(row.rid).sql(" AND e.version = ").bind(*version);
            select.sql(" ORDER BY e.number");
            let found: Vec<String> = self.with(|connection| select.load(connection))?;
            authors.push(found.into_iter().next().unwrap_or_default());
        }
        Ok(authors)
    }
}

impl Recorded {
    /// Whether only the fact of the write is left.
    pub fn was_expunged(&self) -> bool {
        self.id.is_empty() || (self.version.body.is_empty() && !self.version.deleted)
    }
}

impl Recorded {
    fn of(columns: Columns, connection: &mut AnyConnection) -> QueryResult<Self> {
        let (project, kind, rid, at, number, version, action, id, updated, deleted, body, author) = columns;
        let body = body.text(connection, project, rid)?;
        let version = Version { version, updated, deleted, body };
        let place = Place { at, number };
        Ok(Self { project, kind, id, created: action == "create", version, place, author })
    }
}

const COLUMNS: &str = "SELECT t.project, t.kind, t.rid, t.at, t.number, t.version, t.action, COALESCE(r.id, ''), \
                       t.at, COALESCE(h.deleted, c.deleted, FALSE), COALESCE(h.body, c.body, ''), t.author FROM (";

const VERSIONS: &str = ") t LEFT JOIN resource r ON r.project = t.project AND r.rid = t.rid \
                        LEFT JOIN history h ON h.project = t.project AND h.rid = t.rid \
                        AND h.version = t.version LEFT JOIN resource c ON c.project = t.project \
                        AND c.rid = t.rid AND c.version = t.version ORDER BY t.at DESC, t.number DESC";

/// The newest writes on these stretches.
fn top<ST>(
    select: &mut Statement<ST>,
    stretches: &[(i32, i32)],
    period: Period,
    before: Option<Place>,
    limit: usize,
) {
    for (place, (project, kind)) in stretches.iter().enumerate() {
        select.sql(if place == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
        select.sql(
            "SELECT e.project, e.kind, e.rid, e.version, e.action, e.at, e.number, e.author FROM event e",
        );
        select.sql(" WHERE e.project = ").bind(*project).sql(" AND e.kind = ").bind(*kind);
        if let Some(before) = before {
            select.sql(" AND (e.at, e.number) < (").bind(before.at).sql(", ").bind(before.number).sql(")");
        }
        if let Some(since) = period.since {
            select.sql(" AND e.at >= ").bind(since);
        }
        if let Some((start, end)) = period.during {
            select.sql(" AND e.at <= ").bind(end).sql(" AND (e.at >= ").bind(start);
            for (table, or) in [("history", " OR NOT EXISTS ("), ("resource", " UNION ALL ")] {
                select.sql(or).sql("SELECT 1 FROM ").sql(table).sql(" n WHERE n.project = e.project");
                select.sql(" AND n.rid = e.rid AND n.version = e.version + 1 AND n.updated <= ").bind(start);
            }
            select.sql("))");
        }
        select.sql(" ORDER BY e.at DESC, e.number DESC LIMIT ").bind(limit as i64);
        select.sql(") s").sql(&place.to_string());
    }
    if stretches.len() > 1 {
        select.sql(" ORDER BY 6 DESC, 7 DESC LIMIT ").bind(limit as i64).forget();
    }
}
