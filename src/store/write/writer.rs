//! The threads that commit: one on SQLite, which has one writer at a time anyway, a few on PostgreSQL.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::super::cache::Cache;
use super::super::connect::{self, AnyConnection, Pool, Url};
use super::super::memory::Memory;
use super::super::{Bell, Dictionary, Guard, failed};
use super::apply::{Failure, apply};
use super::gate::{self, Gate};
use super::settle::settle;
use super::{Change, Job, Refusal, Unit, checkpoint};
use crate::error::{Result, busy, fault};

const POSTGRES_WRITERS: usize = 4;
/// Changes in one commit; a single unit may hold more.
const BATCH: usize = 512;
const ATTEMPTS: usize = 8;

pub(in super::super) struct Writer {
    queue: Option<Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
    stopping: Arc<AtomicBool>,
}

impl Writer {
    pub fn start(url: &Url, pool: &Pool, shared: &Shared) -> Result<Self> {
        let (queue, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let stopping = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        let writers = if url.is_sqlite() { 1 } else { POSTGRES_WRITERS };
        for i in 0..writers {
            let worker = Worker { pool: pool.clone(), waiting: Arc::clone(&waiting), shared: shared.clone() };
            let thread = std::thread::Builder::new().name(format!("writer-{i}"));
            threads.push(thread.spawn(move || worker.run()).map_err(fault)?);
        }
        if let Url::Sqlite(file) = url {
            threads.push(checkpoint::start(url, file, Arc::clone(&stopping))?);
        }
        Ok(Self { queue: Some(queue), threads, stopping })
    }

    pub(super) fn submit(&self, job: Job) -> Result<(), Refusal> {
        let stopping = || Refusal::Failed(busy("the server is stopping"));
        self.queue.as_ref().ok_or_else(stopping)?.send(job).map_err(|_| stopping())
    }
}

impl Drop for Writer {
    /// What was submitted is still written.
    fn drop(&mut self) {
        self.queue = None;
        self.stopping.store(true, Ordering::Release);
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}

/// What the writers have in common with the rest of the store.
#[derive(Clone)]
pub(in super::super) struct Shared {
    pub cache: Arc<Cache>,
    pub memory: Arc<Memory>,
    pub dictionary: Arc<Dictionary>,
    pub bell: Arc<Bell>,
    pub gate: Arc<Gate>,
}

struct Worker {
    pool: Pool,
    waiting: Arc<Mutex<Receiver<Job>>>,
    shared: Shared,
}

type Outcome = Result<Vec<i64>, Refusal>;

impl Worker {
    fn run(&self) {
        let mut held = None;
        while let Some(jobs) = self.gather(&mut held) {
            let outcomes = self.commit(&jobs);
            let written = jobs.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok());
            let changes = written.clone().flat_map(|(job, _)| &job.unit.changes);
            let keys = changes.clone().map(|change| (change.project, change.kind, change.id.as_str()));
            self.shared.cache.committed(keys);
            self.shared.memory.written(changes.clone().map(|change| (change.project, change.kind)));
            if written.clone().any(|(job, _)| job.unit.chore.is_some() || job.unit.turns()) {
                // What resources are found by is another thing now.
                self.shared.memory.forget();
            }
            self.shared.bell.ring(changes.map(|change| change.kind));
            for (job, outcome) in jobs.into_iter().zip(outcomes) {
                let outcome = match outcome {
                    Err(Refusal::Stale(_)) => Err(Refusal::Stale(Some(Box::new(job.unit)))),
                    outcome => outcome,
                };
                // Whoever went away misses the answer, not the write.
                let _ = job.reply.send(outcome);
            }
        }
    }

    /// All that waits, but never two units that touch the same resource: the second is `held` for the
    /// next round, since it must see what the first did.
    fn gather(&self, held: &mut Option<Job>) -> Option<Vec<Job>> {
        let (first, waiting) = match held.take() {
            // Another writer may sleep in `recv` with the lock: what is held must not wait for it.
            Some(job) => (job, self.waiting.try_lock().ok()),
            None => {
                let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                (waiting.recv().ok()?, Some(waiting))
            }
        };
        let mut seen: HashSet<(i32, i32, String)> = first.unit.changes.iter().map(identity).collect();
        let mut size = first.unit.changes.len();
        let mut jobs = vec![first];
        while size < BATCH {
            let Some(job) = waiting.as_ref().and_then(|waiting| waiting.try_recv().ok()) else { break };
            let keys: Vec<_> = job.unit.changes.iter().map(identity).collect();
            if keys.iter().any(|key| seen.contains(key)) {
                *held = Some(job);
                break;
            }
            size += keys.len();
            seen.extend(keys);
            jobs.push(job);
        }
        Some(jobs)
    }

    /// All that can go together does; what changes the parameters that others index by goes alone.
    fn commit(&self, jobs: &[Job]) -> Vec<Outcome> {
        let newest = jobs.iter().map(|job| job.unit.epoch).max().unwrap_or_default();
        let mut outcomes: Vec<Outcome> = jobs.iter().map(|_| Err(Refusal::Stale(None))).collect();
        let (alone, together): (Vec<usize>, Vec<usize>) = (0..jobs.len())
            .filter(|place| jobs[*place].unit.epoch == newest)
            .partition(|place| jobs[*place].unit.turns());
        let units: Vec<&Unit> = together.iter().map(|place| &jobs[*place].unit).collect();
        for (place, outcome) in together.into_iter().zip(self.tried(&units)) {
            outcomes[place] = outcome;
        }
        for place in alone {
            if let Some(outcome) = self.tried(&[&jobs[place].unit]).pop() {
                outcomes[place] = outcome;
            }
        }
        outcomes
    }

    fn tried(&self, units: &[&Unit]) -> Vec<Outcome> {
        if units.is_empty() {
            return Vec::new();
        }
        for attempt in 1..=ATTEMPTS {
            match self.attempt(units) {
                Ok(outcomes) => return outcomes,
                Err(error) if gate::is_stale(&error) => {
                    return units.iter().map(|_| Err(Refusal::Stale(None))).collect();
                }
                Err(error) if passing(&error) && attempt < ATTEMPTS => {
                    tracing::debug!(%error, attempt, "a commit is tried again");
                }
                Err(error) => {
                    tracing::error!(%error, "a commit failed");
                    return units.iter().map(|_| Err(Refusal::Failed(failed_copy(&error)))).collect();
                }
            }
        }
        Vec::new()
    }

    fn attempt(&self, units: &[&Unit]) -> diesel::QueryResult<Vec<Outcome>> {
        let mut connection = connect::checkout(&self.pool).map_err(|error| {
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new(error.to_string()))
        })?;
        // What is guarded must see what the units before it wrote.
        if units.iter().any(|unit| !unit.guards.is_empty()) {
            return self.one_by_one(&mut connection, units);
        }
        let together = self.transaction(&mut connection, units, |connection| self.perform(connection, units));
        match together {
            Ok(numbers) => Ok(numbers.into_iter().map(Ok).collect()),
            Err(Failure::Refused(refusal)) if units.len() == 1 => Ok(vec![Err(refusal)]),
            Err(Failure::Refused(..)) => self.one_by_one(&mut connection, units),
            Err(Failure::Database(error)) => Err(error),
        }
    }

    fn one_by_one(
        &self,
        connection: &mut AnyConnection,
        units: &[&Unit],
    ) -> diesel::QueryResult<Vec<Outcome>> {
        self.transaction(connection, units, |connection| {
            Guard::lock(units.iter().flat_map(|unit| &unit.guards), connection)?;
            units.iter().map(|unit| self.saved(connection, unit)).collect()
        })
        .map_err(Failure::database)
    }

    /// One unit inside a savepoint.
    fn saved(&self, connection: &mut AnyConnection, unit: &Unit) -> Result<Outcome, Failure> {
        for guard in &unit.guards {
            if !guard.holds(connection)? {
                return Ok(Err(Refusal::Outrun));
            }
        }
        connection.batch_execute("SAVEPOINT unit")?;
        match self.perform(connection, &[unit]) {
            Ok(mut numbers) => {
                connection.batch_execute("RELEASE SAVEPOINT unit")?;
                Ok(Ok(numbers.pop().unwrap_or_default()))
            }
            Err(Failure::Refused(refusal)) => {
                connection.batch_execute("ROLLBACK TO SAVEPOINT unit; RELEASE SAVEPOINT unit")?;
                Ok(Err(refusal))
            }
            Err(failure) => Err(failure),
        }
    }

    fn perform(&self, connection: &mut AnyConnection, units: &[&Unit]) -> Result<Vec<Vec<i64>>, Failure> {
        let changes: Vec<&[Change]> = units.iter().map(|unit| unit.changes.as_slice()).collect();
        let numbers = apply(connection, &self.shared.dictionary, &changes)?;
        for unit in units {
            for change in &unit.changes {
                if let Some(redefinition) = &change.index.redefines {
                    settle(connection, change, redefinition)?;
                }
            }
            if let Some(chore) = &unit.chore {
                chore.run(connection, &self.shared.dictionary)?;
            }
        }
        Ok(numbers)
    }

    fn transaction<T>(
        &self,
        connection: &mut AnyConnection,
        units: &[&Unit],
        body: impl FnOnce(&mut AnyConnection) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let alone = units.iter().any(|unit| unit.turns());
        let epoch = units.first().map_or(0, |unit| unit.epoch);
        self.shared.gate.begin(connection, epoch, alone)?;
        let done = body(connection).and_then(|value| {
            let turned = if alone { Some(gate::current(connection)?) } else { None };
            connection.batch_execute("COMMIT")?;
            // On SQLite nothing of the old epoch can come between: this is the one thread that writes.
            turned.into_iter().for_each(|epoch| self.shared.gate.advance(epoch));
            Ok(value)
        });
        if done.is_err() {
            // After a broken connection there is nothing left to roll back.
            let _ = connection.batch_execute("ROLLBACK");
        }
        done
    }
}

fn identity(change: &Change) -> (i32, i32, String) {
    (change.project, change.kind, change.id.clone())
}

/// Whether the same may go well the next time.
fn passing(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(_, info) => {
            info.message().contains("deadlock detected") || info.message().contains("database is locked")
        }
        _ => false,
    }
}

/// The same failure for each of several callers.
fn failed_copy(error: &DieselError) -> crate::error::Error {
    match error {
        DieselError::DatabaseError(kind, info) => {
            let kind = match kind {
                DatabaseErrorKind::SerializationFailure => DatabaseErrorKind::SerializationFailure,
                DatabaseErrorKind::ClosedConnection => DatabaseErrorKind::ClosedConnection,
                DatabaseErrorKind::UnableToSendCommand => DatabaseErrorKind::UnableToSendCommand,
                _ => DatabaseErrorKind::Unknown,
            };
            failed(DieselError::DatabaseError(kind, Box::new(info.message().to_owned())))
        }
        other => fault(other.to_string()),
    }
}
