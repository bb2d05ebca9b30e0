//! Threads that do nothing but hash: a sign-in never takes the thread of a read. What waits is bounded.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

#[cfg(target_os = "linux")]
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
    thread_native_id,
};
use tokio::sync::oneshot;

use super::{Verdict, hash, is_of_today, verify};
use crate::config::SignIn;
use crate::error::{Result, busy, fault};

type Job = Box<dyn FnOnce() + Send>;

/// Hashes passwords, a few at a time.
pub(in crate::identity) struct Pool {
    queue: SyncSender<Job>,
    cost: u32,
    /// Of a password that nobody has, at the cost of all others: made by the threads before they serve, since the
    /// server is not to start later for it.
    nobody: Arc<OnceLock<String>>,
    /// The last hash that was met of another making than today's.
    foreign: Arc<Mutex<Option<String>>>,
    taken: AtomicU64,
}

impl Pool {
    pub fn start(settings: &SignIn) -> Result<Self> {
        let (threads, waiting) = (settings.hash_threads, settings.hash_queue);
        let (cost, idle) = (settings.cost(), settings.hash_idle);
        let (queue, jobs) = sync_channel::<Job>(waiting.max(1));
        let jobs = Arc::new(Mutex::new(jobs));
        let nobody = Arc::new(OnceLock::new());
        for number in 0..threads.max(1) {
            let (jobs, nobody) = (Arc::clone(&jobs), Arc::clone(&nobody));
            std::thread::Builder::new()
                .name(format!("passwords-{number}"))
                .spawn(move || {
                    if idle {
                        step_back();
                    }
                    work(&jobs, &nobody, cost);
                })
                .map_err(fault)?;
        }
        Ok(Self { queue, cost, nobody, foreign: Arc::default(), taken: AtomicU64::new(0) })
    }

    /// What to keep of a password.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let (password, cost) = (password.to_owned(), self.cost);
        self.run(move || hash(&password, cost)).await?
    }

    /// Whether a password is the one that was kept. A refusal takes as long where there is none, and where it was kept
    /// as another system made it: it always costs one hash of today's making and one of the other making that was met
    /// last. What remains: the first that is met after a start, and where several such makings are in one database,
    /// those that were not met last, differ by what they cost themselves. Whoever is let in has nothing to learn.
    pub async fn verify(&self, password: &str, kept: Option<&str>) -> Result<Verdict> {
        let kept = kept.filter(|kept| !kept.is_empty()).map(str::to_owned);
        let (password, cost) = (password.to_owned(), self.cost);
        let (nobody, foreign) = (Arc::clone(&self.nobody), Arc::clone(&self.foreign));
        let job = move || {
            let verdict = kept.as_deref().map_or(Verdict::Wrong, |kept| verify(&password, kept, cost));
            if verdict != Verdict::Wrong {
                return verdict;
            }
            let is_foreign = kept.as_deref().is_some_and(|kept| !is_of_today(kept, cost));
            if kept.is_none() || is_foreign {
                verify(&password, nobody.get().map_or("", String::as_str), cost);
            }
            let mut foreign = foreign.lock().unwrap_or_else(PoisonError::into_inner);
            match kept.filter(|_| is_foreign) {
                Some(kept) => *foreign = Some(kept),
                None => {
                    let other = foreign.clone();
                    drop(foreign);
                    verify(&password, other.as_deref().unwrap_or_default(), cost);
                }
            }
            Verdict::Wrong
        };
        self.run(job).await
    }

    /// How many hashes were taken on since the start.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        // Who went away needs no answer.
        let job: Job = Box::new(move || drop(reply.send(job())));
        match self.queue.try_send(job) {
            Ok(()) => {
                self.taken.fetch_add(1, Ordering::Relaxed);
                answer.await.map_err(|_| busy("the server is stopping"))
            }
            Err(TrySendError::Full(_)) => Err(busy("too many sign in at this moment; try again in a second")),
            Err(TrySendError::Disconnected(_)) => Err(busy("the server is stopping")),
        }
    }
}

fn work(jobs: &Mutex<Receiver<Job>>, nobody: &OnceLock<String>, cost: u32) {
    nobody.get_or_init(|| hash("a password that nobody has", cost).unwrap_or_default());
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}

/// Whoever waits for a read goes first. A low priority would not do: whenever its turn comes, such a thread keeps the
/// processor for milliseconds, and on a server that is busy that is what the slowest hundredth of its reads wait for. An
/// idle one gives way at once.
#[cfg(target_os = "linux")]
fn step_back() {
    let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    if let Err(error) = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle) {
        tracing::debug!(%error, "passwords are hashed as urgently as all else is done");
    }
}

#[cfg(not(target_os = "linux"))]
fn step_back() {}
