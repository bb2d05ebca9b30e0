//! What is remembered: resources, history, index rows, unique keys, credentials, events.
//!
//! The only room that knows SQL and Diesel. Reads are plain functions on a pooled connection; a write
//! is data (`Change`), handed to a writer that commits what is waiting together and answers when it is
//! durable. The same statements run on SQLite and PostgreSQL.

mod address;
mod cache;
mod children;
mod connect;
mod credential;
mod dictionary;
mod feed;
mod hashed;
mod history;
mod label;
mod latest;
mod lead;
mod memory;
mod migrate;
mod neighbour;
mod number;
mod outbox;
mod parameter;
mod point;
mod query;
mod row;
mod scan;
mod schema;
mod statement;
mod statistics;
mod text;
mod told;
mod write;

use std::sync::Arc;

pub use children::Stretch;
pub use connect::Url;
pub use feed::{Period, Place, Recorded};
pub use latest::{Reference, Referring};
pub use lead::Lead;
pub use migrate::migrate;
pub use outbox::{
    Appended, Arrival, Attempt, Bell, Delivery, Logged, Outbox, Position, Record, Replay, Sought, Standing,
    Subscribed, noted, place_at,
};
pub use parameter::{Definition, Last, Parameter, Parameters, Redefinition, State};
pub use query::{Guard, Page, Question, Referred, Segment};
pub use row::{Row, Version};
pub use scan::Indexed;
pub use told::{Span, Told};
pub use write::{
    Backfill, Change, Chore, Event, IndexChange, Make, Refusal, Removal, Secret, Step, Sweep, Unit,
};

use crate::definitions::Definitions;
use crate::error::{Result, busy, fault};
use cache::Cache;
use connect::{AnyConnection, Pool};
use dictionary::Dictionary;
use memory::Memory;
use point::Coalescer;
use write::{Gate, Shared, Writer};

/// The open database.
pub struct Store {
    pool: Pool,
    dictionary: Arc<Dictionary>,
    cache: Arc<Cache>,
    memory: Arc<Memory>,
    coalescer: Option<Coalescer>,
    writer: Writer,
    bell: Arc<Bell>,
    gate: Arc<Gate>,
    url: Url,
    sqlite: bool,
}

/// How the store is to be opened.
pub struct Options {
    pub url: Url,
    /// Bytes of resources kept in memory; on PostgreSQL, where other nodes may write, 0.
    pub cache_bytes: u64,
}

impl Store {
    /// Opens a migrated database and makes sure that every type and parameter has its number.
    pub fn open(options: &Options, definitions: &Definitions) -> Result<Self> {
        let pool = connect::pool(&options.url)?;
        let sqlite = options.url.is_sqlite();
        let dictionary = Arc::new(Dictionary::load(&mut *connect::checkout(&pool)?, definitions)?);
        let cache = Arc::new(Cache::new(if sqlite { options.cache_bytes } else { 0 }));
        let memory = Arc::new(Memory::new(sqlite && options.cache_bytes > 0));
        let coalescer = if sqlite { None } else { Some(Coalescer::start(&pool)?) };
        let (bell, gate) = (Arc::new(Bell::default()), Arc::new(Gate::default()));
        let shared = Shared {
            cache: Arc::clone(&cache),
            memory: Arc::clone(&memory),
            dictionary: Arc::clone(&dictionary),
            bell: Arc::clone(&bell),
            gate: Arc::clone(&gate),
        };
        let writer = Writer::start(&options.url, &pool, &shared)?;
        let url = options.url.clone();
        Ok(Self { pool, dictionary, cache, memory, coalescer, writer, bell, gate, url, sqlite })
    }

    /// Whether short reads may run on the thread that asks: true where no network lies between.
    pub fn reads_inline(&self) -> bool {
        self.sqlite
    }

    /// The small number of a resource type.
    pub fn kind(&self, name: &str) -> Option<i32> {
        self.dictionary.kind(name)
    }

    /// The name of a type by its small number.
    pub fn kind_name(&self, number: i32) -> Option<&str> {
        self.dictionary.kind_name(number)
    }

    /// Fails unless the database answers.
    pub fn ping(&self) -> Result<()> {
        self.with(connect::ping)
    }

    /// Runs `work` on the blocking pool; what may take long goes there.
    pub async fn offload<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&store)).await.map_err(fault)?
    }

    fn with<T>(&self, work: impl FnOnce(&mut AnyConnection) -> diesel::QueryResult<T>) -> Result<T> {
        let mut connection = connect::checkout(&self.pool)?;
        work(&mut connection).map_err(failed)
    }
}

/// A failed statement, as an error without SQL in it.
fn failed(error: diesel::result::Error) -> crate::error::Error {
    use diesel::result::{DatabaseErrorKind, Error};
    match error {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => {
            busy("others write the same records just now; try again").because(error)
        }
        Error::DatabaseError(
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
            _,
        ) => busy("the database does not answer").because(error),
        other => fault(other),
    }
}
