//! What was appended behind a place, in an order in which nothing comes late.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::super::connect::AnyConnection;
use super::super::row::{Columns, Row};
use super::super::schema::{history, resource};
use super::super::statement::Statement;
use super::super::text::Stored;
use super::super::{Store, failed};
use super::{Appended, Outbox, Position};
use crate::error::Result;

type Line = (i64, i64, i32, i32, i64, i64, String, String);
type LineTypes = (BigInt, BigInt, Integer, Integer, BigInt, BigInt, Text, Text);

impl Outbox {
    /// At most `limit` of what stands behind `after`, and the place up to which all of it is read. With `only`,
    /// the changes of one type are told and all others passed over.
    pub fn read(
        &mut self,
        after: Position,
        only: Option<i32>,
        limit: usize,
    ) -> Result<(Vec<Appended>, Position)> {
        let end = self.end(after)?;
        if (end.txid, end.number) <= (after.txid, after.number) {
            return Ok((Vec::new(), after));
        }
        let mut lines = Statement::<LineTypes>::new(
            "SELECT number, txid, project, kind, rid, version, action, author FROM event",
        );
        let order = match self.connection {
            AnyConnection::Sqlite(_) => {
                lines.sql(" WHERE number > ").bind(after.number).sql(" AND number <= ").bind(end.number);
                " ORDER BY number LIMIT "
            }
            AnyConnection::Postgres(_) => {
                lines.sql(" WHERE (txid, number) > (").bind(after.txid).sql(", ").bind(after.number);
                lines.sql(") AND txid < ").bind(end.txid);
                " ORDER BY txid, number LIMIT "
            }
        };
        if let Some(kind) = only {
            lines.sql(" AND kind = ").bind(kind);
        }
        lines.sql(order).bind(limit as i64);
        let lines: Vec<Line> = lines.load(&mut self.connection).map_err(failed)?;
        let lines: Vec<Appended> = lines.into_iter().map(Appended::from).collect();
        let mut read = match lines.last() {
            Some(last) if lines.len() == limit => last.at,
            _ => end,
        };
        let met = lines.iter().map(|line| line.at.number);
        read.seen = met.chain([read.seen, after.seen]).max().unwrap_or(0);
        Ok((lines, read))
    }

    /// The place behind which more may come.
    fn end(&mut self, after: Position) -> Result<Position> {
        match self.connection {
            AnyConnection::Sqlite(_) => {
                let last: Option<i64> = Statement::<Nullable<BigInt>>::new("SELECT max(number) FROM event")
                    .get_result(&mut self.connection)
                    .map_err(failed)?;
                let last = last.unwrap_or(0);
                Ok(Position { number: last, seen: last, ..after })
            }
            // Below the oldest transaction that still runs all have ended; above it one may yet append.
            AnyConnection::Postgres(_) => {
                let oldest: i64 =
                    Statement::<BigInt>::new("SELECT txid_snapshot_xmin(txid_current_snapshot())")
                        .get_result(&mut self.connection)
                        .map_err(failed)?;
                let mut last =
                    Statement::<Nullable<BigInt>>::new("SELECT max(number) FROM event WHERE txid >= ");
                last.bind(after.txid).sql(" AND txid < ").bind(oldest);
                let last: Option<i64> = last.get_result(&mut self.connection).map_err(failed)?;
                Ok(Position { txid: oldest, number: 0, seen: last.unwrap_or(0).max(after.seen) })
            }
        }
    }
}

impl From<Line> for Appended {
    fn from((number, txid, project, kind, rid, version, action, author): Line) -> Self {
        Self { at: Position { txid, number, seen: number }, project, kind, rid, version, action, author }
    }
}

impl Store {
    /// A resource as one of its versions has it, current or not.
    pub fn past(&self, project: i32, rid: i64, version: i64) -> Result<Option<Row>> {
        self.with(|connection| {
            let current = resource::table
                .filter(resource::project.eq(project).and(resource::rid.eq(rid)))
                .first::<Columns>(connection)
                .optional()?
                .map(|columns| Row::of(columns, connection))
                .transpose()?;
            let current = match current {
                Some(row) if row.version != version => row,
                found => return Ok(found),
            };
            let old = history::table
                .filter(
                    history::project.eq(project).and(history::rid.eq(rid)).and(history::version.eq(version)),
                )
                .select((history::updated, history::deleted, history::body))
                .first::<(i64, bool, Stored)>(connection)
                .optional()?;
            let Some((updated, deleted, body)) = old else { return Ok(None) };
            let body = body.text(connection, project, rid)?;
            Ok(Some(Row { version, updated, deleted, body, ..current }))
        })
    }
}
