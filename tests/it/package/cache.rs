//! What was read of a package is kept in a file that nothing depends on.

use std::fs;
use std::path::{Path, PathBuf};

use roster::definitions::{Definitions, Package, Places, packages};
use tempfile::TempDir;

use super::making::{manifest, param, ward, write};

struct Place {
    folder: TempDir,
    file: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("clinic.tgz");
        write(&file, &manifest(), &[ward()]);
        Self { folder, file }
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    fn list(&self) -> Package {
        packages(std::slice::from_ref(&self.file), Some(&self.cache())).expect("a package").remove(0)
    }

    /// The one file of the cache.
    fn cached(&self) -> PathBuf {
        let mut files =
            fs::read_dir(self.cache()).expect("a folder").map(|file| file.expect("a file").path());
        let file = files.next().expect("a cache");
        assert_eq!(files.next(), None);
        file
    }
}

fn expected() -> Package {
    let (name, version) = ("example.clinic".to_owned(), "1.2.3".to_owned());
    Package { name, version, types: 1, params: 0, profiles: 0, value_sets: 0 }
}

#[test]
fn a_cache_is_written_once_and_read_again() {
    let place = Place::new();
    assert_eq!(place.list(), expected());
    let written = fs::metadata(place.cached()).and_then(|file| file.modified()).expect("a time");
    assert_eq!(place.list(), expected());
    assert_eq!(fs::metadata(place.cached()).and_then(|file| file.modified()).expect("a time"), written);
}

#[test]
fn a_broken_cache_is_made_anew() {
    let place = Place::new();
    place.list();
    let file = place.cached();
    let whole = fs::read(&file).expect("bytes");
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    let mut broken: Vec<Vec<u8>> = (0..whole.len()).step_by(7).map(flipped).collect();
    broken.extend([
        Vec::new(),
        whole[..20].to_vec(),
        whole[..whole.len() - 1].to_vec(),
        b"nonsense".repeat(50),
    ]);
    for bytes in broken {
        fs::write(&file, bytes).expect("room");
        assert_eq!(place.list(), expected());
        assert!(fs::read(&file).expect("bytes") == whole, "it is whole again");
    }
}

#[test]
fn another_package_under_the_same_name_is_read_anew() {
    let place = Place::new();
    place.list();
    write(&place.file, &manifest(), &[ward(), param("Ward", "name", "Ward.name")]);
    assert_eq!(place.list().params, 1);
    place.cached();
    let packages = [place.file.clone()];
    let sources = Places { packages: &packages, cache: Some(&place.cache()), ..Places::default() };
    let definitions = Definitions::open(&sources).expect("definitions");
    assert!(definitions.resources["Ward"].params.contains_key("name"));
}

#[test]
fn a_cache_that_cannot_be_written_is_done_without() {
    let place = Place::new();
    let list = |cache: Option<&Path>| packages(std::slice::from_ref(&place.file), cache).expect("a package");
    // A file is where the folder should be.
    fs::write(place.cache(), "").expect("room");
    assert_eq!(list(Some(&place.cache())), [expected()]);
    assert_eq!(list(Some(Path::new("/proc/no/such/place"))), [expected()]);
    assert_eq!(list(None), [expected()]);
}
