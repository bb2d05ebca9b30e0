//! Keeps what a node knows of search parameters up to date.
//!
//! Writers need no care: the store refuses what was indexed by others than those of now. But a search by a
//! parameter that another node has withdrawn would miss what is written since; so writers go on with such a
//! parameter for a while, and a node that has not looked for as long looks before it searches.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Catalogue;
use crate::error::{Result, busy};
use crate::repo::reindex::complete;
use crate::repo::update::ATTEMPTS;
use crate::repo::{Engine, Repo};
use crate::resource;
use crate::store::{IndexChange, Refusal, Store, Unit};

/// So long ago a node may have looked, where others may change what it looks for. `indexer::GRACE` is longer.
const FRESH: Duration = Duration::from_secs(2);

pub(in crate::repo) struct Attention {
    born: Instant,
    /// Milliseconds from there to the last look.
    looked: AtomicU64,
    refreshing: Mutex<()>,
    stirred: Mutex<Stirred>,
    changed: Condvar,
}

#[derive(Default)]
struct Stirred {
    /// Grows with each call.
    calls: u64,
    stopping: bool,
}

impl Default for Attention {
    fn default() -> Self {
        let (refreshing, stirred, changed) = (Mutex::default(), Mutex::default(), Condvar::new());
        Self { born: Instant::now(), looked: AtomicU64::new(0), refreshing, stirred, changed }
    }
}

impl Attention {
    fn looked(&self, at: Instant) {
        let millis = u64::try_from(at.duration_since(self.born).as_millis()).unwrap_or(u64::MAX);
        self.looked.fetch_max(millis, Ordering::AcqRel);
    }

    fn is_fresh(&self) -> bool {
        self.born.elapsed() < FRESH + Duration::from_millis(self.looked.load(Ordering::Acquire))
    }

    /// Wakes whoever rests.
    pub fn stir(&self) {
        self.stirred.lock().unwrap_or_else(PoisonError::into_inner).calls += 1;
        self.changed.notify_all();
    }

    /// Ends all rest.
    pub fn stop(&self) {
        self.stirred.lock().unwrap_or_else(PoisonError::into_inner).stopping = true;
        self.changed.notify_all();
    }

    pub fn is_stopping(&self) -> bool {
        self.stirred.lock().unwrap_or_else(PoisonError::into_inner).stopping
    }

    pub fn calls(&self) -> u64 {
        self.stirred.lock().unwrap_or_else(PoisonError::into_inner).calls
    }

    /// Rests until somebody stirs who has not done so by `calls`, or for so long.
    pub fn rest(&self, calls: u64, most: Option<Duration>) {
        let stirred = self.stirred.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = |stirred: &mut Stirred| stirred.calls == calls && !stirred.stopping;
        match most {
            Some(most) => drop(self.changed.wait_timeout_while(stirred, most, idle)),
            None => drop(self.changed.wait_while(stirred, idle)),
        }
    }
}

impl Engine {
    /// Looks what search parameters there are by now.
    pub fn refresh(&self) -> Result<()> {
        let _one_at_a_time = self.attention.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let at = Instant::now();
        let known = self.catalogue.load_full();
        if self.store.epoch()? != (known.epoch, known.change) {
            let parameters = self.store.parameters()?;
            self.catalogue.store(Arc::new(Catalogue::of(&known, parameters, &self.store)?));
        }
        self.attention.looked(at);
        Ok(())
    }

    /// The same after a write of our own. If it cannot be done now, nothing is wrong: writers notice, and the
    /// keeper looks again.
    pub(in crate::repo) async fn learn(self: &Arc<Self>) {
        let engine = Arc::clone(self);
        if let Err(error) = self.store.offload(move |_| engine.refresh()).await {
            tracing::warn!(%error, "a change of search parameters is noticed later");
        }
        self.attention.stir();
    }

    /// Makes the index rows of a unit anew by the parameters of now.
    fn renewed(&self, mut unit: Unit) -> Result<Unit> {
        self.refresh()?;
        let catalogue = self.catalogue.load_full();
        for change in unit.changes.iter_mut().filter(|change| !change.deleted) {
            let body: Value = resource::parse(change.body.as_bytes())?;
            let index = complete(self, &catalogue, (change.project, change.kind), &body)?;
            let before = std::mem::take(&mut change.index);
            // What must be unique is so by definitions that do not change.
            change.index = IndexChange {
                claim: before.claim,
                release: before.release,
                redefines: before.redefines,
                ..index
            };
        }
        unit.epoch = catalogue.epoch;
        Ok(unit)
    }
}

impl Repo {
    /// Hands a unit to the store, indexed by the parameters of now.
    pub(in crate::repo) async fn hand_over(&self, mut unit: Unit) -> Result<Vec<i64>, Refusal> {
        let redefines = unit.changes.iter().any(|change| change.index.redefines.is_some());
        for _ in 0..ATTEMPTS {
            match self.engine.store.commit(unit).await {
                Err(Refusal::Stale(Some(back))) => {
                    if self.definitions.custom && !back.guards.is_empty() {
                        // It may hang on a parameter that is gone.
                        self.engine.learn().await;
                        return Err(Refusal::Failed(busy("search parameters have just changed; try again")));
                    }
                    let engine = Arc::clone(&self.engine);
                    let renew = move |_: &Store| engine.renewed(*back);
                    unit = self.engine.store.offload(renew).await.map_err(Refusal::Failed)?;
                }
                done => {
                    if redefines && done.is_ok() {
                        self.engine.learn().await;
                    }
                    return done;
                }
            }
        }
        Err(Refusal::Failed(busy("search parameters change all the time; try again")))
    }

    /// To be called before a search: whether its parameters are there still.
    pub(in crate::repo) async fn look(&self) -> Result<()> {
        if !self.definitions.custom || self.engine.store.reads_inline() || self.engine.attention.is_fresh() {
            return Ok(());
        }
        let engine = Arc::clone(&self.engine);
        self.engine.store.offload(move |_| engine.refresh()).await?;
        if self.engine.catalogue.load().change == self.catalogue.change {
            return Ok(());
        }
        Err(busy("search parameters have just changed; try again"))
    }
}
