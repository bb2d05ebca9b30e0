//! Brings a database to the schema of this binary, or says why it cannot.

use std::collections::HashSet;

use diesel::RunQueryDsl;
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connect::{AnyConnection, Url, connect};
use crate::error::{Result, conflict, fault};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Nodes that start together on one PostgreSQL wait for each other under this key.
const LOCK: i64 = 0x526f_7374_6572;

/// Runs what is missing and returns the names of what ran.
pub fn migrate(url: &Url) -> Result<Vec<String>> {
    match connect(url)? {
        AnyConnection::Sqlite(mut sqlite) => {
            refuse_newer::<Sqlite>(&mut sqlite, &SQLITE)?;
            run(&mut sqlite, SQLITE)
        }
        AnyConnection::Postgres(mut postgres) => {
            diesel::sql_query(format!("SELECT pg_advisory_lock({LOCK})"))
                .execute(&mut postgres)
                .map_err(fault)?;
            refuse_newer::<Pg>(&mut postgres, &POSTGRES)?;
            run(&mut postgres, POSTGRES)
        }
    }
}

fn run<DB: diesel::backend::Backend>(
    connection: &mut impl MigrationHarness<DB>,
    source: EmbeddedMigrations,
) -> Result<Vec<String>>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let ran = connection.run_pending_migrations(source).map_err(fault)?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

fn refuse_newer<DB: diesel::backend::Backend>(
    connection: &mut impl MigrationHarness<DB>,
    source: &EmbeddedMigrations,
) -> Result<()>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known = MigrationSource::<DB>::migrations(source).map_err(fault)?;
    let known: HashSet<String> =
        known.iter().map(|migration| migration.name().version().to_string()).collect();
    let applied = connection.applied_migrations().map_err(fault)?;
    match applied.iter().map(ToString::to_string).find(|version| !known.contains(version)) {
        Some(version) => Err(conflict(format!(
            "the database was migrated by a newer Roster (migration {version} is not known here); use that version"
        ))),
        None => Ok(()),
    }
}
