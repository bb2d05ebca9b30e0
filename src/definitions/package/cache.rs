//! The cache of a package: its facts, with a digest of what they were made from and one of themselves.
//!
//! Nothing is believed of a cache that does not prove itself: it is a mere copy, and can be deleted at any
//! time. The facts stand in the format of <https://postcard.jamesmunns.com/wire-format>.

use std::fs::{self, File};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

const MAGIC: &[u8; 8] = b"RosterPk";

/// Where a package is cached. Packages of one name in different folders have caches of their own.
pub(super) fn place(folder: &Path, package: &Path) -> PathBuf {
    let whole = fs::canonicalize(package).unwrap_or_else(|_| package.to_owned());
    let digest = Sha256::digest(whole.as_os_str().as_encoded_bytes());
    let short: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let name = package.file_name().unwrap_or_default().to_string_lossy();
    folder.join(format!("{name}-{short}.cache"))
}

/// The facts, if they are whole and were made from what the key says.
pub(super) fn read(place: &Path, key: &[u8; 32]) -> Option<Vec<u8>> {
    let mut bytes = fs::read(place).ok()?;
    let head = MAGIC.len() + 64;
    let (magic, rest) = bytes.split_at_checked(MAGIC.len())?;
    let (made_from, rest) = rest.split_at_checked(32)?;
    let (digest, facts) = rest.split_at_checked(32)?;
    if magic != MAGIC || made_from != key || digest != Sha256::digest(facts).as_slice() {
        return None;
    }
    bytes.drain(..head);
    Some(bytes)
}

/// Writes the whole or nothing: others may read it at the same time, and a crash may come at any.
pub(super) fn write(place: &Path, key: &[u8; 32], facts: &[u8]) -> Result<()> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = place.with_extension(format!("{}.new", uuid::Uuid::now_v7().simple()));
    let written = (|| {
        let mut file = File::create_new(&new)?;
        for part in [MAGIC.as_slice(), key, &Sha256::digest(facts), facts] {
            file.write_all(part)?;
        }
        file.sync_all()?;
        fs::rename(&new, place)
    })();
    if written.is_err() {
        // There may be nothing to remove, and whatever is wrong with the folder is told by the first error.
        let _ = fs::remove_file(&new);
    }
    written
}
