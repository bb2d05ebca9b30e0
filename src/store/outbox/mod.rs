//! Reading what was appended to the outbox, and keeping what has yet to be delivered of it.
//!
//! An `Outbox` has a connection of its own. Several processes may share one PostgreSQL: the one that holds the
//! advisory lock leads, and with its connection goes its lead. Numbers are taken before the commit, so that a
//! reader who went by them would pass over what commits late; on PostgreSQL he goes by transactions, and only as
//! far as all have ended.

mod bell;
mod keep;
mod log;
mod read;

use std::sync::Arc;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Bool;

pub use bell::Bell;
pub use keep::{Record, Standing};
pub use log::{Logged, Replay, Sought, noted, place_at};

use super::connect::{AnyConnection, connect};
use super::statement::Statement;
use super::{Store, failed};
use crate::error::Result;

/// Whoever leads among the processes of one database holds this lock.
const LEAD: i64 = 0x6f75_7462_6f78;

/// A connection for the one who delivers.
pub struct Outbox {
    connection: AnyConnection,
}

/// A place in the outbox: all before it is read, itself included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The transaction that appended it; 0 on SQLite.
    pub txid: i64,
    pub number: i64,
    /// The highest number up to there.
    pub seen: i64,
}

/// A line of the outbox.
#[derive(Debug, Clone)]
pub struct Appended {
    pub at: Position,
    pub project: i32,
    pub kind: i32,
    pub rid: i64,
    pub version: i64,
    /// `create`, `update` or `delete`.
    pub action: String,
    /// Reference of the author.
    pub author: String,
}

/// A subscription that is looked after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribed {
    pub project: i32,
    pub rid: i64,
    /// The version that holds.
    pub version: i64,
    /// Reference of whoever set it up.
    pub author: String,
    /// How many events it has matched.
    pub matched: i64,
}

/// Something that a subscriber has yet to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub project: i32,
    /// Number of the subscription.
    pub subscription: i64,
    /// Its place among those of the subscription: when it was noted, in microseconds since 1970.
    pub place: i64,
    /// Number of the event.
    pub number: i64,
    /// The resource, its version, and the project that it is in.
    pub home: i32,
    pub rid: i64,
    pub version: i64,
    /// How often it was tried in vain.
    pub attempts: i32,
    /// Not before this, in milliseconds since 1970.
    pub due: i64,
}

/// What became of something that was to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It waits, for its first attempt or for another.
    Pending,
    Delivered,
    /// It was given up.
    Failed,
}

impl Arrival {
    const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Failed];

    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    fn number(self) -> i32 {
        match self {
            Self::Pending => 0,
            Self::Delivered => 1,
            Self::Failed => 2,
        }
    }

    fn of(number: i32) -> Self {
        Self::ALL.into_iter().find(|one| one.number() == number).unwrap_or(Self::Failed)
    }
}

/// An attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Milliseconds since 1970.
    pub at: i64,
    /// How long it took.
    pub millis: i64,
    /// Of the answer, where there was one.
    pub status: Option<u16>,
    /// Why it was in vain.
    pub error: Option<String>,
}

impl Store {
    /// A connection to the outbox.
    pub fn outbox(&self) -> Result<Outbox> {
        let mut connection = connect(&self.url)?;
        if let AnyConnection::Sqlite(sqlite) = &mut connection {
            // What is lost with the power is delivered once more, so that no commit here waits for the disk.
            sqlite.batch_execute("PRAGMA synchronous = NORMAL").map_err(failed)?;
        }
        Ok(Outbox { connection })
    }

    /// What is rung after each commit.
    pub fn bell(&self) -> &Arc<Bell> {
        &self.bell
    }
}

impl Outbox {
    /// Whether this is the one that delivers, now or already.
    pub fn lead(&mut self) -> Result<bool> {
        if let AnyConnection::Sqlite(_) = self.connection {
            return Ok(true);
        }
        let mut lock = Statement::<Bool>::new("SELECT pg_try_advisory_lock(");
        lock.bind(LEAD).sql(")");
        lock.get_result(&mut self.connection).map_err(failed)
    }
}
