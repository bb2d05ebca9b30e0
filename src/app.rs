//! Puts everything together once, for `main` and for each test.

use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::config::Config;
use crate::definitions::{Definitions, Places};
use crate::error::{Result, fault};
use crate::events::{self, Events};
use crate::http;
use crate::identity::{Announcement, Bootstrap, Identity, bootstrap};
use crate::repo::audit::Scope;
use crate::repo::parameter::Keeper;
use crate::repo::{self, Engine, Limits};
use crate::store::{self, Options, Store};

/// How often to look for word of other processes.
const LISTEN: Duration = Duration::from_millis(200);

/// The assembled server.
pub struct App {
    pub engine: Arc<Engine>,
    pub identity: Arc<Identity>,
    /// What the first start made up, to be shown once.
    pub announcement: Option<Announcement>,
    config: Config,
    events: OnceLock<Arc<Events>>,
    keeper: OnceLock<Keeper>,
}

impl App {
    /// Migrates the database, reads the definitions and prepares the first administrator.
    pub async fn open(config: &Config, first: Bootstrap) -> Result<Self> {
        Self::around(engine(config)?, config, first).await
    }

    /// The same beside a server that may run, in whose name it speaks.
    pub async fn beside(config: &Config, first: Bootstrap) -> Result<Self> {
        let (mut engine, mut config) = (engine(config)?, config.clone());
        if !config.addressed
            && let Some(url) = engine.store.address()?
        {
            config.public_url = url;
            engine.base_url = base_url(&config);
        }
        Self::around(engine, &config, first).await
    }

    async fn around(engine: Engine, config: &Config, first: Bootstrap) -> Result<Self> {
        let engine = Arc::new(engine);
        repo::reindex(&engine)?;
        let announcement = bootstrap(&engine, first, config.sign_in.cost()).await?;
        let identity = Identity::open(Arc::clone(&engine), config).await?;
        let (config, events, keeper) = (config.clone(), OnceLock::new(), OnceLock::new());
        Ok(Self { engine, identity, announcement, config, events, keeper })
    }

    /// A server on a socket; it runs when awaited.
    pub fn serve(&self, listener: TcpListener) -> Result<actix_web::dev::Server> {
        self.engine.store.serve_at(&self.config.public_url)?;
        let events =
            Arc::new(Events::start(&self.engine, &self.identity, self.deliveries(), http::WORDINGS)?);
        stop_with_the_server(Arc::clone(&events));
        let events = self.events.get_or_init(|| events);
        let keeper = Keeper::start(&self.engine)?;
        self.keeper.get_or_init(|| keeper);
        listen(&self.engine);
        let state = http::State {
            engine: Arc::clone(&self.engine),
            identity: Arc::clone(&self.identity),
            events: Arc::clone(events),
            public_url: self.config.public_url.clone(),
            max_body: self.config.max_body,
            proxies: self.config.sign_in.proxies,
            registration: self.config.oauth.registration,
            registration_project: self.config.oauth.registration_project.clone(),
            lenient: self.config.lenient,
            jobs: http::Jobs::default(),
            answers: http::Answers::default(),
        };
        http::server(state, listener, self.config.workers).map_err(fault)
    }

    fn deliveries(&self) -> events::Settings {
        events::Settings {
            attempts: self.config.subscription_attempts,
            backoff: self.config.subscription_backoff,
            timeout: self.config.subscription_timeout,
            private: self.config.subscription_private,
            log: self.config.subscription_log,
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if let Some(events) = self.events.get() {
            events.stop();
        }
    }
}

/// Whoever writes to the same SQLite file leaves word.
fn listen(engine: &Arc<Engine>) {
    let (engine, mut heard) = (Arc::downgrade(engine), engine.store.word());
    actix_web::rt::spawn(async move {
        loop {
            actix_web::rt::time::sleep(LISTEN).await;
            let Some(engine) = engine.upgrade() else { return };
            let word = engine.store.word();
            if word != heard {
                heard = word;
                engine.look_again();
            }
        }
    });
}

/// Runs what is async to its end, for commands.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

/// A server that is asked to stop waits for its connections; a websocket ends only when it is told to.
fn stop_with_the_server(events: Arc<Events>) {
    let signals = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    for signal in signals {
        let events = Arc::clone(&events);
        match signal {
            Ok(mut signal) => {
                actix_web::rt::spawn(async move {
                    signal.recv().await;
                    events.stop();
                });
            }
            Err(error) => tracing::warn!(%error, "a stop will not close websockets"),
        }
    }
}

/// What the configuration says may exist.
pub fn definitions(config: &Config) -> Result<Definitions> {
    Definitions::open(&Places {
        packages: &config.packages,
        directories: &config.definitions,
        cache: config.cache_dir.as_deref(),
    })
}

/// The engine alone, for commands that need no one to sign in.
pub fn engine(config: &Config) -> Result<Engine> {
    let url: store::Url = config.database.parse()?;
    let definitions = Arc::new(definitions(config)?);
    for warning in definitions.warnings.iter() {
        tracing::warn!(warning, "a definition is used in part");
    }
    for name in store::migrate(&url)? {
        tracing::debug!(name, "migrated");
    }
    let store = Store::open(&Options { url, cache_bytes: config.cache_bytes }, &definitions)?;
    let limits = Limits {
        default_count: config.default_page.min(config.max_page),
        max_count: config.max_page,
        delete_many: config.conditional_delete_many,
        private_endpoints: config.subscription_private,
        audit: match config.audit.as_str() {
            "off" => Scope::Nothing,
            "writes" => Scope::Writes,
            "reads" => Scope::Reads,
            _ => Scope::Acts,
        },
    };
    let engine = Engine::new(store, definitions, base_url(config), limits);
    engine.refresh()?;
    Ok(engine)
}

/// The FHIR base as clients see it.
fn base_url(config: &Config) -> String {
    format!("{}/fhir/R4", config.public_url)
}
