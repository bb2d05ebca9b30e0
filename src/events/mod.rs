//! Tells subscribers of what has changed (<https://hl7.org/fhir/R4/subscription.html>).
//!
//! Each write leaves a line in the outbox, in its own transaction. One thread reads them in order, puts each new version
//! to the criteria of the subscriptions of its project, and keeps what is to be told until it has arrived: at least
//! once, in order for each resource, from where it stopped after a restart. Of several processes on one database one
//! does this, and another when it is gone.

mod answer;
mod deliverer;
mod dispatch;
mod hook;
mod lead;
mod live;
mod queue;
mod sockets;
mod status;
mod tidy;
mod wording;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

pub use sockets::{Binding, Line, Notice};
pub use wording::{Change, Letter, Worded, Wording, hex, hmac, wording_of};

use crate::error::{Result, fault};
use crate::identity::Identity;
use crate::repo::{Engine, Repo};
use deliverer::Deliverer;
use sockets::Sockets;

/// What the configuration says of deliveries.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// So many failures of one notification turn its subscription off.
    pub attempts: u32,
    /// Before the second attempt; doubled for each that follows.
    pub backoff: Duration,
    /// For the answer of a receiver.
    pub timeout: Duration,
    /// Whether receivers may be at addresses that are not public.
    pub private: bool,
    /// So long it is remembered what was told.
    pub log: Duration,
}

/// Delivers until it is dropped.
pub struct Events {
    engine: Arc<Engine>,
    sockets: Arc<Sockets>,
    stopping: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Events {
    pub fn start(
        engine: &Arc<Engine>,
        identity: &Arc<Identity>,
        settings: Settings,
        wordings: &'static [&'static dyn Wording],
    ) -> Result<Self> {
        let sockets = Arc::new(Sockets::default());
        let (stopping, stop) = watch::channel(false);
        let deliverer = Deliverer {
            engine: Arc::clone(engine),
            identity: Arc::clone(identity),
            sockets: Arc::clone(&sockets),
            settings,
            wordings,
            stop,
        };
        let thread = std::thread::Builder::new().name("events".to_owned());
        let thread = thread.spawn(move || deliverer.run()).map_err(fault)?;
        Ok(Self { engine: Arc::clone(engine), sockets, stopping, thread: Some(thread) })
    }

    /// Lets a websocket hear of what a subscription matches from now on, if whoever opened it may read that.
    pub async fn bind(&self, repo: &Repo, id: &str, line: &Line) -> Result<Binding> {
        self.sockets.bind(&self.engine, repo, id, line).await
    }

    /// Becomes true when the server is about to stop.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// Says that the server is about to stop: no websocket is to hold it up.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
        self.engine.store.bell().wake();
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}
