//! What PostgreSQL plans by. After much came in at once it knows of none of it until autovacuum comes by, a minute later,
//! and reads tables from end to end where an index leads to ten rows (<https://www.postgresql.org/docs/current/sql-analyze.html>).

use diesel::connection::SimpleConnection;

use super::Store;
use crate::error::Result;

impl Store {
    /// To be called after many writes in a row. SQLite needs no statistics: its plans are the order of the words.
    pub fn take_statistics(&self) -> Result<()> {
        if self.sqlite {
            return Ok(());
        }
        self.with(|connection| {
            connection.batch_execute(
                "ANALYZE resource, history, event, unique_key, string_index, term_index, range_index, tuple_index",
            )
        })
    }
}
