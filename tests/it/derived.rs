//! What is derived from the definitions: the CapabilityStatement equals its snapshot, and every example
//! validates, or fails as `fhir/example/expected.json` says.

use std::collections::BTreeMap;

use roster::definitions::{self, Definitions};
use roster::resource;
use serde_json::{Value, json};

fn loaded() -> Definitions {
    Definitions::load(&[]).expect("the definitions are right")
}

#[test]
fn the_capability_statement_is_as_it_was() {
    let mut statement =
        definitions::capability_statement(&loaded(), "https://roster.test/fhir/R4", Default::default());
    // What changes by itself.
    for (place, of) in [("/date", "date"), ("/software/version", "version")] {
        *statement.pointer_mut(place).expect(of) = json!(format!("[{of}]"));
    }
    insta::assert_json_snapshot!("capability_statement", statement);
}

#[test]
fn every_example_is_valid_or_fails_as_it_should() {
    let report = resource::check(&loaded(), &[]).expect("the examples can be read");
    assert!(report.failures.is_empty(), "{:#?}", report.failures);
    assert!(report.valid > 30 && report.invalid > 100, "{} valid, {} invalid", report.valid, report.invalid);
}

#[test]
fn every_type_that_is_served_has_examples_of_both_sorts() {
    let mut sorts: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    for example in definitions::examples(&[]).expect("the examples can be read") {
        if let Some((kind, name)) = example.name.split_once('/') {
            let seen = sorts.entry(kind.to_owned()).or_default();
            seen[usize::from(name.starts_with("invalid-"))] = true;
        }
    }
    for (name, kind) in &loaded().resources {
        if kind.served {
            assert_eq!(sorts.get(name), Some(&[true, true]), "{name}");
        }
    }
}

on_both!(every_valid_example_of_a_served_type_is_taken, |world| {
    let definitions = loaded();
    for example in definitions::examples(&[]).expect("the examples can be read") {
        let Some((kind, name)) = example.name.split_once('/') else { continue };
        // Only the server writes these.
        let records = ["JsonWebKey", "Login", "UserSecurityRequest", "Project", "ProjectMembership"];
        if !name.starts_with("valid-") || !definitions.resources.contains_key(kind) || records.contains(&kind)
        {
            continue;
        }
        let mut body: Value = serde_json::from_slice(&example.bytes).expect("JSON");
        let object = body.as_object_mut().expect("a resource");
        object.shift_remove("project");
        let answer = world.super_admin.post(kind, &body);
        assert_eq!(answer.status, 201, "{}: {}", example.name, answer.text());
    }
});
