//! The end of the log: what was told so long ago that nobody is to know it any more, a little at a time.

use std::time::Duration;

use super::lead::{Lead, now};
use super::live::Key;
use crate::error::Result;

/// Between two walks through all logs.
const PAUSE: Duration = Duration::from_secs(3600);
/// Lines of one statement, and statements between two looks at everything else.
const CHUNK: usize = 500;
const STEPS: usize = 16;
/// Before the first subscription of the first project.
const BEGIN: Key = (-1, 0);

/// How far the walk has come.
#[derive(Debug)]
pub(super) struct Tidy {
    /// When to go on, in milliseconds since 1970.
    pub due: i64,
    last: Key,
}

impl Default for Tidy {
    fn default() -> Self {
        Self { due: 0, last: BEGIN }
    }
}

impl Lead<'_> {
    /// Goes on with the walk, if it is time; whether there is more to do at once.
    pub fn tidy(&mut self) -> Result<bool> {
        let now = now();
        if self.tidy.due > now {
            return Ok(false);
        }
        let age = i64::try_from(self.deliverer.settings.log.as_millis()).unwrap_or(i64::MAX);
        let before = now.saturating_sub(age).max(0);
        for _ in 0..STEPS {
            let Some(key) = self.outbox.next_logged(self.tidy.last)? else {
                let pause = i64::try_from(PAUSE.as_millis()).unwrap_or(i64::MAX);
                self.tidy = Tidy { due: now.saturating_add(pause), last: BEGIN };
                return Ok(false);
            };
            if self.outbox.forget(key, before, CHUNK)? < CHUNK {
                self.tidy.last = key;
            }
        }
        Ok(true)
    }
}
