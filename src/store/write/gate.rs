//! Keeps what is indexed and what it is indexed by together: a transaction that writes index rows goes through
//! only if they were made up by the search parameters of now.
//!
//! The parameters have an epoch, and so has every unit. On SQLite the one writer compares them in memory. On
//! PostgreSQL, where other nodes write, the database does, and keeps the epoch as it is until the transaction
//! is over; whoever changes it waits for those and keeps out the next.

use std::sync::atomic::{AtomicI64, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::super::connect::AnyConnection;
use super::super::schema::definition_epoch;

/// How `enter_epoch` fails, too.
const STALE: &str = "stale definitions";

#[derive(Default)]
pub(in super::super) struct Gate {
    epoch: AtomicI64,
}

impl Gate {
    /// The epoch that this process knows of.
    pub fn epoch(&self) -> i64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// To be told of an epoch that was read from the database.
    pub fn advance(&self, epoch: i64) {
        self.epoch.fetch_max(epoch, Ordering::AcqRel);
    }

    /// Begins a transaction whose rows are those of `epoch`; `alone` where it changes that.
    pub fn begin(&self, connection: &mut AnyConnection, epoch: i64, alone: bool) -> QueryResult<()> {
        match connection {
            AnyConnection::Sqlite(_) => {
                connection.batch_execute("BEGIN IMMEDIATE")?;
                if self.epoch() == epoch {
                    return Ok(());
                }
                connection.batch_execute("ROLLBACK")?;
                Err(DieselError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(STALE.to_owned())))
            }
            AnyConnection::Postgres(_) => {
                let entered =
                    connection.batch_execute(&format!("BEGIN; SELECT enter_epoch({epoch}, {alone})"));
                if entered.is_err() {
                    // After a broken connection there is nothing left to roll back.
                    let _ = connection.batch_execute("ROLLBACK");
                }
                entered
            }
        }
    }
}

/// Whether the transaction failed because the parameters are others by now.
pub(super) fn is_stale(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(_, info) if info.message() == STALE)
}

/// Notes, in a transaction that is alone, that writers must index by other parameters from now on.
pub(super) fn turn(connection: &mut AnyConnection) -> QueryResult<()> {
    diesel::update(definition_epoch::table)
        .set((
            definition_epoch::epoch.eq(definition_epoch::epoch + 1),
            definition_epoch::change.eq(definition_epoch::change + 1),
        ))
        .execute(connection)
        .map(drop)
}

/// Notes that something changed that writers need not know.
pub(super) fn note(connection: &mut AnyConnection) -> QueryResult<()> {
    diesel::update(definition_epoch::table)
        .set(definition_epoch::change.eq(definition_epoch::change + 1))
        .execute(connection)
        .map(drop)
}

pub(super) fn current(connection: &mut AnyConnection) -> QueryResult<i64> {
    definition_epoch::table.select(definition_epoch::epoch).first(connection)
}
