//! Rows taken out.

use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::super::super::connect::AnyConnection;
use super::super::super::dictionary::Dictionary;
use super::super::super::hashed::Hashed;
use super::super::super::schema::{range_index, string_index, term_index, tuple_index};
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
        for entry in &step.change.index.remove {
            let (project, param, rid) = (step.change.project, dictionary.param(entry.key), step.rid);
            match &entry.value {
                EntryValue::Text { folded, exact } => {
                    diesel::delete(string_index::table.find((project, param, folded, rid, exact)))
                        .execute(connection)?;
                }
                EntryValue::Term { value, qualifier } => {
                    diesel::delete(
                        term_index::table
                            .filter(term_index::project.eq(project).and(term_index::param.eq(param)))
                            .filter(term_index::value.eq(value).and(term_index::rid.eq(rid)))
                            .filter(term_index::qualifier.eq(qualifier)),
                    )
                    .execute(connection)?;
                }
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
                EntryValue::Word { .. } => {}
            }
        }
    }
    Ok(())
}

/// Everything the resource is found by.
pub(in super::super) fn clear(connection: &mut AnyConnection, project: i32, rid: i64) -> QueryResult<()> {
    diesel::delete(
        string_index::table.filter(string_index::project.eq(project).and(string_index::rid.eq(rid))),
    )
    .execute(connection)?;
    diesel::delete(term_index::table.filter(term_index::project.eq(project).and(term_index::rid.eq(rid))))
        .execute(connection)?;
    diesel::delete(range_index::table.filter(range_index::project.eq(project).and(range_index::rid.eq(rid))))
        .execute(connection)?;
    diesel::delete(tuple_index::table.filter(tuple_index::project.eq(project).and(tuple_index::rid.eq(rid))))
        .execute(connection)?;
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
