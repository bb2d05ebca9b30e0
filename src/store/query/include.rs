//! What resources refer to, and what refers to them (<https://hl7.org/fhir/R4/search.html#revinclude>): the
//! index of references, from either end.

use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Bool, Integer, Text};

use super::super::Store;
use super::super::row::Row;
use super::super::statement::{Bind, Statement};
use super::COLUMNS;
use crate::error::Result;
use crate::search::Key;

type RowColumns = (BigInt, Integer, Integer, Text, BigInt, BigInt, Bool, Text);

/// Values of one IN.
const TOGETHER: usize = 500;

impl Store {
    /// Ids, with the qualifiers of their types, that these resources of a project refer to.
    pub fn referenced(&self, project: i32, rids: &[i64], keys: &[Key]) -> Result<Vec<(String, i64)>> {
        let mut found: Vec<(String, i64)> = Vec::new();
        for rids in rids.chunks(TOGETHER) {
            let mut select =
                Statement::<(Text, BigInt)>::new("SELECT DISTINCT l.value, l.qualifier FROM term_index l");
            select.sql(if self.sqlite { " INDEXED BY term_index_rid" } else { "" });
            select.sql(" WHERE l.project = ").bind(project).sql(" AND l.rid IN ");
            list(&mut select, rids.iter().copied());
            select.sql(" AND l.param IN ");
            list(&mut select, keys.iter().map(|key| self.dictionary.param(*key)));
            select.sql(" AND l.qualifier <> 0").forget();
            found.extend(self.with(|connection| select.load::<(String, i64)>(connection))?);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The living resources that refer to these ids of a type, at most `limit`.
    pub fn referring(
        &self,
        project: i32,
        ids: &[&str],
        qualifier: i64,
        keys: &[Key],
        limit: usize,
    ) -> Result<Vec<Row>> {
        let mut found = Vec::new();
        for ids in ids.chunks(TOGETHER) {
            let mut select = Statement::<RowColumns>::new("SELECT ");
            select.sql(COLUMNS).sql(" FROM (SELECT DISTINCT l.rid FROM term_index l WHERE l.project = ");
            select.bind(project).sql(" AND l.param IN ");
            list(&mut select, keys.iter().map(|key| self.dictionary.param(*key)));
            select.sql(" AND l.value IN ");
            list(&mut select, ids.iter().copied());
            select
                .sql(" AND l.qualifier = ")
                .bind(qualifier)
                .sql(") c CROSS JOIN resource r WHERE r.project = ");
            select.bind(project).sql(" AND r.rid = c.rid AND r.deleted = FALSE ORDER BY r.rid LIMIT ");
            select.bind(limit as i64).forget();
            found.extend(self.rows(|connection| select.load(connection))?);
        }
        Ok(found)
    }

    /// The living resources of a type with these ids.
    pub fn living(&self, project: i32, kind: i32, ids: &[&str]) -> Result<Vec<Row>> {
        let mut found = Vec::new();
        for ids in ids.chunks(TOGETHER) {
            let mut select = Statement::<RowColumns>::new("SELECT ");
            select.sql(COLUMNS).sql(" FROM resource r WHERE r.project = ").bind(project);
            select.sql(" AND r.kind = ").bind(kind).sql(" AND r.deleted = FALSE AND r.id IN ");
            list(&mut select, ids.iter().copied());
            select.forget();
            found.extend(self.rows(|connection| select.load(connection))?);
        }
        Ok(found)
    }
}

fn list<ST, B: Into<Bind>>(statement: &mut Statement<ST>, values: impl Iterator<Item = B>) {
    statement.sql("(");
    let mut none = true;
    for value in values {
        statement.sql(if none { "" } else { ", " }).bind(value);
        none = false;
    }
    statement.sql(if none { "NULL)" } else { ")" });
}
