//! Rows taken out.

use diesel::prelude::*;
use diesel::sql_types::Integer;
use serde_json::{Value, json};

use super::super::super::connect::AnyConnection;
use super::super::super::dictionary::Dictionary;
use super::super::super::hashed::Hashed;
use super::super::super::schema::{range_index, tuple_index};
use super::super::super::statement::Statement;
use super::super::apply::Step;
use crate::search::{EntryValue, Part};

pub(in super::super) fn index(
    connection: &mut AnyConnection,
    dictionary: &Dictionary,
    steps: &[&Step],
) -> QueryResult<()> {
    for step in steps {
        if step.change.index.clear {
            clear(connection, step.change.project, step.rid)?;
        }
        let entries = &step.change.index.remove;
        for entry in entries {
            let (project, param, rid) = (step.change.project, dictionary.param(entry.key), step.rid);
            match &entry.value {
                EntryValue::Range { low, high } => {
                    diesel::delete(
                        range_index::table
                            .filter(range_index::project.eq(project).and(range_index::param.eq(param)))
                            .filter(range_index::low.eq(low).and(range_index::rid.eq(rid)))
                            .filter(range_index::high.eq(high)),
                    )
                    .execute(connection)?;
                }
                EntryValue::Part(part) => {
                    let Part { low, high, value, qualifier, tuple, part } = part;
                    let key = (project, param, low, rid, high, value, qualifier, tuple, part);
                    diesel::delete(tuple_index::table.find(key)).execute(connection)?;
                }
                EntryValue::Text { .. } | EntryValue::Term { .. } | EntryValue::Word { .. } => {}
            }
        }
        // A list may have lost thousands: those of one parameter go by one statement.
        for of_one in entries.chunk_by(|one, other| one.key == other.key) {
            let (mut texts, mut terms) = (Vec::new(), Vec::new());
            for entry in of_one {
                match &entry.value {
                    EntryValue::Text { folded, exact } => texts.push(json!([folded, exact])),
                    EntryValue::Term { value, qualifier } => terms.push(json!([value, qualifier])),
                    EntryValue::Range { .. } | EntryValue::Part(_) | EntryValue::Word { .. } => {}
                }
            }
            let place = (step.change.project, dictionary.param(of_one[0].key), step.rid);
            many(connection, ("string_index", "exact", "TEXT"), place, &texts)?;
            many(connection, ("term_index", "qualifier", "BIGINT"), place, &terms)?;
        }
    }
    Ok(())
}

/// Rows of one resource and one parameter, by their values and what stands beside these in `column`.
fn many(
    connection: &mut AnyConnection,
    (table, column, kind): (&str, &str, &str),
    (project, param, rid): (i32, i32, i64),
    pairs: &[Value],
) -> QueryResult<()> {
    if pairs.is_empty() {
        return Ok(());
    }
    let pairs = Value::from(pairs).to_string();
    let mut delete = Statement::<Integer>::new("DELETE FROM ");
    delete.sql(table).sql(" WHERE project = ").bind(project).sql(" AND param = ").bind(param);
    delete.sql(" AND rid = ").bind(rid).sql(" AND (value, ").sql(column);
    match connection {
        AnyConnection::Sqlite(_) => delete
            .sql(") IN (SELECT json_extract(pair.value, '$[0]'), json_extract(pair.value, '$[1]') FROM json_each(")
            .bind(pairs)
            .sql(") AS pair)"),
        AnyConnection::Postgres(_) => delete
            .sql(") IN (SELECT pair ->> 0, (pair ->> 1)::")
            .sql(kind)
            .sql(" FROM jsonb_array_elements(")
            .bind(pairs)
            .sql("::JSONB) AS pairs (pair))"),
    };
    delete.execute(connection).map(drop)
}

/// Everything the resource is found by.
pub(in super::super) fn clear(connection: &mut AnyConnection, project: i32, rid: i64) -> QueryResult<()> {
    for table in ["string_index", "term_index", "range_index", "tuple_index"] {
        let mut delete = Statement::<Integer>::new("DELETE FROM ");
        delete.sql(table);
        if matches!(connection, AnyConnection::Sqlite(_)) {
            // Left to itself, SQLite goes through the whole project.
            delete.sql(" INDEXED BY ").sql(table).sql("_rid");
        }
        delete.sql(" WHERE project = ").bind(project).sql(" AND rid = ").bind(rid);
        delete.execute(connection)?;
    }
    Ok(())
}

pub(in super::super) fn hashes(
    connection: &mut AnyConnection,
    hashed: Hashed,
    project: i32,
    rid: i64,
) -> QueryResult<()> {
    let mut delete = Statement::<Integer>::new("DELETE FROM ");
    delete.sql(hashed.table());
    match connection {
        AnyConnection::Sqlite(_) => delete.sql(" WHERE rowid = "),
        AnyConnection::Postgres(_) => delete.sql(" WHERE project = ").bind(project).sql(" AND rid = "),
    };
    delete.bind(rid);
    delete.execute(connection).map(drop)
}
