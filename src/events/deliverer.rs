//! The thread of the room: waits to lead, leads, and begins anew after a failure.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::Settings;
use super::lead::Lead;
use super::sockets::Sockets;
use super::wording::Wording;
use crate::error::{Result, fault};
use crate::identity::Identity;
use crate::repo::Engine;

/// Between two looks for whether the leader is gone.
const STANDBY: Duration = Duration::from_secs(1);
/// The same while websockets wait for what the leader has matched.
const RELAY: Duration = Duration::from_millis(200);
/// After a failure of the database.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Deliverer {
    pub engine: Arc<Engine>,
    pub identity: Arc<Identity>,
    pub sockets: Arc<Sockets>,
    pub settings: Settings,
    /// How dialects tell of changes.
    pub wordings: &'static [&'static dyn Wording],
    pub stop: watch::Receiver<bool>,
}

impl Deliverer {
    pub fn run(mut self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => return tracing::error!(%error, "subscribers cannot be told of anything"),
        };
        runtime.block_on(async {
            while !self.stopping() {
                if let Err(error) = self.serve().await {
                    tracing::warn!(%error, "deliveries were interrupted and begin anew");
                    self.rest(PAUSE).await;
                }
            }
        });
        // What is on its way is told again after the next start; nobody waits for it here.
        runtime.shutdown_background();
    }

    async fn serve(&mut self) -> Result<()> {
        let store = Arc::clone(&self.engine.store);
        let mut outbox = store.outbox()?;
        while !outbox.lead()? {
            self.sockets.relay(&store)?;
            self.rest(if self.sockets.is_empty() { STANDBY } else { RELAY }).await;
            if self.stopping() {
                return Ok(());
            }
        }
        let mut lead = Lead::begin(self, outbox).await?;
        while !self.stopping() {
            lead.turn().await?;
        }
        lead.end().await
    }

    fn stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits, but not for longer than the server runs.
    async fn rest(&mut self, time: Duration) {
        // An error says that nobody is left who could stop it, which is a stop as well.
        let _ = tokio::time::timeout(time, self.stop.wait_for(|stop| *stop)).await;
    }

    /// The number of the type Subscription; without it there is nothing to do.
    pub fn kind(&self) -> Result<i32> {
        let kind = crate::repo::subscription::SUBSCRIPTION;
        self.engine.store.kind(kind).ok_or_else(|| fault(format!("the type {kind} has no number")))
    }
}
