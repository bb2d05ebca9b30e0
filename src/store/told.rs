//! What was written, in the order of time and in either direction: the outbox as a log that others read on.

use diesel::sql_types::{BigInt, Bool, Integer, Text};
use diesel::{QueryResult, RunQueryDsl};

use super::Store;
use super::connect::AnyConnection;
use super::feed::Place;
use super::row::Row;
use super::statement::Statement;
use super::text::Stored;
use crate::error::Result;

/// A write, and the version that it made.
#[derive(Debug, Clone)]
pub struct Told {
    pub place: Place,
    /// Whether there was no such resource before, or a deleted one.
    pub created: bool,
    pub row: Row,
}

/// What of the log is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// Behind this place.
    pub after: Option<Place>,
    /// Before that one.
    pub before: Option<Place>,
    /// Newest first.
    pub descending: bool,
    pub limit: usize,
}

type Line = (i64, i64, String, i64, i32, i32, String, i64, i64, bool, Stored);
type LineTypes = (BigInt, BigInt, Text, BigInt, Integer, Integer, Text, BigInt, BigInt, Bool, Text);

/// What is read of a line `t`, and where it is.
const COLUMNS: &str = "SELECT t.at, t.number, t.action, r.rid, r.project, r.kind, r.id, t.version, t.at, \
    COALESCE(h.deleted, c.deleted, FALSE), COALESCE(h.body, c.body, '')";
const VERSION: &str = " JOIN resource r ON r.project = t.project AND r.rid = t.rid \
    LEFT JOIN history h ON h.project = t.project AND h.rid = t.rid AND h.version = t.version \
    LEFT JOIN resource c ON c.project = t.project AND c.rid = t.rid AND c.version = t.version";

/// Stretches read by one statement.
const TOGETHER: usize = 100;

impl Store {
    /// Writes to these projects and types.
    pub fn told(&self, stretches: &[(i32, i32)], span: Span) -> Result<Vec<Told>> {
        let mut found: Vec<Told> = Vec::new();
        for stretches in stretches.chunks(TOGETHER) {
            let order = if span.descending { "DESC" } else { "ASC" };
            let mut select = Statement::<LineTypes>::new(COLUMNS);
            select.sql(" FROM (");
            for (place, (project, kind)) in stretches.iter().enumerate() {
                select.sql(if place == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
                select.sql("SELECT e.project, e.rid, e.version, e.action, e.at, e.number FROM event e");
                select.sql(" WHERE e.project = ").bind(*project).sql(" AND e.kind = ").bind(*kind);
                for (bound, sign) in [(span.after, " > ("), (span.before, " < (")] {
                    if let Some(bound) = bound {
                        select.sql(" AND (e.at, e.number)").sql(sign).bind(bound.at).sql(", ");
                        select.bind(bound.number).sql(")");
                    }
                }
                select.sql(" ORDER BY e.at ").sql(order).sql(", e.number ").sql(order);
                select.sql(" LIMIT ").bind(span.limit as i64).sql(") s").sql(&place.to_string());
            }
            select.sql(") t").sql(VERSION).sql(" ORDER BY t.at ").sql(order);
            select.sql(", t.number ").sql(order).sql(" LIMIT ").bind(span.limit as i64).forget();
            found.extend(self.lines(select)?);
            found.sort_by_key(|told| told.place);
            if span.descending {
                found.reverse();
            }
            found.truncate(span.limit);
        }
        Ok(found)
    }

    /// One write, by the number of its line; nothing where it is no longer there.
    pub fn told_once(&self, number: i64) -> Result<Option<Told>> {
        let mut select = Statement::<LineTypes>::new(COLUMNS);
        select.sql(" FROM event t").sql(VERSION).sql(" WHERE t.number = ").bind(number);
        Ok(self.lines(select)?.pop())
    }

    fn lines(&self, select: Statement<LineTypes>) -> Result<Vec<Told>> {
        self.with(|connection| {
            let lines: Vec<Line> = select.load(connection)?;
            lines.into_iter().map(|line| Told::of(line, connection)).collect()
        })
    }
}

impl Told {
    fn of(line: Line, connection: &mut AnyConnection) -> QueryResult<Self> {
        let (at, number, action, rid, project, kind, id, version, updated, deleted, body) = line;
        let row = Row::of((rid, project, kind, id, version, updated, deleted, body), connection)?;
        Ok(Self { place: Place { at, number }, created: action == "create", row })
    }
}
