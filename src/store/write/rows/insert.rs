//! Rows put in, many a statement.

use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::super::super::connect::AnyConnection;
use super::super::super::dictionary::Dictionary;
use super::super::super::hashed::{self, Hashed};
use super::super::super::schema::credential;
use super::super::super::statement::Statement;
use super::super::apply::Step;
use crate::search::{Entry, EntryValue, Part};

/// Rows of one INSERT. Each number of rows is a statement of its own to keep prepared.
const CHUNK: usize = 64;

/// Inserts `items`, leaving out what conflicts, and gives the number of rows that went in.
pub(in super::super::super) fn chunked<T>(
    connection: &mut AnyConnection,
    head: &str,
    items: &[T],
    row: impl Fn(&mut Statement<Integer>, &T),
) -> QueryResult<usize> {
    let mut written = 0;
    for chunk in items.chunks(CHUNK) {
        let mut insert = Statement::<Integer>::new(head);
        for (i, item) in chunk.iter().enumerate() {
            if i > 0 {
                insert.sql(", ");
            }
            row(&mut insert, item);
        }
        insert.sql(" ON CONFLICT DO NOTHING");
        written += insert.execute(connection)?;
    }
    Ok(written)
}

/// An entry with what its row needs besides.
struct Indexed<'e> {
    project: i32,
    param: i32,
    rid: i64,
    entry: &'e Entry,
}

pub(in super::super) fn index(
    connection: &mut AnyConnection,
    dictionary: &Dictionary,
    steps: &[&Step],
) -> QueryResult<()> {
    let (mut strings, mut terms, mut ranges, mut tuples) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for step in steps {
        for entry in &step.change.index.add {
            let param = dictionary.param(entry.key);
            let indexed = Indexed { project: step.change.project, param, rid: step.rid, entry };
            match entry.value {
                EntryValue::Text { .. } => strings.push(indexed),
                EntryValue::Term { .. } => terms.push(indexed),
                EntryValue::Range { .. } => ranges.push(indexed),
                EntryValue::Part(_) => tuples.push(indexed),
                // Hashed, they stand in a table of their own.
                EntryValue::Word { .. } => {}
            }
        }
    }
    let head = "INSERT INTO string_index (project, param, rid, edge, value, exact) VALUES ";
    chunked(connection, head, &strings, row)?;
    let head = "INSERT INTO term_index (project, param, rid, edge, value, qualifier) VALUES ";
    chunked(connection, head, &terms, row)?;
    let head = "INSERT INTO range_index (project, param, rid, edge, low, high) VALUES ";
    chunked(connection, head, &ranges, row)?;
    let head = "INSERT INTO tuple_index (project, param, rid, edge, low, high, value, qualifier, tuple, part) VALUES ";
    chunked(connection, head, &tuples, row)?;
    Ok(())
}

fn row(insert: &mut Statement<Integer>, indexed: &Indexed) {
    insert.sql("(").bind(indexed.project).sql(", ").bind(indexed.param).sql(", ").bind(indexed.rid);
    insert.sql(", ").bind(i32::from(indexed.entry.edge)).sql(", ");
    match &indexed.entry.value {
        EntryValue::Text { folded, exact } => insert.bind(folded.as_str()).sql(", ").bind(exact.as_str()),
        EntryValue::Term { value, qualifier } => insert.bind(value.as_str()).sql(", ").bind(*qualifier),
        EntryValue::Range { low, high } => insert.bind(*low).sql(", ").bind(*high),
        EntryValue::Part(Part { low, high, value, qualifier, tuple, part }) => {
            insert.bind(*low).sql(", ").bind(*high).sql(", ").bind(value.as_str()).sql(", ").bind(*qualifier);
            insert.sql(", ").bind(*tuple).sql(", ").bind(*part)
        }
        EntryValue::Word { .. } => insert,
    };
    insert.sql(")");
}

/// Replaces trigrams and words where they change.
pub(in super::super) fn hashes(connection: &mut AnyConnection, steps: &[&Step]) -> QueryResult<()> {
    for step in steps {
        let change = &step.change.index.hashes;
        for (hashed, hashes) in [(Hashed::Trigrams, &change.trigrams), (Hashed::Words, &change.words)] {
            let Some(hashes) = hashes else { continue };
            let project = step.change.project;
            if step.change.replaces.is_some() {
                super::remove::hashes(connection, hashed, project, step.rid)?;
            }
            if hashes.is_empty() {
                continue;
            }
            let mut insert = Statement::<Integer>::new("INSERT INTO ");
            insert.sql(hashed.table());
            match connection {
                AnyConnection::Sqlite(_) => {
                    insert.sql(" (rowid, hashes) VALUES (").bind(step.rid);
                    insert.sql(", ").bind(hashed::document(hashes)).sql(")");
                }
                AnyConnection::Postgres(_) => {
                    insert.sql(" (project, rid, hashes) VALUES (").bind(project).sql(", ").bind(step.rid);
                    insert.sql(", ").bind(hashed::array(hashes)).sql("::INTEGER[])");
                }
            }
            insert.execute(connection)?;
        }
    }
    Ok(())
}

pub(in super::super) fn secrets(connection: &mut AnyConnection, steps: &[&Step]) -> QueryResult<()> {
    for step in steps {
        for secret in &step.change.secrets {
            let project = step.change.project;
            match &secret.value {
                Some(value) => {
                    let mut upsert = Statement::<Integer>::new(
                        "INSERT INTO credential (project, rid, name, value) VALUES (",
                    );
                    upsert
                        .bind(project)
                        .sql(", ")
                        .bind(step.rid)
                        .sql(", ")
                        .bind(secret.name.as_str())
                        .sql(", ");
                    upsert.bind(value.as_str());
                    upsert.sql(") ON CONFLICT (project, rid, name) DO UPDATE SET value = excluded.value");
                    upsert.execute(connection)?;
                }
                None => {
                    diesel::delete(
                        credential::table.filter(
                            credential::project
                                .eq(project)
                                .and(credential::rid.eq(step.rid))
                                .and(credential::name.eq(&secret.name)),
                        ),
                    )
                    .execute(connection)?;
                }
            }
        }
    }
    Ok(())
}

pub(in super::super) fn events(connection: &mut AnyConnection, steps: &[&Step]) -> QueryResult<()> {
    let head = "INSERT INTO event (project, kind, rid, version, action, at, author, request) VALUES ";
    chunked(connection, head, steps, |insert, step| {
        let change = step.change;
        insert.sql("(").bind(change.project).sql(", ").bind(change.kind).sql(", ").bind(step.rid).sql(", ");
        insert
            .bind(change.version)
            .sql(", ")
            .bind(change.event.action)
            .sql(", ")
            .bind(change.updated)
            .sql(", ");
        insert.bind(change.event.author.as_str()).sql(", ").bind(change.event.request.as_str()).sql(")");
    })?;
    Ok(())
}
