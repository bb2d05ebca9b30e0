//! Which projects have guests: users of the server pool who are members.
//!
//! Few have any, and every search for users would have to ask. The answer is remembered until a write could
//! change it; where other nodes write too, for a second.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

const FRESH: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(super) struct Guests {
    /// Whether a project has guests.
    any: Memory<bool>,
    /// The root of a project.
    roots: Memory<i32>,
}

impl Guests {
    /// Whether a project has guests, by memory or by `ask`.
    pub fn any<E>(
        &self,
        project: i32,
        shared: bool,
        ask: impl FnOnce() -> Result<bool, E>,
    ) -> Result<bool, E> {
        self.any.recall(project, shared, ask)
    }

    /// The root of a project, by memory or by `ask`.
    pub fn root<E>(
        &self,
        project: i32,
        shared: bool,
        ask: impl FnOnce() -> Result<i32, E>,
    ) -> Result<i32, E> {
        self.roots.recall(project, shared, ask)
    }

    /// To be told of every write.
    pub fn written(&self, kind: &str, project: i32) {
        if kind == "Project" {
            self.roots.forget();
        }
        if kind == "ProjectMembership" || (kind == "User" && project == 0) {
            self.any.forget();
        }
    }
}

/// An answer a project.
struct Memory<T>(RwLock<Known<T>>);

struct Known<T> {
    /// Raised with every change, so that an answer from before it is not kept.
    epoch: u64,
    answers: HashMap<i32, (T, Instant)>,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(RwLock::new(Known { epoch: 0, answers: HashMap::new() }))
    }
}

impl<T: Copy> Memory<T> {
    fn recall<E>(&self, project: i32, shared: bool, ask: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let epoch = {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((answer, at)) = known.answers.get(&project)
                && (!shared || at.elapsed() < FRESH)
            {
                return Ok(*answer);
            }
            known.epoch
        };
        let (at, answer) = (Instant::now(), ask()?);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.epoch == epoch {
            known.answers.insert(project, (answer, at));
        }
        Ok(answer)
    }

    fn forget(&self) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.epoch += 1;
        known.answers.clear();
    }
}
