//! Which assertions were shown already, for as long as they could be shown again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// Beyond so many those that are over are forgotten; and if none is, no more are taken.
const MOST: usize = 100_000;

#[derive(Default)]
pub(in crate::identity) struct Replays(Mutex<HashMap<[u8; 32], i64>>);

impl Replays {
    /// Whether this is the first time; it is remembered until `until`, in seconds since 1970.
    pub fn is_new(&self, name: &str, until: i64, now: i64) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.retain(|_, until| *until > now);
        }
        let digest: [u8; 32] = Sha256::digest(name).into();
        if seen.get(&digest).is_some_and(|until| *until > now) || seen.len() >= MOST {
            return false;
        }
        seen.insert(digest, until);
        true
    }
}
