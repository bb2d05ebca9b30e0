//! The address at which clients see the server of a database. Commands beside it make tokens and links in its name.

use diesel::RunQueryDsl;
use diesel::prelude::*;

use super::schema::address;
use super::{Store, failed};
use crate::error::Result;

impl Store {
    pub fn address(&self) -> Result<Option<String>> {
        self.with(|connection| address::table.select(address::url).first(connection).optional())
    }

    /// To be called by whoever serves; the last one is right.
    pub fn serve_at(&self, url: &str) -> Result<()> {
        if self.address()?.as_deref() == Some(url) {
            return Ok(());
        }
        let mut connection = super::connect::checkout(&self.pool)?;
        connection
            .transaction(|connection| {
                diesel::delete(address::table).execute(connection)?;
                diesel::insert_into(address::table).values(address::url.eq(url)).execute(connection)
            })
            .map(drop)
            .map_err(failed)
    }
}
