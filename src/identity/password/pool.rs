//! Threads that do nothing but hash: a sign-in never takes the thread of a read. What waits is bounded.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

#[cfg(target_os = "linux")]
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
    thread_native_id,
};
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::sleep;

use super::{Verdict, hash, is_of_today, verify};
use crate::config::SignIn;
use crate::error::{Error, Result, busy, fault};

type Job = Box<dyn FnOnce() + Send>;

/// Whoever has waited so long for threads that stand back is served by one that does not.
const PATIENCE: Duration = Duration::from_secs(3);

/// Hashes passwords, a few at a time.
pub(in crate::identity) struct Pool {
    queue: SyncSender<Job>,
    /// To a thread that never stands back, where the others do: other programs may keep all processors busy for good.
    relief: Option<SyncSender<Job>>,
    patience: Duration,
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
        let (waiting, cost, idle) = (settings.hash_queue.max(1), settings.cost(), settings.hash_idle);
        let (queue, jobs) = sync_channel::<Job>(waiting);
        let jobs = Arc::new(Mutex::new(jobs));
        let nobody = Arc::new(OnceLock::new());
        for number in 0..settings.hash_threads.max(1) {
            let (jobs, nobody) = (Arc::clone(&jobs), Arc::clone(&nobody));
            thread(format!("passwords-{number}"), move || {
                if idle {
                    step_back();
                }
                nobody.get_or_init(|| hash("a password that nobody has", cost).unwrap_or_default());
                work(&jobs);
            })?;
        }
        let relief = match idle {
            true => {
                let (relief, jobs) = sync_channel::<Job>(waiting);
                thread("passwords-relief".to_owned(), move || work(&Mutex::new(jobs)))?;
                Some(relief)
            }
            false => None,
        };
        let (patience, foreign, taken) = (PATIENCE, Arc::default(), AtomicU64::new(0));
        Ok(Self { queue, relief, patience, cost, nobody, foreign, taken })
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
            match &kept {
                Some(kept) if is_foreign => *foreign = Some(kept.clone()),
                _ => {
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

    async fn run<T: Send + 'static>(&self, job: impl Fn() -> T + Send + Sync + 'static) -> Result<T> {
        let job = Arc::new(job);
        let (reply, mut answers) = channel(1);
        match self.queue.try_send(answering(&job, &reply)) {
            Ok(()) => self.taken.fetch_add(1, Ordering::Relaxed),
            Err(TrySendError::Full(_)) => {
                return Err(busy("too many sign in at this moment; try again in a second"));
            }
            Err(TrySendError::Disconnected(_)) => return Err(stopping()),
        };
        if let Some(relief) = &self.relief {
            tokio::select! {
                biased;
                answer = answers.recv() => return answer.ok_or_else(stopping),
                () = sleep(self.patience) => {}
            }
            // Where it is full, or gone, those who were asked first answer in the end.
            drop(relief.try_send(answering(&job, &reply)));
        }
        drop((job, reply));
        answers.recv().await.ok_or_else(stopping)
    }
}

fn answering<T: Send + 'static>(job: &Arc<impl Fn() -> T + Send + Sync + 'static>, reply: &Sender<T>) -> Job {
    let (job, reply) = (Arc::clone(job), reply.clone());
    Box::new(move || {
        // Who went away needs no answer, nor who has one.
        if !reply.is_closed() {
            drop(reply.try_send(job()));
        }
    })
}

fn stopping() -> Error {
    busy("the server is stopping")
}

fn thread(name: String, work: impl FnOnce() + Send + 'static) -> Result<()> {
    std::thread::Builder::new().name(name).spawn(work).map_err(fault).map(drop)
}

fn work(jobs: &Mutex<Receiver<Job>>) {
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::{Pool, Verdict};
    use crate::config::SignIn;

    #[test]
    fn who_waits_for_threads_that_get_no_turn_is_served_by_another() {
        let settings = SignIn { bcrypt_cost: 4, hash_threads: 1, ..SignIn::default() };
        let mut pool = Pool::start(&settings).expect("a pool");
        pool.patience = Duration::ZERO;
        let (release, held) = channel::<()>();
        let stuck = Box::new(move || held.recv().unwrap_or_default());
        pool.queue.try_send(stuck).expect("room");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let kept = runtime.block_on(pool.hash("a long password")).expect("a hash");
        let verdict = |password| runtime.block_on(pool.verify(password, Some(&kept))).expect("a verdict");
        assert_eq!(verdict("a long password"), Verdict::Right);
        assert_eq!(verdict("another password"), Verdict::Wrong);
        drop(release);
    }
}
