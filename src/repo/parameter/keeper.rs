//! The threads that look after search parameters while a server runs: one indexes, and where other nodes may
//! change them, one looks every now and then.

use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::indexer::Indexer;
use crate::error::{Result, fault};
use crate::repo::Engine;

/// Between two looks at what other nodes do.
const INTERVAL: Duration = Duration::from_secs(1);

/// Stops them when dropped.
pub struct Keeper {
    engine: Arc<Engine>,
    threads: Vec<JoinHandle<()>>,
}

impl Keeper {
    pub fn start(engine: &Arc<Engine>) -> Result<Self> {
        let mut keeper = Self { engine: Arc::clone(engine), threads: Vec::new() };
        keeper.spawn("indexer", |engine| Indexer::new(engine).run())?;
        if !engine.store.reads_inline() {
            keeper.spawn("lookout", |engine| watch(&engine))?;
        }
        Ok(keeper)
    }

    fn spawn(&mut self, name: &str, work: impl FnOnce(Arc<Engine>) + Send + 'static) -> Result<()> {
        let engine = Arc::clone(&self.engine);
        let thread = Builder::new().name(name.to_owned()).spawn(move || work(engine)).map_err(fault)?;
        self.threads.push(thread);
        Ok(())
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.engine.attention.stop();
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}

fn watch(engine: &Engine) {
    while !engine.attention.is_stopping() {
        let before = engine.catalogue.load().change;
        if let Err(error) = look(engine) {
            tracing::warn!(%error, "search parameters cannot be looked at");
        }
        if engine.catalogue.load().change != before {
            engine.attention.stir();
        }
        engine.attention.rest(engine.attention.calls(), Some(INTERVAL));
    }
}

fn look(engine: &Engine) -> Result<()> {
    engine.refresh()?;
    let catalogue = engine.catalogue.load();
    if !catalogue.is_indexing() {
        return Ok(());
    }
    for (number, done, total) in engine.store.progress()? {
        if let Some(one) = catalogue.compiled.iter().find(|one| one.parameter.number == number) {
            one.indexing.set(done, total);
        }
    }
    Ok(())
}
