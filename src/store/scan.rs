//! Walking everything that is stored, to prove or to rebuild its index.

use std::collections::HashSet;

use diesel::prelude::*;

use super::Store;
use super::row::{Columns, Row};
use super::schema::{history, range_index, resource, string_index, term_index, tuple_index, unique_key};
use crate::error::Result;
use crate::search::{Entry, EntryValue, Facet, Key, Part};

type TupleRow = (i32, i64, i64, String, i64, i32, i32, i32);

/// The index rows of one resource, as they are in the database.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Indexed {
    /// Parameter number, folded value, exact value, edge.
    pub strings: Vec<(i32, String, String, i32)>,
    /// Parameter number, value, qualifier, edge.
    pub terms: Vec<(i32, String, i64, i32)>,
    /// Parameter number, low, high, edge.
    pub ranges: Vec<(i32, i64, i64, i32)>,
    /// Parameter number, low, high, value, qualifier, tuple, part, edge.
    pub tuples: Vec<TupleRow>,
}

impl Store {
    /// Current versions in the order of their number, deleted ones too.
    pub fn scan(&self, after: i64, limit: i64) -> Result<Vec<Row>> {
        self.rows(|connection| {
            resource::table
                .filter(resource::rid.gt(after))
                .order(resource::rid)
                .limit(limit)
                .load::<Columns>(connection)
        })
    }

    /// What the database has indexed for a resource, sorted.
    pub fn indexed(&self, row: &Row) -> Result<Indexed> {
        let (project, rid) = (row.project, row.rid);
        let mut indexed = self.with(|connection| {
            Ok(Indexed {
                strings: string_index::table
                    .filter(string_index::project.eq(project).and(string_index::rid.eq(rid)))
                    .select((
                        string_index::param,
                        string_index::value,
                        string_index::exact,
                        string_index::edge,
                    ))
                    .load(connection)?,
                terms: term_index::table
                    .filter(term_index::project.eq(project).and(term_index::rid.eq(rid)))
                    .select((term_index::param, term_index::value, term_index::qualifier, term_index::edge))
                    .load(connection)?,
                ranges: range_index::table
                    .filter(range_index::project.eq(project).and(range_index::rid.eq(rid)))
                    .select((range_index::param, range_index::low, range_index::high, range_index::edge))
                    .load(connection)?,
                tuples: tuple_index::table
                    .filter(tuple_index::project.eq(project).and(tuple_index::rid.eq(rid)))
                    .select((
                        tuple_index::param,
                        tuple_index::low,
                        tuple_index::high,
                        tuple_index::value,
                        tuple_index::qualifier,
                        tuple_index::tuple,
                        tuple_index::part,
                        tuple_index::edge,
                    ))
                    .load(connection)?,
            })
        })?;
        indexed.sort();
        Ok(indexed)
    }

    /// What the database should have indexed for these entries, sorted.
    pub fn due(&self, entries: &[Entry]) -> Indexed {
        let mut due = Indexed::default();
        for entry in entries {
            let (param, edge) = (self.dictionary.param(entry.key), i32::from(entry.edge));
            match &entry.value {
                EntryValue::Text { folded, exact } => {
                    due.strings.push((param, folded.clone(), exact.clone(), edge))
                }
                EntryValue::Term { value, qualifier } => {
                    due.terms.push((param, value.clone(), *qualifier, edge))
                }
                EntryValue::Range { low, high } => due.ranges.push((param, *low, *high, edge)),
                EntryValue::Part(Part { low, high, value, qualifier, tuple, part }) => {
                    due.tuples.push((param, *low, *high, value.clone(), *qualifier, *tuple, *part, edge));
                }
                EntryValue::Word { .. } => {}
            }
        }
        due.sort();
        due
    }

    /// The resource that has claimed a unique value.
    pub fn unique_owner(&self, project: i32, slot: usize, value: &str) -> Result<Option<i64>> {
        let param = self.dictionary.param(Key { slot, facet: Facet::Value });
        self.with(|connection| {
            unique_key::table
                .filter(
                    unique_key::project
                        .eq(project)
                        .and(unique_key::param.eq(param))
                        .and(unique_key::value.eq(value)),
                )
                .select(unique_key::rid)
                .first(connection)
                .optional()
        })
    }

    pub fn count_unique(&self) -> Result<u64> {
        self.with(|connection| unique_key::table.count().get_result::<i64>(connection)).map(i64::unsigned_abs)
    }

    /// The version numbers kept in the history of a resource, ascending.
    pub fn kept_versions(&self, row: &Row) -> Result<Vec<i64>> {
        self.with(|connection| {
            history::table
                .filter(history::project.eq(row.project).and(history::rid.eq(row.rid)))
                .select(history::version)
                .order(history::version)
                .load(connection)
        })
    }
}

impl Indexed {
    /// The same without what stands under these numbers.
    pub fn without(mut self, numbers: &HashSet<i32>) -> Self {
        self.strings.retain(|row| !numbers.contains(&row.0));
        self.terms.retain(|row| !numbers.contains(&row.0));
        self.ranges.retain(|row| !numbers.contains(&row.0));
        self
    }

    fn sort(&mut self) {
        self.strings.sort();
        self.terms.sort();
        self.ranges.sort();
        self.tuples.sort();
    }
}
