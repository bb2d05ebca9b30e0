//! A package as it is sent around: a gzip-compressed tar with a manifest and a file a resource.
//!
//! Implements <https://confluence.hl7.org/display/FHIR/NPM+Package+Specification> for packages of R4.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use super::super::read::resource_type;
use super::super::source::{Origin, Source};
use crate::error::{Error, Result, invalid};

/// The folder of what a package is about; others hold examples and tests.
const FOLDER: &str = "package/";
const MANIFEST: &str = "package.json";
/// Unpacked, all files together: the official package has a fifth of it.
const MOST_BYTES: u64 = 1 << 30;
/// Bundles are not among them: what is in them is there as a file too, or is an example.
const DEFINITIONS: [&str; 5] =
    ["StructureDefinition", "SearchParameter", "ValueSet", "CodeSystem", "CompartmentDefinition"];

pub(super) struct Archive {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) sources: Vec<Source>,
}

#[derive(Deserialize)]
struct Manifest {
    name: String,
    version: String,
    #[serde(rename = "fhirVersions", alias = "fhir-version-list", default)]
    fhir_versions: Vec<String>,
}

/// The manifest and the definitions of a package, in the order of their names.
pub(super) fn unpack(bytes: &[u8], file: &Path) -> Result<Archive> {
    let broken = |e: std::io::Error| no_package(file, format_args!("it cannot be unpacked: {e}"));
    let mut archive = tar::Archive::new(MultiGzDecoder::new(bytes).take(MOST_BYTES));
    let mut manifest: Option<Manifest> = None;
    let mut sources = Vec::new();
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let path = entry.path().map_err(broken)?.to_string_lossy().into_owned();
        let Some(name) = path.strip_prefix(FOLDER).filter(|name| is_definition(name)) else { continue };
        let mut text = Vec::with_capacity(usize::try_from(entry.size().min(MOST_BYTES)).unwrap_or_default());
        entry.read_to_end(&mut text).map_err(broken)?;
        if name == MANIFEST {
            let read = serde_json::from_slice(&text);
            manifest = Some(read.map_err(|e| no_package(file, format_args!("{path}: {e}")))?);
        } else if resource_type(&text).is_some_and(|kind| DEFINITIONS.contains(&&*kind)) {
            let name = format!("{}: {path}", file.display());
            sources.push(Source { name, origin: Origin::Package(0), bytes: Cow::Owned(text) });
        }
    }
    let manifest = manifest.ok_or_else(|| no_package(file, format_args!("it has no {FOLDER}{MANIFEST}")))?;
    let versions = &manifest.fhir_versions;
    if !versions.is_empty() && !versions.iter().any(|version| version.starts_with("4.0.")) {
        let text = format_args!("it is for FHIR {}, and this server is of R4 (4.0.1)", versions.join(", "));
        return Err(no_package(file, text));
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Archive { name: manifest.name, version: manifest.version, sources })
}

/// Right in the folder, and no table of contents.
fn is_definition(name: &str) -> bool {
    name.ends_with(".json") && !name.starts_with('.') && !name.contains('/')
}

fn no_package(file: &Path, what: std::fmt::Arguments<'_>) -> Error {
    invalid(format!("{} is no FHIR package for this server: {what}", file.display()))
}
