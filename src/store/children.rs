//! The child projects of a project, in the order of their ids, and what is in all of them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};

use super::Store;
use super::connect::AnyConnection;
use super::dictionary::Dictionary;
use super::row::Row;
use super::schema::project;
use super::statement::Statement;
use super::write::Change;
use crate::error::Result;
use crate::search::{EntryValue, Key};

type ColumnTypes = (BigInt, Integer, Integer, Text, BigInt, BigInt, Bool, Text);

/// Where the children that are wanted lie.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'s> {
    /// Not this id, but those behind it in the direction of reading.
    pub beyond: Option<&'s str>,
    pub descending: bool,
    pub limit: usize,
}

impl Store {
    /// Numbers and ids of children of a project.
    pub fn children(&self, parent: i32, stretch: Stretch<'_>) -> Result<Vec<(i32, String)>> {
        let mut children =
            Statement::<(Integer, Text)>::new("SELECT number, id FROM project WHERE parent = ");
        children.bind(parent);
        if let Some(id) = stretch.beyond {
            children.sql(if stretch.descending { " AND id < " } else { " AND id > " }).bind(id);
        }
        children.sql(if stretch.descending { " ORDER BY id DESC LIMIT " } else { " ORDER BY id LIMIT " });
        children.bind(stretch.limit as i64);
        self.with(|connection| children.load(connection))
    }

    /// A project, its children, and theirs, each before its own.
    pub fn descent(&self, project: i32) -> Result<Vec<i32>> {
        let (mut all, mut place) = (vec![project], 0);
        while let Some(parent) = all.get(place) {
            let mut children = Statement::<Integer>::new("SELECT number FROM project WHERE parent = ");
            children.bind(*parent).sql(" ORDER BY id");
            let children: Vec<i32> = self.with(|connection| children.load(connection))?;
            let fresh: Vec<i32> = children.into_iter().filter(|number| !all.contains(number)).collect();
            all.extend(fresh);
            place += 1;
        }
        Ok(all)
    }

    /// The project that a project is a child of.
    pub fn parent(&self, number: i32) -> Result<Option<i32>> {
        self.with(|connection| {
            project::table.find(number).select(project::parent).first::<Option<i32>>(connection).optional()
        })
        .map(Option::flatten)
    }

    /// Resources of a type in the children of a project that have a term, in the order of ids.
    pub fn below(&self, parent: i32, kind: i32, key: Key, term: (&str, i64)) -> Result<Vec<Row>> {
        let mut rows = Statement::<ColumnTypes>::new(
            "SELECT r.rid, r.project, r.kind, r.id, r.version, r.updated, r.deleted, r.body \
             FROM project p CROSS JOIN term_index t CROSS JOIN resource r WHERE p.parent = ",
        );
        rows.bind(parent).sql(" AND t.project = p.number AND t.param = ").bind(self.dictionary.param(key));
        rows.sql(" AND t.value = ").bind(term.0).sql(" AND t.qualifier = ").bind(term.1);
        rows.sql(" AND r.project = t.project AND r.rid = t.rid AND r.kind = ").bind(kind);
        rows.sql(" AND r.deleted = FALSE ORDER BY r.id");
        self.rows(|connection| rows.load(connection))
    }
}

/// Writes down whose children the projects among these changes are from now on.
pub(super) fn adopt<'c>(
    connection: &mut AnyConnection,
    dictionary: &Dictionary,
    changes: impl Iterator<Item = &'c Change>,
) -> QueryResult<()> {
    let Some(parent) = dictionary.parent() else { return Ok(()) };
    for change in changes.filter(|change| dictionary.kind("Project") == Some(change.kind)) {
        let index = &change.index;
        if !index.remove.iter().chain(&index.add).any(|entry| entry.key == parent) {
            continue;
        }
        let named = index.add.iter().find(|entry| entry.key == parent).and_then(|entry| match &entry.value {
            EntryValue::Term { value, .. } => Some(value.as_str()),
            _ => None,
        });
        let number = match named {
            Some(id) => project::table
                .filter(project::id.eq(id))
                .select(project::number)
                .first::<i32>(connection)
                .optional()?,
            None => None,
        };
        diesel::update(project::table.find(change.project))
            .set(project::parent.eq(number))
            .execute(connection)?;
    }
    Ok(())
}
