//! Puts everything together once, for `main` and for each test.

use std::net::TcpListener;
use std::sync::Arc;

use crate::config::Config;
use crate::definitions::{Definitions, Places};
use crate::error::{Result, fault};
use crate::http;
use crate::identity::{Announcement, Bootstrap, Identity, bootstrap};
use crate::repo::{self, Engine, Limits};
use crate::store::{self, Options, Store};

/// The assembled server.
pub struct App {
    pub engine: Arc<Engine>,
    pub identity: Arc<Identity>,
    /// What the first start made up, to be shown once.
    pub announcement: Option<Announcement>,
    config: Config,
}

impl App {
    /// Migrates the database, reads the definitions and prepares the first administrator.
    pub async fn open(config: &Config, first: Bootstrap) -> Result<Self> {
        let engine = Arc::new(engine(config)?);
        repo::reindex(&engine)?;
        let announcement = bootstrap(&engine, first).await?;
        let identity = Identity::open(Arc::clone(&engine), &config.public_url).await?;
        Ok(Self { engine, identity, announcement, config: config.clone() })
    }

    /// A server on a socket; it runs when awaited.
    pub fn serve(&self, listener: TcpListener) -> Result<actix_web::dev::Server> {
        let state = http::State {
            engine: Arc::clone(&self.engine),
            identity: Arc::clone(&self.identity),
            public_url: self.config.public_url.clone(),
            max_body: self.config.max_body,
            lenient: self.config.lenient,
            jobs: http::Jobs::default(),
        };
        http::server(state, listener, self.config.workers).map_err(fault)
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
    };
    Ok(Engine::new(store, definitions, format!("{}/fhir/R4", config.public_url), limits))
}
