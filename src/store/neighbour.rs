//! Word between processes on one SQLite file. The cache of a server trusts that nobody else writes; a command that does
//! leaves word beside the database, and the server, which looks there a few times a second, reads everything anew.

use std::fs::{File, FileTimes};
use std::path::PathBuf;
use std::time::SystemTime;

use super::{Store, Url};
use crate::error::{Result, fault};

impl Store {
    fn place_of_word(&self) -> Option<PathBuf> {
        match &self.url {
            Url::Sqlite(file) => {
                let mut name = file.clone().into_os_string();
                name.push("-word");
                Some(PathBuf::from(name))
            }
            Url::Postgres(_) => None,
        }
    }

    /// To be left after writing beside a server that may run.
    pub fn leave_word(&self) -> Result<()> {
        let Some(place) = self.place_of_word() else { return Ok(()) };
        let file = File::options().create(true).append(true).open(place).map_err(fault)?;
        file.set_times(FileTimes::new().set_modified(SystemTime::now())).map_err(fault)
    }

    /// When word was left, if ever.
    pub fn word(&self) -> Option<SystemTime> {
        self.place_of_word()?.metadata().ok()?.modified().ok()
    }

    /// Forgets what is in memory.
    pub fn forget(&self) {
        self.cache.forget();
        self.memory.forget();
    }
}
