//! Wakes whoever reads the outbox, and costs a writer next to nothing where nobody cares.

use std::sync::atomic::{AtomicI32, Ordering};

use tokio::sync::Notify;

/// Nobody listens.
const NOTHING: i32 = -1;
/// Every change is heard.
const EVERYTHING: i32 = 0;

/// Rung by the writers after each commit.
pub struct Bell {
    /// What is listened for: a type by its number, or one of the above.
    heard: AtomicI32,
    notify: Notify,
}

impl Default for Bell {
    fn default() -> Self {
        Self { heard: AtomicI32::new(NOTHING), notify: Notify::new() }
    }
}

impl Bell {
    /// From now on, ring for every change.
    pub fn hear_all(&self) {
        self.heard.store(EVERYTHING, Ordering::Release);
    }

    /// From now on, ring for changes of this type only.
    pub fn hear(&self, kind: i32) {
        self.heard.store(kind, Ordering::Release);
    }

    /// Called after a commit, with the types of what changed.
    pub fn ring(&self, mut kinds: impl Iterator<Item = i32>) {
        let rings = match self.heard.load(Ordering::Acquire) {
            NOTHING => false,
            EVERYTHING => true,
            kind => kinds.any(|changed| changed == kind),
        };
        if rings {
            self.notify.notify_one();
        }
    }

    /// Wakes the listener for another reason.
    pub fn wake(&self) {
        self.notify.notify_one();
    }

    /// Until it rings; a ring that nobody waited for is not lost.
    pub async fn rung(&self) {
        self.notify.notified().await;
    }
}
