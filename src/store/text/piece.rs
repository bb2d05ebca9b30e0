//! The pieces of the texts of a resource: read, kept, and dropped once no version has them any more.
//!
//! On PostgreSQL, whoever keeps or drops some holds the row of the resource, so that none is dropped that another version
//! is about to name.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::super::connect::AnyConnection;
use super::super::schema::piece;
use super::super::statement::Statement;
use super::super::write::insert_many;
use super::{Laid, MARK, Stored};

/// Names in one statement.
const MANY: usize = 1000;

/// Texts by name; those that are not there are left out.
pub(super) fn load<'n>(
    connection: &mut AnyConnection,
    project: i32,
    rid: i64,
    names: impl Iterator<Item = &'n str>,
) -> QueryResult<HashMap<String, String>> {
    let names: Vec<&str> = names.collect();
    let mut found = HashMap::with_capacity(names.len());
    for names in names.chunks(MANY) {
        let some = piece::table
            .filter(piece::project.eq(project).and(piece::rid.eq(rid)).and(piece::hash.eq_any(names)))
            .select((piece::hash, piece::text));
        found.extend(some.load::<(String, String)>(connection)?);
    }
    Ok(found)
}

/// Keeps the pieces of a text, but for those of a version that is there.
pub(in super::super) fn keep(
    connection: &mut AnyConnection,
    project: i32,
    rid: i64,
    text: &Laid,
    there: Option<i64>,
) -> QueryResult<()> {
    let there = match there {
        Some(version) if text.is_long() => stored(connection, project, rid, version)?,
        _ => Vec::new(),
    };
    let known: HashSet<&str> = there.iter().flat_map(Stored::names).collect();
    let fresh: Vec<_> = text.pieces.iter().filter(|(name, _)| !known.contains(name.as_str())).collect();
    insert_many(
        connection,
        "INSERT INTO piece (project, rid, hash, text) VALUES ",
        &fresh,
        |insert, (name, text)| {
            insert.sql("(").bind(project).sql(", ").bind(rid).sql(", ").bind(name.as_str());
            insert.sql(", ").bind(*text).sql(")");
        },
    )
    .map(drop)
}

/// Keeps the pieces of the new text of a version, and drops what only its old one had.
pub(in super::super) fn exchange(
    connection: &mut AnyConnection,
    project: i32,
    rid: i64,
    (old, new): (&Laid, &Laid),
) -> QueryResult<()> {
    keep(connection, project, rid, new, None)?;
    if old.is_long() { drop_unnamed(connection, project, rid) } else { Ok(()) }
}

/// Until the transaction ends nobody else writes the resource. SQLite has one writer anyway.
pub(in super::super) fn hold(connection: &mut AnyConnection, project: i32, rid: i64) -> QueryResult<()> {
    if matches!(connection, AnyConnection::Postgres(_)) {
        let mut lock = Statement::<BigInt>::new("SELECT rid FROM resource WHERE project = ");
        lock.bind(project).sql(" AND rid = ").bind(rid).sql(" FOR UPDATE");
        let _: Vec<i64> = lock.load(connection)?;
    }
    Ok(())
}

/// What stands in the history for a version.
fn stored(connection: &mut AnyConnection, project: i32, rid: i64, version: i64) -> QueryResult<Vec<Stored>> {
    let mut old = Statement::<Text>::new("SELECT body FROM history WHERE project = ");
    old.bind(project).sql(" AND rid = ").bind(rid).sql(" AND version = ").bind(version);
    old.load(connection)
}

/// Drops the pieces that no version names any more.
pub(in super::super) fn drop_unnamed(
    connection: &mut AnyConnection,
    project: i32,
    rid: i64,
) -> QueryResult<()> {
    let own = piece::project.eq(project).and(piece::rid.eq(rid));
    let all: Vec<String> = piece::table.filter(own).select(piece::hash).load(connection)?;
    if all.is_empty() {
        return Ok(());
    }
    hold(connection, project, rid)?;
    let mut bodies = Statement::<Text>::new("");
    for (table, and) in [("resource", " UNION ALL "), ("history", "")] {
        bodies.sql("SELECT body FROM ").sql(table).sql(" WHERE project = ").bind(project);
        bodies.sql(" AND rid = ").bind(rid).sql(" AND body LIKE '").sql(&MARK.to_string()).sql("%'").sql(and);
    }
    let bodies: Vec<Stored> = bodies.load(connection)?;
    let named: HashSet<&str> = bodies.iter().flat_map(Stored::names).collect();
    let unnamed: Vec<&String> = all.iter().filter(|name| !named.contains(name.as_str())).collect();
    for names in unnamed.chunks(MANY) {
        diesel::delete(piece::table.filter(own.and(piece::hash.eq_any(names)))).execute(connection)?;
    }
    Ok(())
}

/// Drops all pieces of a resource.
pub(in super::super) fn drop_all(connection: &mut AnyConnection, project: i32, rid: i64) -> QueryResult<()> {
    let own = piece::project.eq(project).and(piece::rid.eq(rid));
    diesel::delete(piece::table.filter(own)).execute(connection).map(drop)
}
