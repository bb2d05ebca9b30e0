//! Tokens known by heart: verifying a signature costs ten times the rest of a read.
//!
//! Any write that could change what a token is worth
//! empties the whole cache; where other nodes write too, an entry is good for half a second, so that what they end has
//! ended everywhere within one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::sync::Cache;

use crate::repo::Actor;

const CAPACITY: usize = 20_000;
/// Milliseconds, where other nodes may have ended the session.
const FRESH: i64 = 500;

#[derive(Clone)]
struct Session {
    actor: Arc<Actor>,
    /// Seconds since 1970.
    expires: i64,
    /// Milliseconds since 1970.
    proved: i64,
}

pub(super) struct Sessions {
    known: Cache<String, Session>,
    /// How often all was forgotten.
    epoch: AtomicU64,
    shared: bool,
}

impl Sessions {
    /// `shared`: other nodes write to the same database.
    pub fn new(shared: bool) -> Self {
        Self { known: Cache::new(CAPACITY), epoch: AtomicU64::new(0), shared }
    }

    pub fn get(&self, token: &str) -> Option<Arc<Actor>> {
        let session = self.known.get(token)?;
        let now = chrono::Utc::now().timestamp_millis();
        let fresh = !self.shared || now - session.proved < FRESH;
        (fresh && now / 1000 < session.expires).then_some(session.actor)
    }

    /// To be taken before a token is proved, and given to `put`.
    pub fn mark(&self) -> (u64, i64) {
        (self.epoch.load(Ordering::Acquire), chrono::Utc::now().timestamp_millis())
    }

    /// Remembers, unless all was forgotten while the token was being proved.
    pub fn put(&self, token: &str, actor: &Arc<Actor>, expires: i64, (epoch, proved): (u64, i64)) {
        let key = token.to_owned();
        self.known.insert(key.clone(), Session { actor: Arc::clone(actor), expires, proved });
        if self.epoch.load(Ordering::Acquire) != epoch {
            self.known.remove(&key);
        }
    }

    pub fn forget_all(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
        self.known.clear();
    }
}
