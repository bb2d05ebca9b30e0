//! Index rows made anew, when the search parameters of a type have changed since they were made.

use std::collections::HashMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::super::schema::{kind, unique_key};
use super::super::{Store, failed};
use super::apply::{Failure, reindex};
use super::{Change, gate};
use crate::error::{Result, conflict};
use crate::search::{Facet, Key};

impl Store {
    /// The digest of the search parameters by which each type was indexed last, by its number; empty for one
    /// that never was.
    pub fn fingerprints(&self) -> Result<HashMap<i32, String>> {
        let all = self.with(|connection| {
            kind::table.select((kind::number, kind::fingerprint)).load::<(i32, String)>(connection)
        })?;
        Ok(all.into_iter().collect())
    }

    /// All at once: a new database with all of R4 would wait for the disk for each of them.
    pub fn set_fingerprints(&self, fingerprints: &[(i32, String)]) -> Result<()> {
        self.with(|connection| {
            connection.transaction(|connection| {
                fingerprints.iter().try_for_each(|(number, fingerprint)| {
                    diesel::update(kind::table.filter(kind::number.eq(number)))
                        .set(kind::fingerprint.eq(fingerprint))
                        .execute(connection)
                        .map(drop)
                })
            })
        })
    }

    /// Replaces the index rows of each resource by those of its `index`, which were made up by the parameters
    /// of `epoch`; all or none. Says whether that is still the epoch: else nothing was done.
    pub fn reindex(&self, changes: &[Change], epoch: i64) -> Result<bool> {
        let mut connection = super::super::connect::checkout(&self.pool)?;
        match self.gate.begin(&mut connection, epoch, false) {
            Err(error) if gate::is_stale(&error) => return Ok(false),
            begun => begun.map_err(failed)?,
        }
        match reindex(&mut connection, &self.dictionary, changes) {
            Ok(()) => {
                let done = connection.batch_execute("COMMIT").map_err(failed);
                self.memory.forget();
                done.map(|()| true)
            }
            Err(failure) => {
                connection.batch_execute("ROLLBACK").map_err(failed)?;
                Err(match failure {
                    Failure::Database(error) => failed(error),
                    Failure::Refused(..) => {
                        conflict("a parameter became unique, but two resources have the same value under it")
                    }
                })
            }
        }
    }

    /// Forgets the unique keys under parameters that are not unique any more.
    pub fn release_unique(&self, slots: &[usize]) -> Result<()> {
        let numbers: Vec<i32> = slots
            .iter()
            .map(|slot| self.dictionary.param(Key { slot: *slot, facet: Facet::Value }))
            .collect();
        self.with(|connection| {
            diesel::delete(unique_key::table.filter(unique_key::param.eq_any(numbers))).execute(connection)
        })
        .map(drop)
    }
}
