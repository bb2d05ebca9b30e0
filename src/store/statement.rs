//! SQL text with its binds, for statements whose shape depends on the question.
//!
//! Diesel's own builder covers the rest. A `Statement` differs from `diesel::sql_query` in one thing that
//! decides speed: it is prepared once and kept, keyed by its text.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Integer, Text};
use diesel::{QueryResult, RunQueryDsl};

use super::connect::AnyConnection;

#[derive(Debug, Clone)]
pub(super) enum Bind {
    Int(i32),
    Big(i64),
    Text(String),
}

impl From<i32> for Bind {
    fn from(value: i32) -> Self {
        Self::Int(value)
    }
}

impl From<i64> for Bind {
    fn from(value: i64) -> Self {
        Self::Big(value)
    }
}

impl From<String> for Bind {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Bind {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// SQL under construction. `ST` is the SQL type of a row of the result.
#[derive(Debug, Clone)]
pub(super) struct Statement<ST> {
    sql: String,
    /// Each bind with the place in `sql` where it goes.
    binds: Vec<(usize, Bind)>,
    /// Off for shapes that come in too many variants to keep.
    kept: bool,
    row: PhantomData<ST>,
}

impl<ST> Statement<ST> {
    pub fn new(sql: &str) -> Self {
        Self { sql: sql.to_owned(), binds: Vec::new(), kept: true, row: PhantomData }
    }

    pub fn sql(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    pub fn bind(&mut self, value: impl Into<Bind>) -> &mut Self {
        self.binds.push((self.sql.len(), value.into()));
        self
    }

    /// Another statement's text and binds, at the end of this one.
    pub fn append(&mut self, other: Self) -> &mut Self {
        let offset = self.sql.len();
        self.sql.push_str(&other.sql);
        self.binds.extend(other.binds.into_iter().map(|(at, bind)| (at + offset, bind)));
        self.kept &= other.kept;
        self
    }

    /// All that it says, to tell it from others.
    pub fn text(&self) -> String {
        let mut text = self.sql.clone();
        for (at, bind) in &self.binds {
            text.push_str(&format!(" {at}:{bind:?}"));
        }
        text
    }

    pub fn forget(&mut self) -> &mut Self {
        self.kept = false;
        self
    }
}

impl<DB, ST> QueryFragment<DB> for Statement<ST>
where
    DB: Backend + HasSqlType<Integer> + HasSqlType<BigInt> + HasSqlType<Text>,
    i32: ToSql<Integer, DB>,
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if !self.kept {
            out.unsafe_to_cache_prepared();
        }
        let mut from = 0;
        for (at, bind) in &self.binds {
            out.push_sql(&self.sql[from..*at]);
            match bind {
                Bind::Int(value) => out.push_bind_param::<Integer, _>(value)?,
                Bind::Big(value) => out.push_bind_param::<BigInt, _>(value)?,
                Bind::Text(value) => out.push_bind_param::<Text, _>(value)?,
            }
            from = *at;
        }
        out.push_sql(&self.sql[from..]);
        Ok(())
    }
}

impl<ST> QueryId for Statement<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Statement<ST> {
    type SqlType = ST;
}

impl<ST> RunQueryDsl<AnyConnection> for Statement<ST> {}
