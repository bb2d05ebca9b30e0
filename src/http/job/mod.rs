//! Requests that are answered later: the asynchronous pattern (<https://hl7.org/fhir/R4/async.html>).
//!
//! `begin` sends a request through the routes once more, in the background; `status` tells how far it is, gives the
//! result or gives it up. Jobs are kept in the memory of this process, so many and for so long: a restart loses
//! them, and what they had done stays done.

mod begin;
mod status;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio::task::AbortHandle;
use uuid::Uuid;

pub(super) use begin::{begin, is_preferred};
pub(super) use status::{cancel, status};

use super::fhir::Answer;
use crate::error::{Result, busy, too_large};
use crate::repo::operation::Progress;
use crate::repo::{Actor, Rank};

/// Under way at once: for one caller, and for all.
const RUNNING_OWN: usize = 8;
const RUNNING: usize = 32;
/// Results that are kept, their bytes, and the bytes of one.
const KEPT: usize = 256;
const KEPT_BYTES: usize = 128 << 20;
const LARGEST: usize = 32 << 20;
/// How long a result is kept.
const LIFETIME: Duration = Duration::from_secs(3600);

/// All jobs of the process.
#[derive(Default)]
pub struct Jobs(Mutex<HashMap<Uuid, Job>>);

struct Job {
    owner: Owner,
    state: State,
}

/// Who began a job, and what he might see then. Nobody else learns of it, nor he himself by another policy.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Owner {
    reference: String,
    project: i32,
    rank: Rank,
    policy: Option<i64>,
}

impl From<&Actor> for Owner {
    fn from(actor: &Actor) -> Self {
        Self {
            reference: actor.reference.clone(),
            project: actor.project,
            rank: actor.rank,
            policy: actor.policy.as_ref().map(|policy| policy.digest()),
        }
    }
}

enum State {
    Running { progress: Arc<Progress>, task: Option<AbortHandle> },
    Done(Arc<Outcome>),
}

/// What came of a job.
struct Outcome {
    answer: Answer,
    bytes: usize,
    until: Instant,
    /// The same for the client.
    expires: SystemTime,
}

/// What whoever asks is told.
enum Told {
    Running(u64),
    Done(Arc<Outcome>),
}

impl Jobs {
    fn all(&self) -> MutexGuard<'_, HashMap<Uuid, Job>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        all.retain(|_, job| !matches!(&job.state, State::Done(outcome) if outcome.until <= now));
        all
    }

    /// A new job, unless there are too many.
    fn open(&self, owner: Owner) -> Result<(Uuid, Arc<Progress>)> {
        let mut all = self.all();
        let running = |job: &&Job| matches!(job.state, State::Running { .. });
        let own = all.values().filter(running).filter(|job| job.owner == owner).count();
        if own >= RUNNING_OWN || all.values().filter(running).count() >= RUNNING {
            return Err(busy("too many requests run in the background; wait for one to end"));
        }
        let (id, progress) = (Uuid::new_v4(), Arc::new(Progress::default()));
        let state = State::Running { progress: Arc::clone(&progress), task: None };
        all.insert(id, Job { owner, state });
        Ok((id, progress))
    }

    /// By this a job can be given up.
    fn attach(&self, id: Uuid, handle: AbortHandle) {
        if let Some(Job { state: State::Running { task, .. }, .. }) = self.all().get_mut(&id) {
            *task = Some(handle);
        }
    }

    /// Keeps what came of a job, unless it was given up.
    fn close(&self, id: Uuid, answer: Answer) {
        let mut all = self.all();
        let Some(job) = all.get_mut(&id) else { return };
        let mut answer = answer;
        let mut bytes = answer.size();
        if bytes > LARGEST {
            let text = format!("the result has more than {LARGEST} bytes; ask for less at once");
            answer = Answer::refused(too_large(text).coded("too-costly"));
            bytes = answer.size();
        }
        let (until, expires) = (Instant::now() + LIFETIME, SystemTime::now() + LIFETIME);
        job.state = State::Done(Arc::new(Outcome { answer, bytes, until, expires }));
        make_room(&mut all);
    }

    fn ask(&self, id: Uuid, owner: &Owner) -> Option<Told> {
        let all = self.all();
        let job = all.get(&id).filter(|job| job.owner == *owner)?;
        Some(match &job.state {
            State::Running { progress, .. } => Told::Running(progress.count()),
            State::Done(outcome) => Told::Done(Arc::clone(outcome)),
        })
    }

    /// Gives up a job, or its result. Whether there was one.
    fn cancel(&self, id: Uuid, owner: &Owner) -> bool {
        let mut all = self.all();
        if all.get(&id).is_none_or(|job| job.owner != *owner) {
            return false;
        }
        if let Some(Job { state: State::Running { task: Some(task), .. }, .. }) = all.remove(&id) {
            task.abort();
        }
        true
    }
}

/// Drops the oldest results beyond what is kept.
fn make_room(all: &mut HashMap<Uuid, Job>) {
    let done = |(id, job): (&Uuid, &Job)| match &job.state {
        State::Done(outcome) => Some((outcome.until, *id, outcome.bytes)),
        State::Running { .. } => None,
    };
    let mut results: Vec<_> = all.iter().filter_map(done).collect();
    results.sort_unstable();
    let (mut count, mut bytes) = (results.len(), results.iter().map(|(_, _, bytes)| bytes).sum::<usize>());
    for (_, id, size) in results {
        if count <= KEPT && bytes <= KEPT_BYTES {
            break;
        }
        all.remove(&id);
        (count, bytes) = (count - 1, bytes - size);
    }
}
