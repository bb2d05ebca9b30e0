//! How far a long operation has come, for those who ask meanwhile
//! (<https://hl7.org/fhir/R4/async.html#bulk-data-status-request>).

use std::sync::atomic::{AtomicU64, Ordering};

/// A count that only grows.
#[derive(Debug, Default)]
pub struct Progress(AtomicU64);

impl Progress {
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
