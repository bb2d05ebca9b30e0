//! The official examples of the standard (the package hl7.fhir.r4.examples, CC0), as real input:
//! <https://hl7.org/fhir/R4/examples.html>. `tests/run` fetches them.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::client::{id, place};
use crate::sample::written;
use crate::world::World;

const TYPES: [&str; 5] = ["Group", "Organization", "Patient", "Practitioner", "RelatedPerson"];

/// Every example of a type, by the name of its file.
fn examples(kind: &str) -> Vec<(String, Value)> {
    let folder = std::env::var("ROSTER_R4_EXAMPLES");
    let folder =
        PathBuf::from(folder.expect("ROSTER_R4_EXAMPLES, the unpacked examples: `tests/run` fetches them"));
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.starts_with(&format!("{kind}-")) && name.ends_with(".json") {
            let text = fs::read_to_string(&path).expect("text");
            found.push((name, serde_json::from_str(&text).expect("JSON")));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(!found.is_empty(), "no {kind} in {}", folder.display());
    found
}

/// JSON in one form: keys in order.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.as_str());
            let members: Vec<_> = members
                .iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

pub fn encode(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace(',', "\\,").replace('|', "\\|").replace('$', "\\$");
    url::form_urlencoded::byte_serialize(escaped.as_bytes()).collect()
}

/// The questions that must find a resource: every name it has, and every identifier.
fn questions(resource: &Value) -> Vec<String> {
    let list = |element: &str| resource[element].as_array().cloned().unwrap_or_default();
    let mut questions = Vec::new();
    if resource["resourceType"] != "Group" {
        if let Some(name) = resource["name"].as_str() {
            questions.push(format!("name={}", encode(name)));
        }
        for name in list("name") {
            questions.extend(name["family"].as_str().map(|family| format!("name={}", encode(family))));
            let given = name["given"].as_array().cloned().unwrap_or_default();
            questions.extend(
                given.iter().filter_map(Value::as_str).map(|given| format!("name={}", encode(given))),
            );
        }
    }
    for identifier in list("identifier") {
        if let Some(value) = identifier["value"].as_str() {
            let system = identifier["system"].as_str().unwrap_or_default();
            questions.push(format!("identifier={}|{}", encode(system), encode(value)));
            questions.push(format!("identifier={}", encode(value)));
        }
    }
    questions
}

fn check(world: &World, kind: &str) {
    let mut asked = 0;
    for (name, example) in examples(kind) {
        let answer = world.admin.post(kind, &example);
        assert_eq!(answer.status, 201, "{name}: {}", answer.text());
        let stored = answer.json();
        let read = world.admin.get(&place(&stored)).expect(200).json();
        assert_eq!(canonical(&written(&read)), canonical(&written(&example)), "{name}");
        for question in questions(&example) {
            let query = format!("{kind}?{question}&_count=1000");
            assert!(world.admin.found(&query).contains(&id(&stored)), "{name}: {query}");
            asked += 1;
        }
    }
    assert!(asked > 0, "no {kind} could be searched for");
}

on_both!(every_official_example_is_taken_kept_and_found, |world| {
    for kind in TYPES {
        check(world, kind);
    }
});
