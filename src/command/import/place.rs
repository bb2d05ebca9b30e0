//! How far an import has come, in a file beside the one that is imported.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Result, fault, malformed};

/// Bytes of the file that it is known by.
const HEAD: u64 = 64 * 1024;

#[derive(Serialize, Deserialize)]
pub(super) struct Place {
    /// Of the file's length and beginning.
    digest: String,
    project: String,
    /// What ids are made from, so that a batch that is done again makes the same.
    pub seed: u128,
    /// Bytes, rows and bytes of errors that are done with.
    pub offset: u64,
    pub row: u64,
    pub errors: u64,
    #[serde(skip)]
    file: PathBuf,
    /// This run began it.
    #[serde(skip)]
    pub begun: bool,
}

impl Place {
    pub fn open(file: PathBuf, input: &Path, project: &str, anew: bool) -> Result<Self> {
        let digest = digest(input)?;
        if !anew && let Ok(text) = fs::read_to_string(&file) {
            let kept: Self = serde_json::from_str(&text)
                .map_err(|_| malformed(format!("{} cannot be read; use --restart", file.display())))?;
            if kept.digest != digest || kept.project != project {
                let text = "is of another file or project; use --restart to begin anew";
                return Err(malformed(format!("{} {text}", file.display())));
            }
            return Ok(Self { file, ..kept });
        }
        let (project, seed) = (project.to_owned(), seed());
        let place = Self { digest, project, seed, offset: 0, row: 0, errors: 0, file, begun: true };
        place.write()?;
        Ok(place)
    }

    pub fn note(&mut self, offset: u64, row: u64, errors: u64) -> Result<()> {
        (self.offset, self.row, self.errors) = (offset, row, errors);
        self.write()
    }

    /// All is done.
    pub fn forget(&self) -> Result<()> {
        fs::remove_file(&self.file).map_err(fault)
    }

    fn write(&self) -> Result<()> {
        let mut hidden = self.file.clone().into_os_string();
        hidden.push(".new");
        let text = serde_json::to_string(self).map_err(fault)?;
        let write = || -> std::io::Result<()> {
            let mut file = fs::File::create(&hidden)?;
            file.write_all(text.as_bytes())?;
            file.sync_data()?;
            fs::rename(&hidden, &self.file)
        };
        write().map_err(|error| malformed(format!("cannot write {}: {error}", self.file.display())))
    }
}

/// The moment in the upper bits, chance in the lower.
fn seed() -> u128 {
    let moment = u128::try_from(chrono::Utc::now().timestamp_millis()).unwrap_or_default();
    (moment << 80) | (rand::random::<u128>() >> 48)
}

fn digest(input: &Path) -> Result<String> {
    let unread = |error| malformed(format!("cannot read {}: {error}", input.display()));
    let file = fs::File::open(input).map_err(unread)?;
    let length = file.metadata().map_err(unread)?.len();
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head).map_err(unread)?;
    let digest = Sha256::new().chain_update(length.to_be_bytes()).chain_update(&head).finalize();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
