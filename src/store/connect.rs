//! Which database, and connections to it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2;

use crate::error::{Error, Result, busy, malformed};

/// One connection to either database.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Address of a database: `sqlite:FILE` or `postgres://…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Url {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Url {
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

impl FromStr for Url {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Self::Postgres(text.to_owned()))
        } else if let Some(file) = text.strip_prefix("sqlite:").filter(|file| !file.is_empty()) {
            Ok(Self::Sqlite(PathBuf::from(file.strip_prefix("//").unwrap_or(file))))
        } else {
            Err(malformed(format!(
                "'{text}' is no database address: use sqlite:FILE or postgres://USER@HOST/NAME"
            )))
        }
    }
}

impl fmt::Display for Url {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            Self::Postgres(url) => match (url.find("://"), url.rfind('@')) {
                (Some(scheme), Some(at)) if at > scheme => {
                    let user = url[scheme + 3..at].split(':').next().unwrap_or_default();
                    write!(f, "{}{user}{}", &url[..scheme + 3], &url[at..])
                }
                _ => f.write_str(url),
            },
        }
    }
}

pub(super) type Pool = r2d2::Pool<Manager>;
pub(super) type Pooled = r2d2::PooledConnection<Manager>;

/// Makes connections of the kind that the address names; a derived `establish` would take any string for a
/// SQLite file.
#[derive(Debug, Clone)]
pub struct Manager(Url);

impl r2d2::ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = r2d2::Error;

    fn connect(&self) -> std::result::Result<AnyConnection, r2d2::Error> {
        establish(&self.0)
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> std::result::Result<(), r2d2::Error> {
        ping(connection).map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        std::thread::panicking() || r2d2::R2D2Connection::is_broken(connection)
    }
}

/// Pragmas of every SQLite connection. The wait for locks comes first, since the switch to WAL takes one.
/// Checkpoints are left to a thread of their own (`write::checkpoint`).
const PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; \
    PRAGMA wal_autocheckpoint = 0;";

/// Settings of every PostgreSQL connection. Our statements have one good plan whatever their values, since
/// the shape is chosen here; to plan them again for each call costs several times what running them does.
const SETTINGS: &str = "SET plan_cache_mode = force_generic_plan";

fn establish(url: &Url) -> std::result::Result<AnyConnection, r2d2::Error> {
    match url {
        Url::Sqlite(file) => {
            let mut sqlite =
                SqliteConnection::establish(&file.to_string_lossy()).map_err(r2d2::Error::ConnectionError)?;
            sqlite.batch_execute(PRAGMAS).map_err(r2d2::Error::QueryError)?;
            Ok(AnyConnection::Sqlite(sqlite))
        }
        Url::Postgres(url) => {
            let mut postgres = PgConnection::establish(url).map_err(r2d2::Error::ConnectionError)?;
            postgres.batch_execute(SETTINGS).map_err(r2d2::Error::QueryError)?;
            Ok(AnyConnection::Postgres(postgres))
        }
    }
}

/// A single connection outside any pool, for the writer of SQLite and for migrations.
pub(super) fn connect(url: &Url) -> Result<AnyConnection> {
    establish(url).map_err(|error| unreachable(url, &error))
}

pub(super) fn pool(url: &Url) -> Result<Pool> {
    drop(connect(url)?);
    r2d2::Pool::builder()
        .max_size(16)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(5))
        .error_handler(Box::new(r2d2::LoggingErrorHandler))
        .build(Manager(url.clone()))
        .map_err(|error| unreachable(url, &error))
}

pub(super) fn checkout(pool: &Pool) -> Result<Pooled> {
    pool.get().map_err(|error| busy("the database does not answer; try again").because(error))
}

pub(super) fn ping(connection: &mut AnyConnection) -> QueryResult<()> {
    diesel::sql_query("SELECT 1").execute(connection).map(drop)
}

fn unreachable(url: &Url, error: &dyn fmt::Display) -> Error {
    // libpq repeats the address, which may hold a password, only for unparsable ones.
    let reason = error.to_string();
    let reason = reason.lines().next().unwrap_or_default();
    busy(format!("cannot open the database {url}: {reason}"))
}
