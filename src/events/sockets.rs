//! The websockets of this process and what they are bound to
//! (<https://hl7.org/fhir/R4/subscription.html#websockets>).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, mpsc};

use super::live::Key;
use crate::error::{Result, conflict, not_found};
use crate::repo::subscription::{Channel, SUBSCRIPTION, Subscription};
use crate::repo::{Engine, Repo};
use crate::resource;
use crate::store::Store;

/// Notices that one websocket may have unread; one that reads more slowly is closed.
const MOST_UNREAD: usize = 1024;

/// What a websocket is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The subscription of this id has matched something.
    Matched(String),
    /// It is off, or gone.
    Ended(String),
}

/// The line to one websocket.
#[derive(Clone)]
pub struct Line {
    sender: mpsc::Sender<Notice>,
    overrun: Arc<Notify>,
}

impl Line {
    pub fn new() -> (Self, mpsc::Receiver<Notice>) {
        let (sender, receiver) = mpsc::channel(MOST_UNREAD);
        (Self { sender, overrun: Arc::new(Notify::new()) }, receiver)
    }

    /// Until it was told more than it read.
    pub async fn overrun(&self) {
        self.overrun.notified().await;
    }

    fn tell(&self, notice: Notice) -> bool {
        match self.sender.try_send(notice) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Closed(_)) => false,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.overrun.notify_one();
                false
            }
        }
    }
}

struct Listener {
    number: u64,
    id: String,
    /// How many matches it knows of.
    seen: i64,
    line: Line,
}

/// All that is bound.
#[derive(Default)]
pub(super) struct Sockets {
    bound: Mutex<HashMap<Key, Vec<Listener>>>,
    next: AtomicU64,
}

/// Ends with its websocket.
pub struct Binding {
    sockets: Arc<Sockets>,
    key: Key,
    number: u64,
}

impl Drop for Binding {
    fn drop(&mut self) {
        let mut bound = self.sockets.lock();
        if let Some(listeners) = bound.get_mut(&self.key) {
            listeners.retain(|listener| listener.number != self.number);
            if listeners.is_empty() {
                bound.remove(&self.key);
            }
        }
    }
}

impl Sockets {
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    pub async fn bind(
        self: &Arc<Self>,
        engine: &Arc<Engine>,
        repo: &Repo,
        id: &str,
        line: &Line,
    ) -> Result<Binding> {
        let row = repo.read(SUBSCRIPTION, id).await?;
        let subscription = Subscription::read(&resource::parse(row.body.as_bytes())?)?;
        if !matches!(subscription.channel, Channel::Socket) {
            return Err(conflict("its channel is no websocket"));
        }
        if !subscription.status.is_live() {
            return Err(conflict(format!("it is {}, not active", subscription.status.code())));
        }
        let (sockets, line, id) = (Arc::clone(self), line.clone(), row.id.clone());
        let key = (row.project, row.rid);
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let binding = Binding { sockets: Arc::clone(self), key, number };
        engine
            .store
            .offload(move |store| {
                // Whoever matches tells after he has written: with the lock held, nothing falls in between.
                let mut bound = sockets.lock();
                let ended = || not_found("it is not at work yet, or no more");
                let seen = store.matched(key.0, key.1)?.ok_or_else(ended)?;
                bound.entry(key).or_default().push(Listener { number, id, seen, line });
                Ok(())
            })
            .await?;
        Ok(binding)
    }

    /// A subscription has matched so often by now.
    pub fn matched(&self, key: Key, total: i64) {
        let mut bound = self.lock();
        let Some(listeners) = bound.get_mut(&key) else { return };
        listeners.retain_mut(|listener| {
            while listener.seen < total {
                listener.seen += 1;
                if !listener.line.tell(Notice::Matched(listener.id.clone())) {
                    return false;
                }
            }
            true
        });
    }

    /// A subscription is at work no more.
    pub fn ended(&self, key: Key) {
        for listener in self.lock().remove(&key).into_iter().flatten() {
            listener.line.tell(Notice::Ended(listener.id.clone()));
        }
    }

    /// Passes on what the leader, in another process, has noted.
    pub fn relay(&self, store: &Store) -> Result<()> {
        let keys: Vec<Key> = self.lock().keys().copied().collect();
        for key in keys {
            match store.matched(key.0, key.1)? {
                Some(total) => self.matched(key, total),
                None => self.ended(key),
            }
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Vec<Listener>>> {
        self.bound.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
