//! Moves the write-ahead log of SQLite into the database file, beside the writer and not in it
//! (<https://www.sqlite.org/wal.html#checkpointing>).

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::connection::SimpleConnection;

use super::super::connect::{AnyConnection, Url, connect};
use crate::error::{Result, fault};

/// Below this the log is left to grow.
const WORTH_IT: u64 = 4 << 20;
/// From here on, writers are made to wait until the log is back at its start.
const TOO_LONG: u64 = 256 << 20;
const PAUSE: Duration = Duration::from_millis(100);

pub(super) fn start(url: &Url, file: &Path, stopping: Arc<AtomicBool>) -> Result<JoinHandle<()>> {
    let connection = connect(url)?;
    let mut log: OsString = file.as_os_str().to_owned();
    log.push("-wal");
    std::thread::Builder::new()
        .name("checkpoint".to_owned())
        .spawn(move || run(connection, &PathBuf::from(log), &stopping))
        .map_err(fault)
}

fn run(mut connection: AnyConnection, log: &Path, stopping: &AtomicBool) {
    while !stopping.load(Ordering::Acquire) {
        std::thread::park_timeout(PAUSE);
        let length = std::fs::metadata(log).map_or(0, |log| log.len());
        let pragma = match length {
            TOO_LONG.. => "PRAGMA wal_checkpoint(TRUNCATE)",
            WORTH_IT.. => "PRAGMA wal_checkpoint(PASSIVE)",
            _ => continue,
        };
        if let Err(error) = connection.batch_execute(pragma) {
            tracing::warn!(%error, "a checkpoint failed; the next one will do its work");
        }
    }
}
