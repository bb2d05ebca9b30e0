//! Whatever a profile says and whatever is judged by it: an answer, and no panic
//! (<https://hl7.org/fhir/R4/profiling.html>).

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use roster::definitions::{Definitions, compile_profile};
use roster::resource::{Known, Profiles, conform};
use serde_json::{Value, json};

static DEFINITIONS: LazyLock<Definitions> =
    LazyLock::new(|| Definitions::load(&[]).expect("the definitions are right"));

/// A profile that is its own everything.
struct Only(Value);

impl Profiles for Only {
    fn profile(&self, _: &str) -> Known {
        match compile_profile(&DEFINITIONS, &self.0, &|_| Some(self.0.clone())) {
            Ok(tree) => Known::Tree(Arc::new(tree)),
            Err(error) => Known::Unusable(error.to_string()),
        }
    }
}

fn path() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "identifier",
        "identifier:a",
        "identifier:a/b",
        "name",
        "extension",
        "extension:x",
        "value[x]",
        "deceased[x]",
        "deceasedBoolean",
        "contact",
        "system",
        "type",
        "coding",
        "url",
        "contained",
        "$this",
        "",
        "[x]",
        ":",
        "/",
    ]);
    prop::collection::vec(name, 0..5)
        .prop_map(|names| names.into_iter().fold("Patient".to_owned(), |path, name| format!("{path}.{name}")))
}

fn value() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(0),
        json!(-1),
        json!(1),
        json!(1e30),
        json!("*"),
        json!("1"),
        json!("x"),
        json!(true),
        json!([]),
        json!({}),
        json!([[]]),
        json!({"coding": [{"code": "x"}]}),
        json!([{"code": "Extension", "profile": ["urn:x"]}]),
        json!({"discriminator": [{"type": "value", "path": "url"}], "rules": "closed"}),
        json!({"discriminator": [{"type": "profile", "path": "$this.resolve()"}], "rules": "openAtEnd", "ordered": true}),
        json!({"discriminator": [{"type": "exists", "path": "a..b("}]}),
        json!({"rules": 7}),
        json!([{"key": "k", "severity": "error", "human": "h", "expression": "name.where("}]),
        json!([{"key": "k", "severity": "error", "human": "h", "expression": "repeat(extension).count() > 1"}]),
        json!({"strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/name-use"}),
    ])
}

fn element() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "min",
        "max",
        "slicing",
        "sliceName",
        "type",
        "binding",
        "constraint",
        "fixedString",
        "patternIdentifier",
        "minValueInteger",
        "maxValueQuantity",
        "maxLength",
        "id",
    ]);
    (path(), prop::collection::vec((key, value()), 0..4)).prop_map(|(path, parts)| {
        let mut element = json!({"path": path});
        parts.into_iter().for_each(|(key, value)| element[key] = value);
        element
    })
}

fn resource() -> impl Strategy<Value = Value> {
    let part = prop::sample::select(vec![
        "identifier",
        "name",
        "extension",
        "contact",
        "deceasedBoolean",
        "contained",
        "meta",
    ]);
    prop::collection::vec((part, value()), 0..5).prop_map(|parts| {
        let mut resource = json!({"resourceType": "Patient"});
        parts.into_iter().for_each(|(key, value)| resource[key] = value);
        resource
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn anything_is_judged_by_anything(
        elements in prop::collection::vec(element(), 0..8),
        resource in resource(),
        view in prop::sample::select(vec!["snapshot", "differential"]),
    ) {
        let mut profile = json!({"url": "urn:x", "type": "Patient", "baseDefinition":
            "http://hl7.org/fhir/StructureDefinition/Patient"});
        profile[view] = json!({"element": elements});
        let only = Only(profile);
        conform(&DEFINITIONS, &only, &resource, &["urn:x".to_owned()]);
    }
}

#[test]
fn what_is_nested_without_end_is_refused() {
    let deep = |element: Value| {
        let profile = json!({"url": "urn:x", "type": "Bundle", "snapshot": {"element": [element]}});
        compile_profile(&DEFINITIONS, &profile, &|_| None).is_err()
    };
    assert!(deep(json!({"path": format!("Bundle.entry.resource{}", ".x".repeat(100_000))})));
    assert!(deep(json!({"path": "Bundle.entry", "sliceName": "a/".repeat(100_000)})));
}
