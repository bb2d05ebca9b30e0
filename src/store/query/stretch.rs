//! Sorting by several keys without sorting everything: the stretch of the first key's index that is sure to
//! hold the page.
//!
//! Rows that share the first key may stand anywhere among themselves, so that the stretch takes in the whole
//! group of the cursor and the whole group of the last row that could be on the page.

use diesel::RunQueryDsl;
use diesel::sql_types::Text;

use super::super::statement::Statement;
use super::Ask;
use super::key::OrderKey;
use crate::error::Result;
use crate::search::SortValue;

/// Values of the first key, both ends included, in the direction of reading.
pub(super) struct Stretch<'o> {
    key: &'o OrderKey,
    from: Option<SortValue>,
    to: SortValue,
    descending: bool,
}

impl<'q> Ask<'q> {
    /// Nothing where the page may reach into the rows without a value: then all are sorted.
    pub(super) fn stretch(&self) -> Result<Option<Stretch<'q>>> {
        let Some(key) = self.order.keys().first() else { return Ok(None) };
        let from = match self.query.cursor.as_ref().map(|cursor| cursor.keys.first()) {
            None => None,
            Some(Some(Some(value))) => Some(value.clone()),
            Some(_) => return Ok(None),
        };
        let descending = key.descending != self.backwards();
        let column = key.table.column();
        let mut select = Statement::<Text>::new("SELECT CAST(s.");
        select.sql(column).sql(" AS TEXT) FROM ").sql(key.table.name()).sql(" s");
        let needs_row = self.needs_row();
        if needs_row {
            select.sql(" CROSS JOIN resource r");
        }
        select
            .sql(" WHERE s.project = ")
            .bind(self.segment.project)
            .sql(" AND s.param = ")
            .bind(self.param(key));
        select.sql(" AND (s.edge & ").sql(key.edge()).sql(") <> 0");
        if let Some(from) = &from {
            select.sql(" AND s.").sql(column).sql(if descending { " < " } else { " > " });
            key.bind(&mut select, from);
        }
        if needs_row {
            select.sql(" AND r.project = s.project AND r.rid = s.rid");
        }
        self.probes(&mut select, None, "s.rid");
        let direction = if descending { " DESC" } else { "" };
        select.sql(" ORDER BY s.").sql(column).sql(direction).sql(", s.rid").sql(direction);
        select.sql(" LIMIT ").bind(self.limit as i64);
        let mut values: Vec<String> = self.store.with(|connection| select.load(connection))?;
        if values.len() < self.limit {
            return Ok(None);
        }
        let to = values.pop().and_then(|last| key.value(last));
        Ok(to.map(|to| Stretch { key, from, to, descending }))
    }
}

impl Stretch<'_> {
    /// The resources on the stretch.
    pub fn select<ST>(&self, ask: &Ask, statement: &mut Statement<ST>) {
        let (table, column) = (self.key.table.name(), self.key.table.column());
        statement.sql("SELECT s.rid FROM ").sql(table).sql(" s WHERE s.project = ").bind(ask.segment.project);
        statement.sql(" AND s.param = ").bind(ask.param(self.key));
        statement.sql(" AND (s.edge & ").sql(self.key.edge()).sql(") <> 0");
        statement.sql(" AND s.").sql(column).sql(if self.descending { " >= " } else { " <= " });
        self.key.bind(statement, &self.to);
        if let Some(from) = &self.from {
            statement.sql(" AND s.").sql(column).sql(if self.descending { " <= " } else { " >= " });
            self.key.bind(statement, from);
        }
    }
}
