//! How much the background may do: all that there is to do, or so many pieces of work and no more until it is
//! told. Tests stop it in the middle by this.

use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug)]
pub struct Pace(AtomicU64);

impl Default for Pace {
    fn default() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }
}

impl Pace {
    /// From now on, so many.
    pub fn allow(&self, pieces: u64) {
        self.0.store(pieces, Ordering::Release);
    }

    /// Whether another piece may be done; if so, it is counted.
    pub(super) fn take(&self) -> bool {
        let less = |left: u64| match left {
            u64::MAX => Some(left),
            left => left.checked_sub(1),
        };
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, less).is_ok()
    }
}
