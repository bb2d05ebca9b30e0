//! `roster package list`, and how packages are configured.

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use super::making::{manifest, param, ward, write};
use crate::process::{failure, roster};

const LINE: &str = "example.clinic 1.2.3: 1 types, 1 search parameters, 0 profiles, 0 value sets";

fn said(command: &mut std::process::Command) -> String {
    let output = command.output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn packages_are_listed_wherever_they_are_configured() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("clinic.tgz");
    write(&file, &manifest(), &[ward(), param("Ward", "name", "Ward.name")]);
    let file = file.to_string_lossy().into_owned();
    let settings = folder.path().join("settings.toml");
    fs::write(&settings, format!("packages = [\"{file}\"]\ncache_dir = {:?}", folder.path())).expect("room");

    let mut list = roster(&["package", "list", "--config", &settings.to_string_lossy()]);
    assert_eq!(said(&mut list), LINE);
    let cache = folder.path().to_string_lossy().into_owned();
    let mut list =
        roster(&["package", "list", "--package", &file, "--package", &file, "--cache-dir", &cache]);
    assert_eq!(said(&mut list), format!("{LINE}\n{LINE}"));
    let mut list = roster(&["package", "list"]);
    list.env("ROSTER_PACKAGES", &file).env("ROSTER_CACHE_DIR", &cache);
    assert_eq!(said(&mut list), LINE);
    let mut list = roster(&["package", "list"]);
    assert_eq!(said(list.current_dir(folder.path())), "no package is configured");
}

#[test]
fn what_is_no_package_of_r4_is_one_line_with_its_name() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("strange.tgz");
    let name = file.to_string_lossy().into_owned();
    let refused = |what: &str| {
        let said = failure(&roster(&["package", "list", "--package", &name]).output().expect("it ends"));
        assert!(said.contains(&name) && said.contains(what), "{what}: {said}");
    };
    refused("cannot be read");
    fs::write(&file, "this is no archive").expect("room");
    refused("cannot be unpacked");
    write(&file, &json!({"name": "x", "version": "1", "fhirVersions": ["5.0.0"]}), &[]);
    refused("FHIR 5.0.0");
    write(&file, &json!({"name": "x"}), &[]);
    refused("version");
    write(&file, &manifest(), &[json!({"resourceType": "StructureDefinition"})]);
    refused("StructureDefinition-0.json");
    write(&file, &manifest(), &[ward()]);
    let whole = fs::read(&file).expect("bytes");
    fs::write(&file, &whole[..whole.len() / 2]).expect("room");
    refused("cannot be unpacked");
}
