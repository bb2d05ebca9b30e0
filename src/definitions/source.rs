//! Where definitions come from: `fhir/`, embedded in the binary, and directories given at start.
//!
//! A directory may be an unpacked FHIR package (<https://hl7.org/fhir/R4/packages.html>).

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use crate::error::{Result, invalid};

#[derive(RustEmbed)]
#[folder = "fhir/"]
struct Embedded;

/// The folder of examples: proven by `check`, never read at start.
const EXAMPLES: &str = "example/";

/// The folder of what the server offers besides the interactions.
const OPERATIONS: &str = "operation/";

/// Who defines something. A later origin replaces an earlier one: packages give way to what is embedded, and
/// that to the directories that an operator names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Origin {
    Package(usize),
    #[default]
    Embedded,
    Directory(usize),
}

impl Origin {
    pub(super) fn is_package(self) -> bool {
        matches!(self, Self::Package(_))
    }
}

/// A file of definitions.
pub(super) struct Source {
    /// For messages.
    pub(super) name: String,
    pub(super) origin: Origin,
    pub(super) bytes: Cow<'static, [u8]>,
}

/// An instance that shows what the definitions allow or refuse.
pub struct Example {
    /// `User/valid-minimal.json`
    pub name: String,
    pub bytes: Cow<'static, [u8]>,
}

/// All files of definitions but those of packages, in a fixed order.
pub(super) fn definitions(directories: &[PathBuf]) -> Result<Vec<Source>> {
    let mut all = Vec::new();
    for name in embedded_names().filter(|name| !name.starts_with(EXAMPLES)) {
        all.extend(embedded(&name).map(|bytes| Source {
            name: format!("fhir/{name}"),
            origin: Origin::Embedded,
            bytes,
        }));
    }
    for (place, directory) in directories.iter().enumerate() {
        for path in files(directory)? {
            let inside = path.strip_prefix(directory).unwrap_or(&path);
            if !inside.starts_with(EXAMPLES) && !is_package_index(inside) {
                let bytes = Cow::Owned(read(&path)?);
                let origin = Origin::Directory(place);
                all.push(Source { name: path.display().to_string(), origin, bytes });
            }
        }
    }
    Ok(all)
}

/// All examples: those of `fhir/example`, and those below `example` in the directories.
pub fn examples(directories: &[PathBuf]) -> Result<Vec<Example>> {
    let mut all = Vec::new();
    for name in embedded_names() {
        if let Some(short) = name.strip_prefix(EXAMPLES) {
            all.extend(embedded(&name).map(|bytes| Example { name: short.to_owned(), bytes }));
        }
    }
    for directory in directories {
        let root = directory.join(EXAMPLES);
        if !root.is_dir() {
            continue;
        }
        for path in files(&root)? {
            let name = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
            all.push(Example { name, bytes: Cow::Owned(read(&path)?) });
        }
    }
    Ok(all)
}

/// The files of `fhir/operation`, by name.
pub(super) fn embedded_operations() -> impl Iterator<Item = (String, Cow<'static, [u8]>)> {
    embedded_names()
        .filter(|name| name.starts_with(OPERATIONS))
        .filter_map(|name| embedded(&name).map(|bytes| (name, bytes)))
}

fn embedded_names() -> impl Iterator<Item = String> {
    let mut names: Vec<String> =
        Embedded::iter().map(Cow::into_owned).filter(|name| name.ends_with(".json")).collect();
    names.sort_unstable();
    names.into_iter()
}

fn embedded(name: &str) -> Option<Cow<'static, [u8]>> {
    Embedded::get(name).map(|file| file.data)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| invalid(format!("{} cannot be read", path.display())).because(e))
}

/// Every JSON file below a directory, sorted.
fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![directory.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let unreadable = |e| invalid(format!("the directory {} cannot be read", folder.display())).because(e);
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == "json") {
                found.push(path);
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The table of contents and the manifest of a package are not resources.
fn is_package_index(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name == "package.json" || name.starts_with('.'))
}
