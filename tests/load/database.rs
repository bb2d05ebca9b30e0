//! The database under the server: its address, a fresh one, and what only psql can tell.

use std::process::Command;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::meter::{self, Meter};

pub struct Database {
    pub url: String,
    /// Held until the end; the file goes with it.
    _directory: Option<TempDir>,
    /// Where to say DROP DATABASE.
    origin: Option<(String, String)>,
}

impl Database {
    pub fn given(url: &str) -> Self {
        Self { url: url.to_owned(), _directory: None, origin: None }
    }

    /// A new SQLite file on the disk of the build directory: /tmp may be memory, where a commit costs nothing.
    pub fn file() -> Result<Self> {
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let url = format!("sqlite:{}", directory.path().join("roster.db").display());
        Ok(Self { url, _directory: Some(directory), origin: None })
    }

    /// A new database beside the given one: in its cluster, or a file.
    pub fn fresh(given: Option<&str>) -> Result<Self> {
        let Some(origin) = given.filter(|url| is_postgres(url)) else { return Self::file() };
        let mut url = url::Url::parse(origin).context("the address of the database")?;
        let name = format!("roster_crash_{}", std::process::id());
        psql(origin, &format!("CREATE DATABASE {name}"))?;
        url.set_path(&name);
        Ok(Self { url: url.into(), _directory: None, origin: Some((origin.to_owned(), name)) })
    }

    pub fn is_postgres(&self) -> bool {
        is_postgres(&self.url)
    }

    /// The meter of the cluster, if there is one.
    pub fn meter(&self) -> Result<Option<Meter>> {
        if !self.is_postgres() {
            return Ok(None);
        }
        // Any process of the cluster will do: its parent is the postmaster.
        let others = psql(&self.url, "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")?;
        let parent = others.lines().filter_map(|pid| meter::parent(pid.trim().parse().ok()?).ok()).next();
        Ok(Some(Meter::Cluster(parent.context("the cluster does not run on this machine")?)))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((origin, name)) = &self.origin {
            let dropped = psql(origin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            dropped.map_or_else(|error| eprintln!("{name} is left behind: {error:#}"), |_| ());
        }
    }
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres")
}

/// The rows of a statement, fields separated by `|`.
pub fn psql(url: &str, sql: &str) -> Result<String> {
    let output = Command::new("psql").args([url, "-XAtqc", sql]).output().context("psql")?;
    if !output.status.success() {
        bail!("psql: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}
