//! The published cases of FHIRPath Patch (<https://hl7.org/fhir/R4/fhirpatch.html>).

use std::fs;
use std::sync::LazyLock;

use roster::definitions::Definitions;
use roster::resource::{Patch, same_content};
use roxmltree::{Document, Node};
use serde_json::{Value, json};

use super::xml::resource;

static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(|| Definitions::load(&[]).expect("definitions"));

fn part(case: Node, name: &str) -> Option<Value> {
    let part = case.children().find(|child| child.has_tag_name(name))?;
    Some(resource(&DEFINITIONS, part.first_element_child()?))
}

/// Markup without the white space between its tags: the cases lay it out in two ways.
fn normalized(mut value: Value) -> Value {
    if let Some(Value::String(div)) = value.pointer_mut("/text/div") {
        *div = div
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace("> ", ">")
            .replace(" <", "<")
            .replace("&quot;", "\"");
    }
    value
}

#[test]
fn fhirpath_patch_cases() {
    let Some(folder) = super::vectors() else { return };
    let text = fs::read_to_string(folder.join("fhir-patch-tests.xml")).expect("the vectors");
    let document = Document::parse(&text).expect("XML");
    let (mut count, mut faults) = (0, Vec::new());
    for case in document.descendants().filter(|node| node.has_tag_name("case")) {
        count += 1;
        let name = case.attribute("name").unwrap_or_default();
        let input = part(case, "input").expect("an input");
        let diff = part(case, "diff").expect("a diff");
        let done = Patch::path(&diff).and_then(|patch| patch.apply(&DEFINITIONS, &input));
        match (done, part(case, "output")) {
            (Ok(done), Some(output)) if normalized(done.clone()) == normalized(output.clone()) => {}
            (Err(_), None) => {}
            (done, output) => faults.push(format!("{name}: {done:?}\n  not {output:?}")),
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert_eq!(count, 33);
}

fn operation(kind: &str, path: &str, parts: &Value) -> Value {
    let mut all =
        vec![json!({"name": "type", "valueCode": kind}), json!({"name": "path", "valueString": path})];
    all.extend(parts.as_array().cloned().unwrap_or_default());
    json!({"name": "operation", "part": all})
}

fn patched(resource: &Value, operations: &[Value]) -> Result<Value, roster::error::Error> {
    Patch::path(&json!({"resourceType": "Parameters", "parameter": operations}))?
        .apply(&DEFINITIONS, resource)
}

#[test]
fn choices_change_their_type_and_shadows_go_along() {
    let before = json!({
        "resourceType": "Patient", "deceasedBoolean": true, "birthDate": "1970",
        "_birthDate": {"extension": [{"url": "urn:x", "valueString": "about"}]},
        "name": [{"given": ["A", "B", null], "_given": [null, {"id": "b"}, {"id": "c"}]}]
    });
    let done = patched(
        &before,
        &[
            operation("replace", "Patient.deceased", &json!([{"name": "value", "valueDateTime": "2020"}])),
            operation("delete", "Patient.birthDate", &json!([])),
            operation(
                "move",
                "Patient.name.given",
                &json!([
            {"name": "source", "valueInteger": 2}, {"name": "destination", "valueInteger": 0}]),
            ),
            operation(
                "add",
                "Patient",
                &json!([{"name": "name", "valueString": "multipleBirth"},
            {"name": "value", "valueInteger": 2}]),
            ),
            operation(
                "add",
                "Patient",
                &json!([{"name": "name", "valueString": "gender"},
            {"name": "value", "valueCode": "other"}]),
            ),
            operation(
                "add",
                "Patient.gender",
                &json!([{"name": "name", "valueString": "extension"},
            {"name": "value", "valueExtension": {"url": "urn:y", "valueCode": "z"}}]),
            ),
        ],
    );
    let expected = json!({
        "resourceType": "Patient", "deceasedDateTime": "2020",
        "name": [{"given": [null, "A", "B"], "_given": [{"id": "c"}, null, {"id": "b"}]}],
        "multipleBirthInteger": 2, "gender": "other",
        "_gender": {"extension": [{"url": "urn:y", "valueCode": "z"}]}
    });
    let done = done.expect("a result");
    assert!(same_content(&done, &expected), "{done}");
}

#[test]
fn what_is_not_one_element_is_refused() {
    let before = json!({"resourceType": "Patient", "id": "p", "name": [{"family": "A"}, {"family": "B"}]});
    let value = json!([{"name": "value", "valueString": "C"}]);
    let refused = [
        operation("replace", "Patient.name.family", &value),
        operation("delete", "Patient.name", &json!([])),
        operation("replace", "Patient.birthDate", &value),
        operation("replace", "Patient", &value),
        operation("delete", "Patient", &json!([])),
        operation("replace", "Patient.name.first().family & 'x'", &value),
        operation("replace", "Patient.id", &json!([{"name": "value", "valueId": "q"}])),
        operation("delete", "Patient.id", &json!([])),
        operation("add", "Patient", &json!([{"name": "name", "valueString": "surprise"}, value[0]])),
        operation("add", "Patient", &json!([{"name": "name", "valueString": "deceased"}, value[0]])),
        operation(
            "insert",
            "Patient.name",
            &json!([{"name": "index", "valueInteger": 3}, {"name": "value", "valueHumanName": {}}]),
        ),
        operation(
            "insert",
            "Patient.name[0]",
            &json!([{"name": "index", "valueInteger": 3}, {"name": "value", "valueHumanName": {}}]),
        ),
        operation(
            "move",
            "Patient.name",
            &json!([{"name": "source", "valueInteger": 0}, {"name": "destination", "valueInteger": 2}]),
        ),
        operation("replace", "Patient.name[", &value),
        operation("delete", "Patient.name[0]", &value),
        operation("append", "Patient.name[0]", &value),
        operation("replace", "Patient.name[0].family", &json!([])),
        json!({"name": "surprise"}),
    ];
    for operation in refused {
        let done = patched(&before, std::slice::from_ref(&operation));
        assert!(done.is_err(), "{operation}: {done:?}");
    }
    assert!(Patch::path(&json!({"resourceType": "Patient"})).is_err());
    assert!(Patch::path(&json!({"resourceType": "Parameters", "parameter": {}})).is_err());
}
