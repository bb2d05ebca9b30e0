//! Versions removed for good, with all that was kept of them: rows, index, keys, secrets, events.
//!
//! What a delete leaves behind (<https://hl7.org/fhir/R4/http.html#delete>) is gone afterwards.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::super::connect::{AnyConnection, checkout};
use super::super::dictionary::Dictionary;
use super::super::hashed::Hashed;
use super::super::row::{Columns, Row};
use super::super::schema::{credential, delivery, event, history, replay, resource, unique_key};
use super::super::statement::Statement;
use super::super::text::{self, Laid};
use super::super::{Store, failed};
use super::rows::remove;
use crate::error::Result;
use crate::search::{Facet, Key};

/// A resource, as it was found, of which something is to be removed.
#[derive(Debug, Clone)]
pub struct Removal {
    pub row: Row,
    /// All of it; else the versions before the current one.
    pub whole: bool,
    /// With the event of the last version: nobody needs to hear of it any more.
    pub forgotten: bool,
    /// Its unique keys: slot of the parameter and value.
    pub release: Vec<(usize, String)>,
}

impl Store {
    /// Current versions in the order of their number, deleted ones too, of some projects and types.
    pub fn stored(&self, project: Option<i32>, kinds: &[i32], after: i64, limit: i64) -> Result<Vec<Row>> {
        self.rows(|connection| {
            let mut rows = resource::table
                .filter(resource::rid.gt(after).and(resource::kind.eq_any(kinds)))
                .order(resource::rid)
                .limit(limit)
                .into_boxed();
            if let Some(project) = project {
                rows = rows.filter(resource::project.eq(project));
            }
            rows.load::<Columns>(connection)
        })
    }

    /// Carries out the removals, oldest versions first, until `most` versions are gone; all of that or
    /// nothing. What was written meanwhile keeps its current version. Gives the number of versions.
    pub fn expunge(&self, removals: &[Removal], most: u64) -> Result<u64> {
        let mut removals: Vec<&Removal> = removals.iter().collect();
        removals.sort_by_key(|one| (one.row.project, one.row.kind, &one.row.id));
        let mut connection = checkout(&self.pool)?;
        connection.batch_execute(if self.sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" }).map_err(failed)?;
        let done = run(&mut connection, &self.dictionary, &removals, most)
            .and_then(|count| connection.batch_execute("COMMIT").map(|()| count));
        let keys = removals.iter().map(|one| (one.row.project, one.row.kind, one.row.id.as_str()));
        self.cache.committed(keys);
        self.memory.written(removals.iter().map(|one| (one.row.project, one.row.kind)));
        done.map_err(|error| {
            // After a broken connection there is nothing left to roll back.
            let _ = connection.batch_execute("ROLLBACK");
            failed(error)
        })
    }
}

fn run(
    connection: &mut AnyConnection,
    dictionary: &Dictionary,
    removals: &[&Removal],
    most: u64,
) -> QueryResult<u64> {
    let mut count = 0;
    for removal in removals {
        if count >= most {
            break;
        }
        let row = &removal.row;
        count += previous(connection, row, most - count)?;
        text::drop_unnamed(connection, row.project, row.rid)?;
        if removal.whole && count < most && current(connection, dictionary, removal)? {
            count += 1;
        }
    }
    Ok(count)
}

/// Removes the oldest versions of those before the current one.
fn previous(connection: &mut AnyConnection, row: &Row, most: u64) -> QueryResult<u64> {
    let versions: Vec<(i64, i64)> = history::table
        .filter(history::project.eq(row.project).and(history::rid.eq(row.rid)))
        .order(history::version)
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select((history::version, history::updated))
        .load(connection)?;
    for (version, at) in &versions {
        diesel::delete(history::table.filter(
            history::project.eq(row.project).and(history::rid.eq(row.rid)).and(history::version.eq(version)),
        ))
        .execute(connection)?;
        forget(connection, row, *version, *at)?;
    }
    Ok(versions.len() as u64)
}

/// Removes the current version and everything that hangs on the resource.
fn current(connection: &mut AnyConnection, dictionary: &Dictionary, removal: &Removal) -> QueryResult<bool> {
    let row = &removal.row;
    let (project, rid) = (row.project, row.rid);
    let body = Laid::out(&row.body).body;
    let gone = diesel::delete(
        resource::table.filter(
            resource::project
                .eq(project)
                .and(resource::rid.eq(rid))
                .and(resource::version.eq(row.version))
                .and(resource::body.eq(&*body).or(resource::body.eq(&*row.body))),
        ),
    )
    .execute(connection)?;
    if gone == 0 {
        return Ok(false);
    }
    text::drop_all(connection, project, rid)?;
    remove::clear(connection, project, rid)?;
    remove::hashes(connection, Hashed::Trigrams, project, rid)?;
    remove::hashes(connection, Hashed::Words, project, rid)?;
    for (slot, value) in &removal.release {
        let param = dictionary.param(Key { slot: *slot, facet: Facet::Value });
        let own = unique_key::project.eq(project).and(unique_key::param.eq(param));
        diesel::delete(
            unique_key::table.filter(own.and(unique_key::value.eq(value)).and(unique_key::rid.eq(rid))),
        )
        .execute(connection)?;
    }
    diesel::delete(credential::table.filter(credential::project.eq(project).and(credential::rid.eq(rid))))
        .execute(connection)?;
    // Of a subscription, what it was told.
    diesel::delete(delivery::table.filter(delivery::project.eq(project).and(delivery::subscription.eq(rid))))
        .execute(connection)?;
    diesel::delete(replay::table.find((project, rid))).execute(connection)?;
    if removal.forgotten {
        forget(connection, row, row.version, row.updated)?;
    }
    if let AnyConnection::Sqlite(_) = connection {
        let mut retire = Statement::<BigInt>::new("UPDATE retired SET rid = max(rid, ");
        retire.bind(rid).sql(")");
        retire.execute(connection)?;
    }
    Ok(true)
}

/// Removes the event of a version.
fn forget(connection: &mut AnyConnection, row: &Row, version: i64, at: i64) -> QueryResult<()> {
    let written = event::project.eq(row.project).and(event::kind.eq(row.kind)).and(event::at.eq(at));
    diesel::delete(event::table.filter(written.and(event::rid.eq(row.rid)).and(event::version.eq(version))))
        .execute(connection)
        .map(drop)
}

/// Whether a resource is still as it was read; on PostgreSQL it stays so until the transaction ends.
pub(super) fn stands(
    connection: &mut AnyConnection,
    project: i32,
    rid: i64,
    version: i64,
    body: &str,
) -> QueryResult<bool> {
    let mut ask = Statement::<BigInt>::new("SELECT rid FROM resource WHERE project = ");
    ask.bind(project).sql(" AND rid = ").bind(rid).sql(" AND version = ").bind(version);
    ask.sql(" AND (body = ").bind(&*Laid::out(body).body).sql(" OR body = ").bind(body).sql(")");
    if matches!(connection, AnyConnection::Postgres(_)) {
        ask.sql(" FOR UPDATE");
    }
    let found: Vec<i64> = ask.load(connection)?;
    Ok(!found.is_empty())
}
