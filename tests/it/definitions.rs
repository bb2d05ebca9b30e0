//! The definitions load, fit together, and say what the examples show
//! (<https://hl7.org/fhir/R4/structuredefinition.html>, <https://hl7.org/fhir/R4/searchparameter.html>).

use std::path::PathBuf;
use std::sync::LazyLock;

use roster::definitions::{Choices, Definitions, capability_statement};
use roster::resource::{check, parse, validate};
use serde_json::{Value, json};

pub static DEFINITIONS: LazyLock<Definitions> =
    LazyLock::new(|| Definitions::load(&[]).unwrap_or_else(|e| panic!("{e}")));

#[test]
fn examples_are_proven() {
    let report = check(&DEFINITIONS, &[]).unwrap();
    assert!(report.failures.is_empty(), "{:#?}", report.failures);
    assert!(report.valid > 50 && report.invalid > 200, "{report:?}");
    let shown =
        |name: &str| roster::definitions::examples(&[]).unwrap().iter().any(|one| one.name.starts_with(name));
    for name in DEFINITIONS.resources.keys() {
        assert!(shown(&format!("{name}/valid-")), "{name} has no valid example");
        assert!(shown(&format!("{name}/invalid-")), "{name} has no invalid example");
    }
}

#[test]
fn slots_are_dense_and_the_same_at_every_start() {
    let again = Definitions::load(&[]).unwrap();
    assert_eq!(DEFINITIONS.params.len(), again.params.len());
    for (slot, (one, other)) in DEFINITIONS.params.iter().zip(again.params.iter()).enumerate() {
        assert_eq!((slot, slot), (one.slot, other.slot));
        assert_eq!((&one.resource, &one.code, &one.text), (&other.resource, &other.code, &other.text));
    }
    assert!(DEFINITIONS.params.is_sorted_by(|a, b| (&a.resource, &a.code) < (&b.resource, &b.code)));
    assert!(DEFINITIONS.warnings.is_empty(), "{:?}", DEFINITIONS.warnings);
}

#[test]
fn every_type_has_the_common_parameters_as_its_own() {
    let bound: usize = DEFINITIONS.resources.values().map(|resource| resource.params.len()).sum();
    assert_eq!(bound, DEFINITIONS.params.len());
    for resource in DEFINITIONS.resources.values() {
        let id = &resource.params["_id"];
        assert_eq!(id.resource, resource.name);
        assert!(resource.params.contains_key("_lastUpdated"));
    }
    assert!(DEFINITIONS.resources["User"].params["email"].unique);
}

#[test]
fn marks_are_data() {
    let user = DEFINITIONS.resources["User"].structure.root();
    assert!(user.element("passwordHash").unwrap().write_only);
    assert!(user.element("mfaEnrolled").unwrap().read_only);
    assert!(user.element("email").unwrap().folded);
    assert!(!DEFINITIONS.resources["JsonWebKey"].served);
    assert!(DEFINITIONS.resources["Bundle"].served);
    assert!(!DEFINITIONS.resources.contains_key("Parameters"), "Parameters are not stored");
    assert!(DEFINITIONS.resource_structure("Parameters").is_some(), "Parameters are validated");
}

#[test]
fn capability_statement_is_valid_and_names_what_is_served() {
    let statement =
        capability_statement(&DEFINITIONS, "https://roster.example.com/fhir/R4", Choices::default());
    assert_eq!(validate(&DEFINITIONS, &statement), []);
    assert_eq!(statement["implementation"]["url"], "https://roster.example.com/fhir/R4");
    let types: Vec<&str> = statement["rest"][0]["resource"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["type"].as_str())
        .collect();
    assert!(types.contains(&"User") && types.contains(&"Patient") && types.contains(&"Bundle"));
    for absent in ["JsonWebKey", "Parameters", "DomainResource", "Resource"] {
        assert!(!types.contains(&absent), "{absent} is not served");
    }
}

/// A definition of a type named Thing, with these elements, written to a directory of its own.
fn directory(files: &[(&str, Value)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content.to_string()).unwrap();
    }
    folder
}

fn thing(base: &str, elements: Value) -> Value {
    json!({
        "resourceType": "StructureDefinition", "url": "https://example.com/Thing", "name": "Thing", "type": "Thing",
        "kind": "resource", "abstract": false, "derivation": "specialization", "baseDefinition": base,
        "differential": { "element": elements }
    })
}

const DOMAIN_RESOURCE: &str = "http://hl7.org/fhir/StructureDefinition/DomainResource";

#[test]
fn a_directory_adds_a_type_without_a_build() {
    let folder = directory(&[
        (
            "Thing.json",
            thing(
                DOMAIN_RESOURCE,
                json!([
                    { "path": "Thing", "constraint": [{
                        "key": "t-1", "severity": "error", "human": "has a size", "expression": "size.exists()" }] },
                    { "path": "Thing.size", "min": 0, "max": "1", "type": [{ "code": "decimal" }] },
                    { "path": "Thing.part", "min": 0, "max": "2", "type": [{ "code": "BackboneElement" }] },
                    { "path": "Thing.part.name", "min": 1, "max": "1", "type": [{ "code": "string" }] },
                    { "path": "Thing.part.part", "min": 0, "max": "*", "contentReference": "#Thing.part" }
                ]),
            ),
        ),
        (
            "search.json",
            json!({ "resourceType": "Bundle", "entry": [{ "resource": {
                "resourceType": "SearchParameter", "url": "https://example.com/Thing-part", "code": "part",
                "base": ["Thing"], "type": "string", "expression": "Thing.part.name" } }] }),
        ),
    ]);
    let definitions = Definitions::load(&[folder.path().to_path_buf()]).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(definitions.resources["Thing"].params["part"].text, "Thing.part.name");
    assert!(definitions.resources["Thing"].params.contains_key("_id"));
    let found = |thing: Value| -> Vec<String> {
        validate(&definitions, &thing)
            .into_iter()
            .map(|issue| format!("{} {}", issue.code, issue.expression.unwrap()))
            .collect()
    };
    let valid = json!({ "resourceType": "Thing", "size": 1.50, "part": [{ "name": "a", "part": [{ "name": "b" }] }] });
    assert!(found(valid).is_empty());
    let part = json!([{ "name": "a" }, { "part": [{ "nam": "b" }] }, { "name": "c" }]);
    let mut issues = found(json!({ "resourceType": "Thing", "part": part }));
    issues.sort();
    assert_eq!(
        issues,
        [
            "invariant Thing",
            "required Thing.part[1].name",
            "required Thing.part[1].part[0].name",
            "structure Thing.part",
            "structure Thing.part[1].part[0].nam"
        ]
    );
}

#[test]
fn a_mistake_is_an_error_that_names_file_and_place() {
    let element = |more: Value| {
        let mut element = json!({ "path": "Thing.size", "min": 0, "max": "1", "type": [{ "code": "code" }] });
        element.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        thing(DOMAIN_RESOURCE, json!([element]))
    };
    let rule = json!([{ "key": "t-1", "severity": "error", "human": "?", "expression": "size.exists(" }]);
    let bound = |url: &str| json!({ "binding": { "strength": "required", "valueSet": url } });
    let cases = [
        (element(json!({ "type": [{ "code": "Sting" }] })), "Thing.size: there is no type Sting"),
        (
            thing("https://example.com/Nothing", json!([])),
            "Thing: its base https://example.com/Nothing is not defined",
        ),
        (thing("https://example.com/Thing", json!([])), "Thing: it derives from itself"),
        (element(json!({ "constraint": rule })), "Thing.size: constraint t-1"),
        (
            element(bound("http://hl7.org/fhir/ValueSet/nothing")),
            "Thing.size: the value set http://hl7.org/fhir/ValueSet/nothing is not defined",
        ),
        (element(json!({ "min": 2 })), "Thing.size: min is more than max"),
        (element(json!({ "max": "many" })), "Thing.size: max is 'many'"),
        (element(json!({ "type": null })), "Thing.size: it has no type"),
        (element(json!({ "path": "Thing.a.b" })), "Thing.a.b: there is no element Thing.a"),
        (element(json!({ "path": "Other.size" })), "Other.size"),
        (json!({ "resourceType": "StructureDefinition" }), "cannot be understood"),
        (json!({ "hello": "world" }), "has no resourceType"),
        (
            json!({ "resourceType": "SearchParameter", "url": "x:y", "code": "c", "base": ["Thing"], "type": "token" }),
            "none of the types it is for (Thing) is defined",
        ),
    ];
    for (content, expected) in cases {
        let folder = directory(&[("broken.json", content)]);
        let error = Definitions::load(&[folder.path().to_path_buf()])
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default();
        assert!(
            error.contains("broken.json") && error.contains(expected),
            "expected '{expected}', got '{error}'"
        );
    }
    assert!(Definitions::load(&[PathBuf::from("/no/such/directory")]).is_err());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.json"), "{\"resourceType\":").unwrap();
    let error = Definitions::load(&[folder.path().to_path_buf()]).err().unwrap().to_string();
    assert!(error.contains("broken.json") && error.contains("line 1"), "{error}");
}

#[test]
fn examples_of_a_directory_are_proven_too() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("example/User");
    std::fs::create_dir_all(&place).unwrap();
    std::fs::write(place.join("valid-not.json"), r#"{"resourceType":"User"}"#).unwrap();
    std::fs::write(place.join("invalid-unnamed.json"), r#"{"resourceType":"User"}"#).unwrap();
    let report = check(&DEFINITIONS, &[folder.path().to_path_buf()]).unwrap();
    let names: Vec<&str> = report.failures.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["User/invalid-unnamed.json", "User/valid-not.json"]);
    assert!(parse(br#"{"resourceType":"User"}"#).is_ok());
}
