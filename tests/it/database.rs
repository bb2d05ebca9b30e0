//! Databases that live as long as a test, and a look into them past the server.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use tempfile::TempDir;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database of its own; gone when dropped.
pub struct Database {
    pub url: String,
    place: Place,
}

enum Place {
    Folder(TempDir),
    Name(String),
}

/// One line of a result of one text column.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Database {
    pub fn empty(engine: Engine) -> Self {
        Self::make(engine, None)
    }

    /// A copy. Nobody may be connected to the original but those who do not mind being cut off.
    pub fn copy(&self) -> Self {
        match &self.place {
            Place::Folder(_) => {
                let copy = Self::make(Engine::Sqlite, None);
                let Place::Folder(folder) = &copy.place else { unreachable!() };
                self.run(&format!("VACUUM INTO '{}'", file(folder).display()));
                copy
            }
            Place::Name(name) => Self::make(Engine::Postgres, Some(name)),
        }
    }

    /// Cuts everybody off, and lets nobody in again.
    pub fn close(&self) {
        if let Place::Name(name) = &self.place {
            let mut cluster = cluster();
            let refuse = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false");
            let cut =
                format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
            cluster.batch_execute(&refuse).expect("the database is ours");
            cluster.batch_execute(&cut).expect("the database is ours");
        }
    }

    fn make(engine: Engine, template: Option<&str>) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        match engine {
            Engine::Sqlite => {
                let folder = TempDir::with_prefix("roster-").expect("a temporary folder");
                Self { url: format!("sqlite:{}", file(&folder).display()), place: Place::Folder(folder) }
            }
            Engine::Postgres => {
                let name = format!("test_{}_{}", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
                let template = template.unwrap_or("template0");
                let statement = format!("CREATE DATABASE {name} TEMPLATE {template}");
                cluster().batch_execute(&statement).expect("a database can be made");
                Self {
                    url: cluster_url().replacen("/postgres?", &format!("/{name}?"), 1),
                    place: Place::Name(name),
                }
            }
        }
    }

    /// Runs statements past the server.
    pub fn run(&self, statements: &str) {
        match &self.place {
            Place::Folder(folder) => {
                sqlite(folder).batch_execute(statements).expect("the statements are right")
            }
            Place::Name(_) => {
                postgres(&self.url).batch_execute(statements).expect("the statements are right")
            }
        }
    }

    /// What a statement with one text column called `line` gives.
    pub fn lines(&self, statement: &str) -> Vec<String> {
        let query = diesel::sql_query(statement);
        let lines: QueryResult<Vec<Line>> = match &self.place {
            Place::Folder(folder) => query.load(&mut sqlite(folder)),
            Place::Name(_) => query.load(&mut postgres(&self.url)),
        };
        lines
            .unwrap_or_else(|error| panic!("{statement}: {error}"))
            .into_iter()
            .map(|line| line.line)
            .collect()
    }

    pub fn tables(&self) -> BTreeSet<String> {
        self.lines(match self.place {
            Place::Folder(_) => {
                "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            }
            Place::Name(_) => "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'",
        })
        .into_iter()
        .collect()
    }

    pub fn columns(&self, table: &str) -> BTreeSet<String> {
        self.lines(&match self.place {
            Place::Folder(_) => format!("SELECT name AS line FROM pragma_table_info('{table}')"),
            Place::Name(_) => {
                format!("SELECT column_name::text AS line FROM information_schema.columns WHERE table_name = '{table}'")
            }
        })
        .into_iter()
        .collect()
    }

    /// Every row of every table, as text.
    pub fn dump(&self) -> BTreeMap<String, Vec<String>> {
        let row = |table: &str| match self.place {
            Place::Folder(_) => {
                let quoted: Vec<_> =
                    self.columns(table).iter().map(|column| format!("quote(\"{column}\")")).collect();
                format!("SELECT {} AS line FROM \"{table}\"", quoted.join(" || ',' || "))
            }
            Place::Name(_) => format!("SELECT t::text AS line FROM \"{table}\" t"),
        };
        self.tables().into_iter().map(|table| (table.clone(), self.lines(&row(&table)))).collect()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Place::Name(name) = &self.place {
            // Without the cluster there is nothing left to drop.
            if let Ok(mut cluster) = PgConnection::establish(cluster_url()) {
                let _ = cluster.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            }
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

fn file(folder: &TempDir) -> std::path::PathBuf {
    Path::join(folder.path(), "roster.db")
}

fn sqlite(folder: &TempDir) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(&file(folder).to_string_lossy()).expect("SQLite opens");
    connection.batch_execute("PRAGMA busy_timeout = 10000").expect("SQLite answers");
    connection
}

fn postgres(url: &str) -> PgConnection {
    PgConnection::establish(url).expect("PostgreSQL answers")
}

fn cluster() -> PgConnection {
    postgres(cluster_url())
}

/// A maintenance database of a throw-away cluster, as tests/run starts one.
fn cluster_url() -> &'static str {
    static URL: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        let url = std::env::var("ROSTER_TEST_POSTGRES");
        let url =
            url.expect("ROSTER_TEST_POSTGRES, the address of a PostgreSQL for tests: `tests/run` starts one");
        assert!(url.contains("/postgres"), "ROSTER_TEST_POSTGRES leads to the database `postgres`");
        if url.contains('?') { url } else { format!("{url}?") }
    });
    &URL
}
