//! Every fault is found where it is, and nothing a caller sends makes parser or validator panic
//! (<https://hl7.org/fhir/R4/validation.html>).

use std::collections::HashMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use roster::definitions::examples;
use roster::resource::{parse, validate};
use serde_json::{Value, json};

use super::definitions::DEFINITIONS;

static VALID: LazyLock<Vec<(String, Value)>> = LazyLock::new(|| {
    let valid = examples(&[]).unwrap().into_iter().filter(|example| example.name.contains("/valid-"));
    valid.map(|example| (example.name, parse(&example.bytes).unwrap())).collect()
});

fn found(resource: &Value) -> Vec<(&'static str, String)> {
    let issues = validate(&DEFINITIONS, resource);
    issues.into_iter().map(|issue| (issue.code, issue.expression.unwrap_or_default())).collect()
}

/// Properties that say a type, as valueString, and the elements they stand for.
static CHOICES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let nodes = DEFINITIONS.structures.values().flat_map(|structure| &structure.nodes);
    let choices = nodes.flat_map(|node| &node.elements).filter(|element| element.choice);
    choices.flat_map(|one| one.types.iter().map(|option| (&*option.property, &*one.name))).collect()
});

/// A JSON property as a step of FHIRPath.
fn step(name: &str) -> &str {
    let name = name.trim_start_matches('_');
    CHOICES.get(name).copied().unwrap_or(name)
}

/// Every place in a resource: JSON pointer and FHIRPath.
fn places(value: &Value, pointer: &str, path: &str, all: &mut Vec<(String, String)>) {
    all.push((pointer.to_owned(), path.to_owned()));
    match value {
        Value::Object(object) => {
            for (name, child) in object.iter().filter(|(name, _)| *name != "resourceType") {
                let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                // Here alone the standard has elements of the names that a choice has elsewhere.
                let plain = path.starts_with("Device.property") && name.starts_with("value");
                places(child, &pointer, &format!("{path}.{}", if plain { name } else { step(name) }), all);
            }
        }
        Value::Array(list) => {
            for (index, child) in list.iter().enumerate() {
                places(child, &format!("{pointer}/{index}"), &format!("{path}[{index}]"), all);
            }
        }
        _ => {}
    }
}

/// What a fault does to a value, if it can be done there, and the code it is found by.
type Fault = (&'static str, &'static str, fn(&Value) -> Option<Value>);

const FAULTS: [Fault; 8] = [
    ("an unknown element", "structure", |value| {
        let mut object = value.as_object()?.clone();
        object.insert("zzz".to_owned(), json!(1));
        Some(Value::Object(object))
    }),
    ("an empty text", "value", |value| value.is_string().then(|| json!(""))),
    ("an empty list", "structure", |value| value.is_array().then(|| json!([]))),
    ("an empty object", "structure", |value| value.is_object().then(|| json!({}))),
    ("a number for a text", "structure", |value| value.is_string().then(|| json!(17))),
    ("a text for an object", "structure", |value| value.is_object().then(|| json!("x"))),
    ("a text for a boolean", "structure", |value| value.is_boolean().then(|| json!("true"))),
    ("a text for a number", "structure", |value| value.is_number().then(|| json!("1"))),
];

#[test]
fn every_single_fault_in_every_valid_example_is_found_at_its_place() {
    let mut made = 0;
    for (name, resource) in VALID.iter() {
        assert_eq!(found(resource), [], "{name}");
        let mut all = Vec::new();
        places(resource, "", resource["resourceType"].as_str().unwrap(), &mut all);
        for (pointer, path) in &all {
            for (fault, code, change) in FAULTS {
                let Some(changed) = change(resource.pointer(pointer).unwrap()) else { continue };
                // A resource within a resource is named by its own type; without it, it is not one.
                if pointer.is_empty() && fault != "an unknown element" {
                    continue;
                }
                let mut broken = resource.clone();
                *broken.pointer_mut(pointer).unwrap() = changed;
                let place = if fault == "an unknown element" { format!("{path}.zzz") } else { path.clone() };
                let issues = found(&broken);
                assert!(
                    issues.contains(&(code, place.clone())),
                    "{name}: {fault} at {pointer}: expected {code} at {place}, found {issues:?}"
                );
                made += 1;
            }
        }
    }
    assert!(made > 3000, "{made}");
}

#[test]
fn named_faults_are_found() {
    let patient = |more: Value| {
        let mut patient = json!({ "resourceType": "Patient" });
        patient.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        patient
    };
    let link = |reference: Value| patient(json!({ "managingOrganization": reference }));
    let div = |text: &str| {
        let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{text}</div>");
        patient(json!({ "text": { "status": "generated", "div": div } }))
    };
    let extension = |more: Value| patient(json!({ "_birthDate": { "extension": [more] } }));
    let cases = [
        (patient(json!({ "birthDate": "2023-02-29" })), "value", "Patient.birthDate"),
        (patient(json!({ "birthDate": "2100-02-29" })), "value", "Patient.birthDate"),
        (patient(json!({ "birthDate": "2023-02-30" })), "value", "Patient.birthDate"),
        (patient(json!({ "deceasedDateTime": "2023-02-01T24:00:00Z" })), "value", "Patient.deceased"),
        (patient(json!({ "deceasedDateTime": "2023-02-01T10:00:00+14:01" })), "value", "Patient.deceased"),
        (patient(json!({ "multipleBirthInteger": 2147483648_i64 })), "value", "Patient.multipleBirth"),
        (patient(json!({ "multipleBirthInteger": 1.0 })), "value", "Patient.multipleBirth"),
        (patient(json!({ "name": [{ "given": ["a", null] }] })), "value", "Patient.name[0].given[1]"),
        (
            patient(json!({ "name": [{ "given": ["a", null], "_given": [null, null] }] })),
            "value",
            "Patient.name[0].given[1]",
        ),
        (
            patient(json!({ "name": [{ "given": ["a", "b"], "_given": [{ "id": "x" }] }] })),
            "structure",
            "Patient.name[0].given",
        ),
        (patient(json!({ "name": [{ "given": ["\u{7}"] }] })), "value", "Patient.name[0].given[0]"),
        (extension(json!({ "url": "http://x.y" })), "invariant", "Patient.birthDate.extension[0]"),
        (extension(json!({ "valueString": "x" })), "required", "Patient.birthDate.extension[0].url"),
        (link(json!({ "reference": "Patient/1" })), "value", "Patient.managingOrganization.reference"),
        (
            link(json!({ "reference": "https://x.y/fhir/Patient/1" })),
            "value",
            "Patient.managingOrganization.reference",
        ),
        (link(json!({ "reference": "1" })), "value", "Patient.managingOrganization.reference"),
        (link(json!({ "reference": "Organization/a b" })), "value", "Patient.managingOrganization.reference"),
        (
            link(json!({ "reference": "Organization?name=x" })),
            "value",
            "Patient.managingOrganization.reference",
        ),
        (link(json!({ "reference": "%org" })), "value", "Patient.managingOrganization.reference"),
        (link(json!({ "reference": "#" })), "invariant", "Patient.managingOrganization"),
        (
            link(json!({ "reference": "Organization/1", "type": "Patient" })),
            "value",
            "Patient.managingOrganization.type",
        ),
        (link(json!({ "type": "Patient", "display": "x" })), "value", "Patient.managingOrganization.type"),
        (div("<script>x</script>"), "invariant", "Patient.text.div"),
        (div("<a href=\"java&#x73;cript:x\">x</a>"), "invariant", "Patient.text.div"),
        (div("<p ONCLICK=\"x\">x</p>"), "invariant", "Patient.text.div"),
        (div("<svg/>x"), "invariant", "Patient.text.div"),
        (div("<p>x"), "value", "Patient.text.div"),
        (div("a &nbsp; b"), "value", "Patient.text.div"),
        (div("a < b"), "value", "Patient.text.div"),
        (div("</div><div>"), "value", "Patient.text.div"),
        (json!({ "resourceType": "Nothing" }), "structure", ""),
        (json!({ "id": "x" }), "structure", ""),
        (json!([]), "structure", ""),
    ];
    for (resource, code, place) in cases {
        assert_eq!(found(&resource), [(code, place.to_owned())], "{resource}");
    }
    let sound = [
        patient(json!({ "birthDate": "2024-02-29" })),
        patient(json!({ "deceasedDateTime": "2023-06-30T23:59:60.123-12:00" })),
        patient(json!({ "name": [{ "given": ["a", null], "_given": [null, { "id": "x" }] }] })),
        patient(json!({ "_birthDate": { "extension": [{ "url": "http://x.y", "valueCode": "unknown" }] } })),
        link(json!({ "reference": "Organization/1/_history/2" })),
        link(json!({ "reference": "https://x.y/fhir/Organization/1" })),
        link(json!({ "reference": "urn:uuid:0190f5d2-aaaa-7bbb-8ccc-0123456789ab" })),
        link(json!({ "identifier": { "value": "x" } })),
        div("a &amp; b&#160;<img src=\"data:image/png;base64,AA\" alt=\"x\"/><!-- c --><br/>"),
    ];
    for resource in sound {
        assert_eq!(found(&resource), [], "{resource}");
    }
}

#[test]
fn a_resource_of_a_program_is_refused_below_some_depth() {
    let mut extension = json!({ "url": "http://x.y", "valueBoolean": true });
    for _ in 0..150 {
        extension = json!({ "url": "http://x.y", "extension": [extension] });
    }
    let issues = found(&json!({ "resourceType": "Patient", "extension": [extension] }));
    assert_eq!(issues.len(), 1);
}

#[test]
fn an_answer_has_an_end() {
    let many: serde_json::Map<String, Value> = (0..5000).map(|at| (format!("x{at}"), json!(1))).collect();
    let mut resource = Value::Object(many);
    resource["resourceType"] = json!("Patient");
    assert_eq!(found(&resource).len(), 1001);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "-?[0-9]{1,3}\\.[0-9]{1,3}([eE][+-]?[0-9]{1,3})?".prop_map(|text| parse_number(&text)),
        any::<String>().prop_map(Value::from),
        "(#|%|urn:|Patient/|http://|<div>|2024-|P|[a-z]){1,3}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "resourceType",
            "id",
            "meta",
            "extension",
            "_extension",
            "url",
            "valueString",
            "_valueString",
            "reference",
            "contained",
            "name",
            "given",
            "_given",
            "text",
            "div",
            "coding",
            "system",
            "code",
            "resource",
            "entry",
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|list| Value::Object(list.into_iter().collect())),
        ]
    })
}

fn parse_number(text: &str) -> Value {
    let digits = text.trim_start_matches('-').trim_start_matches('0');
    let sign = if text.starts_with('-') { "-" } else { "" };
    let zero = if digits.starts_with('.') { "0" } else { "" };
    parse(format!("{{\"n\":{sign}{zero}{digits}}}").as_bytes())
        .map_or(Value::Null, |object| object["n"].clone())
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_text_like_json_makes_the_parser_panic(text in "[{}\\[\\],:\"\\\\a-fnrtu0-9eE.+ \n-]{0,60}") {
        let ours = parse(text.as_bytes());
        if let Ok(value) = &ours {
            // It keeps every letter of a number, where serde_json respells exponents.
            let theirs = serde_json::from_str::<Value>(&text).unwrap().to_string();
            prop_assert_eq!(serde_json::from_str::<Value>(&value.to_string()).unwrap().to_string(), theirs);
        }
    }

    #[test]
    fn what_is_written_is_read_the_same(value in any_json()) {
        let text = json!({ "a": value }).to_string();
        prop_assert_eq!(parse(text.as_bytes()).unwrap().to_string(), text);
    }

    #[test]
    fn no_json_makes_the_validator_panic(value in any_json(), kind in prop::sample::select(vec!["User", "Patient", "Bundle", "Parameters"])) {
        let mut value = value;
        if let Some(object) = value.as_object_mut() {
            object.insert("resourceType".to_owned(), json!(kind));
        }
        validate(&DEFINITIONS, &value);
    }

    #[test]
    fn no_change_of_an_example_makes_the_validator_panic(
        which in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), value in any_json(),
    ) {
        let mut resource = which.get(&VALID).1.clone();
        let mut all = Vec::new();
        places(&resource, "", "", &mut all);
        *resource.pointer_mut(&place.get(&all).0).unwrap() = value;
        validate(&DEFINITIONS, &resource);
    }
}
