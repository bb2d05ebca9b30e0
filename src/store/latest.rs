//! How often something is referred to, and by what first and last: what is told of users by their sign-ins.

use diesel::RunQueryDsl;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::Store;
use super::row::Row;
use super::schema::resource;
use super::statement::Statement;
use crate::error::Result;
use crate::search::Key;

/// Resources that refer to one and the same, in one project.
#[derive(Debug, Clone)]
pub struct Referring {
    /// Id of what is referred to.
    pub id: String,
    pub count: i64,
    pub first: Row,
    pub last: Row,
}

/// What counts: a reference under a parameter, and a term under another.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'r> {
    pub key: Key,
    /// The qualifier of the type that is referred to.
    pub qualifier: i64,
    pub only: (Key, &'r str),
}

impl Store {
    /// For each of these ids that is referred to in a project: how often, and by which resources first and last.
    pub fn first_and_last(
        &self,
        project: i32,
        reference: Reference,
        ids: &[String],
    ) -> Result<Vec<Referring>> {
        let (only, value) = reference.only;
        let mut found: Vec<(String, i64, i64, i64)> = Vec::new();
        for ids in ids.chunks(100) {
            let mut select = Statement::<(Text, BigInt, BigInt, BigInt)>::new(
                "SELECT t.value, count(*), min(t.rid), max(t.rid) FROM term_index t WHERE t.project = ",
            );
            select.bind(project).sql(" AND t.param = ").bind(self.dictionary.param(reference.key));
            select.sql(" AND t.qualifier = ").bind(reference.qualifier).sql(" AND t.value IN (");
            for (place, id) in ids.iter().enumerate() {
                select.sql(if place == 0 { "" } else { ", " }).bind(id.as_str());
            }
            select.sql(") AND EXISTS (SELECT 1 FROM term_index o WHERE o.project = t.project AND o.param = ");
            select.bind(self.dictionary.param(only)).sql(" AND o.value = ").bind(value);
            select.sql(" AND o.rid = t.rid) GROUP BY t.value");
            found.extend(self.with(|connection| select.load::<(String, i64, i64, i64)>(connection))?);
        }
        let mut numbers: Vec<i64> = found.iter().flat_map(|(_, _, first, last)| [*first, *last]).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut rows = std::collections::HashMap::new();
        for numbers in numbers.chunks(200) {
            let loaded = self.rows(|connection| {
                resource::table
                    .filter(resource::project.eq(project).and(resource::rid.eq_any(numbers)))
                    .load(connection)
            })?;
            rows.extend(loaded.into_iter().map(|row| (row.rid, row)));
        }
        let told = |(id, count, first, last)| {
            let (first, last) = (rows.get(&first)?.clone(), rows.get(&last)?.clone());
            Some(Referring { id, count, first, last })
        };
        Ok(found.into_iter().filter_map(told).collect())
    }
}
