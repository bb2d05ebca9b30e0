//! Which labels are in use: enough resources to have seen each of them
//! (<https://hl7.org/fhir/R4/resource-operation-meta.html>).

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::Store;
use super::row::Row;
use super::schema::resource;
use super::statement::Statement;
use crate::error::Result;
use crate::search::Key;

impl Store {
    /// Resources of a project that have, taken together, every term under these keys; no more than `limit`.
    pub fn labelled(&self, project: i32, keys: &[Key], limit: usize) -> Result<Vec<Row>> {
        let mut numbers: Vec<i64> = Vec::new();
        for key in keys {
            let mut ask = Statement::<BigInt>::new("SELECT MIN(rid) FROM term_index WHERE project = ");
            ask.bind(project).sql(" AND param = ").bind(self.dictionary.param(*key));
            ask.sql(" GROUP BY value, qualifier LIMIT ").bind(limit.saturating_sub(numbers.len()) as i64);
            let found: Vec<i64> = self.with(|connection| ask.load(connection))?;
            numbers.extend(found);
        }
        numbers.sort_unstable();
        numbers.dedup();
        let mut rows = Vec::with_capacity(numbers.len());
        for chunk in numbers.chunks(200) {
            rows.extend(self.rows(|connection| {
                resource::table
                    .filter(resource::project.eq(project).and(resource::rid.eq_any(chunk)))
                    .order(resource::rid)
                    .load(connection)
            })?);
        }
        Ok(rows)
    }
}
