//! FHIR packages: <https://hl7.org/fhir/R4/packages.html>.

mod cache;
mod command;
mod definitions;
mod examples;
mod graphql;
mod making;
mod profiles;
mod questions;
mod same;
mod served;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use roster::config::Config;
use roster::definitions::{Definitions, Places};
use serde_json::Value;

/// The official package, unpacked: `tests/run` fetches it.
fn folder() -> PathBuf {
    std::env::var("ROSTER_R4_EXAMPLES").expect("ROSTER_R4_EXAMPLES, the unpacked package").into()
}

/// The official package as it came: beside the folder it was unpacked to, or one further up.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = folder();
    let beside = folder.ancestors().skip(1).take(2);
    let mut files = beside.flat_map(|above| fs::read_dir(above).into_iter().flatten()).flatten();
    let found = files.find(|file| file.file_name() == "hl7.fhir.r4.examples-4.0.1.tgz");
    found.unwrap_or_else(|| panic!("no package beside {}", folder.display())).path()
});

/// Where all tests of one run keep what was read of it.
static CACHE: LazyLock<PathBuf> = LazyLock::new(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages"));

/// What the official package defines, together with what is embedded.
static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(|| {
    let packages = [FILE.clone()];
    Definitions::open(&Places { packages: &packages, directories: &[], cache: Some(&CACHE) })
        .unwrap_or_else(|error| panic!("{error}"))
});

fn official(config: &mut Config) {
    config.packages.push(FILE.clone());
    config.cache_dir = Some(CACHE.clone());
}

/// The resources of the package up to so many bytes, by the names of their files.
fn resources(largest: u64, wanted: impl Fn(&str) -> bool) -> Vec<(String, Value)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder()).expect("a folder").flatten().map(|one| one.path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let wanted = wanted(&name) && path.metadata().is_ok_and(|file| file.len() <= largest);
        let text = if wanted { fs::read(&path).expect("text") } else { continue };
        // One file of the package is empty.
        if let Ok(resource) = roster::resource::parse(&text)
            && resource["resourceType"].is_string()
        {
            found.push((name, resource));
        }
    }
    found
}
