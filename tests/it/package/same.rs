//! What is embedded of the standard's types says of them what the standard says, in other words only:
//! element for element (<https://hl7.org/fhir/R4/profiles-resources.json>).

use std::collections::{BTreeMap, BTreeSet};

use roster::definitions::{Definitions, Element, Structure};
use serde_json::Value;

use super::resources;
use crate::definitions::DEFINITIONS as EMBEDDED;

/// Where Roster goes beyond the standard: what meta tells of a project, and members that are users.
const MORE: [&str; 8] = [
    "AuditEvent.agent.who",
    "Group.member.entity",
    "Meta.account",
    "Meta.accounts",
    "Meta.author",
    "Meta.compartment",
    "Meta.onBehalfOf",
    "Meta.project",
];

/// The standard's own definitions in the place of ours.
fn official() -> Definitions {
    let folder = tempfile::tempdir().expect("a folder");
    let is_type = |one: &Value| one["derivation"] != "constraint" && one["kind"] != "logical";
    let mut all = resources(u64::MAX, |name| name.starts_with("StructureDefinition-"));
    all.retain(|(_, one)| is_type(one));
    all.extend(resources(u64::MAX, |name| name.starts_with("ValueSet-") || name.starts_with("CodeSystem-")));
    for (name, one) in all {
        std::fs::write(folder.path().join(name), one.to_string()).expect("room");
    }
    Definitions::load(&[folder.path().to_owned()]).unwrap_or_else(|error| panic!("{error}"))
}

/// What matters of each element, by its path.
fn told(structure: &Structure) -> BTreeMap<String, String> {
    let mut told = BTreeMap::new();
    for node in &structure.nodes {
        let keys: BTreeSet<&str> = node.invariants.iter().map(|rule| rule.key.as_str()).collect();
        told.insert(node.path.clone(), format!("{keys:?}"));
        for element in &node.elements {
            told.insert(format!("{}.{}", node.path, element.name), facts(element));
        }
    }
    told
}

fn facts(element: &Element) -> String {
    let types: BTreeMap<&str, BTreeSet<&str>> = element
        .types
        .iter()
        .map(|one| (one.property.as_str(), one.targets.iter().map(String::as_str).collect()))
        .collect();
    let keys: BTreeSet<&str> = element.invariants.iter().map(|rule| rule.key.as_str()).collect();
    let binding = element.binding.as_ref().map(|set| &set.url);
    let Element { min, max, is_modifier, is_summary, .. } = element;
    format!(
        "{min}..{max} {types:?} bound to {binding:?} {keys:?}, modifies {is_modifier}, summary {is_summary}"
    )
}

#[test]
fn what_is_embedded_of_the_standard_is_the_standard() {
    let official = official();
    let mut differences = BTreeMap::new();
    for (name, ours) in EMBEDDED.structures.iter() {
        let Some(theirs) = official.structures.get(name).filter(|one| !one.url.contains("roster.dev")) else {
            continue;
        };
        let (ours, theirs) = (told(ours), told(theirs));
        for path in ours.keys().chain(theirs.keys()) {
            if ours.get(path) != theirs.get(path) {
                differences.insert(path.clone(), (ours.get(path).cloned(), theirs.get(path).cloned()));
            }
        }
    }
    assert_eq!(differences.keys().collect::<Vec<_>>(), MORE, "{differences:#?}");
}
