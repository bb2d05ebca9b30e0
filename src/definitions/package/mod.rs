//! FHIR packages: definitions by the hundred, in one file (<https://hl7.org/fhir/R4/packages.html>,
//! <https://confluence.hl7.org/display/FHIR/NPM+Package+Specification>).
//!
//! Of a package the facts alone are kept, and from one start to the next in a cache, since to unpack and
//! read everything takes longer than all the rest of a start.

mod archive;
mod cache;
mod slim;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::read::{Files, read};
use crate::error::{Result, fault, invalid};

/// What a package is and has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    pub version: String,
    /// Types of resource that can be instantiated.
    pub types: usize,
    pub params: usize,
    /// Constraints on types, and so extensions too.
    pub profiles: usize,
    pub value_sets: usize,
}

/// What is known of a package: by its manifest, and by the definitions in it.
#[derive(Serialize, Deserialize)]
pub(super) struct Facts<'a> {
    #[serde(borrow)]
    name: &'a str,
    version: &'a str,
    #[serde(borrow)]
    pub(super) files: Files<'a>,
}

/// The facts of a package as they are cached. What is understood of them borrows from here.
pub(super) struct Loaded {
    file: PathBuf,
    facts: Vec<u8>,
}

impl Loaded {
    pub(super) fn facts(&self) -> Result<Facts<'_>> {
        let broken = |e| fault(format!("what was read of {} cannot be read again: {e}", self.file.display()));
        postcard::from_bytes(&self.facts).map_err(broken)
    }
}

/// The facts of a package, out of the cache if there is one that was made of this very file by this very
/// program; a cache that is anything else is made anew.
pub(super) fn load(file: &Path, cache: Option<&Path>) -> Result<Loaded> {
    let unreadable = |e| invalid(format!("the package {} cannot be read: {e}", file.display()));
    let bytes = std::fs::read(file).map_err(unreadable)?;
    let key = key(&bytes);
    let place = cache.map(|folder| cache::place(folder, file));
    if let Some(facts) = place.as_ref().and_then(|place| cache::read(place, &key)) {
        return Ok(Loaded { file: file.to_owned(), facts });
    }
    let archive = archive::unpack(&bytes, file)?;
    let mut files = Files::default();
    read(&mut files, &archive.sources)?;
    shorten(&mut files)?;
    let facts = Facts { name: &archive.name, version: &archive.version, files };
    let facts = postcard::to_stdvec(&facts).map_err(fault)?;
    if let Some(place) = place
        && let Err(error) = cache::write(&place, &key, &facts)
    {
        // The next start is slow again, and that is all.
        tracing::warn!(%error, file = %place.display(), "a package cannot be cached");
    }
    Ok(Loaded { file: file.to_owned(), facts })
}

/// Leaves of the texts no more than is needed: those of profiles, which are made ready when they are used.
fn shorten(files: &mut Files<'_>) -> Result<()> {
    for read in &mut files.structures {
        read.text = if read.body.is_profile() { slim::slim(&read.text)?.into() } else { "".into() };
    }
    files.value_sets.iter_mut().for_each(|read| read.text = "".into());
    files.code_systems.iter_mut().for_each(|read| read.text = "".into());
    files.params.iter_mut().for_each(|read| read.text = "".into());
    files.compartments.iter_mut().for_each(|read| read.text = "".into());
    Ok(())
}

/// Name, version and content of each package.
pub fn packages(files: &[PathBuf], cache: Option<&Path>) -> Result<Vec<Package>> {
    files.iter().map(|file| load(file, cache)?.facts().map(|facts| facts.summary())).collect()
}

impl Facts<'_> {
    fn summary(&self) -> Package {
        let Files { structures, params, value_sets, .. } = &self.files;
        let bodies = || structures.iter().map(|read| &read.body);
        let types = bodies().filter(|body| body.is_type() && body.kind == "resource" && !body.is_abstract);
        Package {
            name: self.name.to_owned(),
            version: self.version.to_owned(),
            types: types.count(),
            params: params.len(),
            profiles: bodies().filter(|body| body.is_profile()).count(),
            value_sets: value_sets.len(),
        }
    }
}

/// What a cache was made from: the bytes of the package, and the program that read them. Of the latter the
/// files that declare the facts and find them count by their text, so that no build mistakes the cache of
/// another.
fn key(package: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    let program = [
        env!("CARGO_PKG_VERSION"),
        include_str!("../read.rs"),
        include_str!("archive.rs"),
        include_str!("slim.rs"),
    ];
    for part in program {
        digest.update(Sha256::digest(part));
    }
    digest.update(Sha256::digest(package));
    digest.finalize().into()
}
