//! Which node does what only one is to do. On SQLite there is no other.
//!
//! On PostgreSQL it is whose session holds a lock; if the node dies or loses its connection, another takes over
//! (<https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS>).

use diesel::RunQueryDsl;
use diesel::sql_types::Bool;

use super::connect::{AnyConnection, connect, ping};
use super::statement::Statement;
use super::{Store, failed};
use crate::error::Result;

/// Of indexing by search parameters.
const LOCK: i64 = 0x526f_7374_4978;

/// Held by the node that leads; given up when dropped.
pub struct Lead(Option<AnyConnection>);

impl Store {
    /// The lead, unless another node has it.
    pub fn lead(&self) -> Result<Option<Lead>> {
        if self.sqlite {
            return Ok(Some(Lead(None)));
        }
        let mut connection = connect(&self.url)?;
        let mut ask = Statement::<Bool>::new("SELECT pg_try_advisory_lock(");
        ask.bind(LOCK).sql(")");
        let got: bool = ask.get_result(&mut connection).map_err(failed)?;
        Ok(got.then_some(Lead(Some(connection))))
    }
}

impl Lead {
    /// Whether it is still ours.
    pub fn holds(&mut self) -> Result<bool> {
        match &mut self.0 {
            None => Ok(true),
            Some(connection) => ping(connection).map(|()| true).map_err(failed),
        }
    }
}
