//! Patches: <https://www.rfc-editor.org/rfc/rfc6902>, <https://hl7.org/fhir/R4/fhirpatch.html>.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::body::{anything, faulty, written};
use super::fhirpath::expression;
use super::text::{mostly, near};
use super::{hold, sound};
use crate::client::place;
use crate::sample::{patient, with};

const POINTERS: [&str; 22] = [
    "",
    "/",
    "/id",
    "/resourceType",
    "/meta",
    "/meta/versionId",
    "/active",
    "/name",
    "/name/0",
    "/name/-",
    "/name/0/given",
    "/name/0/given/0",
    "/name/0/given/-",
    "/name/00",
    "/name/-1",
    "/name/99999999999999999999",
    "/name/0/family",
    "/birthDate",
    "/extension",
    "/a~1b",
    "/a~",
    "/a~2",
];

fn operation() -> impl Strategy<Value = Value> {
    let verb = mostly(&["add", "remove", "replace", "move", "copy", "test"]);
    (verb, near(&POINTERS), near(&POINTERS), anything()).prop_map(|(op, path, from, value)| {
        match op.as_str() {
            "remove" => json!({"op": op, "path": path}),
            "move" | "copy" => json!({"op": op, "path": path, "from": from}),
            _ => json!({"op": op, "path": path, "value": value}),
        }
    })
}

/// What may well be done.
fn usual() -> impl Strategy<Value = Value> {
    let path =
        select(&["/name/0/family", "/name/0/given/0", "/name/0/given/-", "/birthDate", "/language"][..]);
    let verb = select(&["add", "replace", "test", "copy", "move", "remove"][..]);
    (verb, path.clone(), path, select(&["x", "1970-01-01", "de"][..])).prop_map(|(op, path, from, value)| {
        match op {
            "remove" => json!({"op": op, "path": path}),
            "move" | "copy" => json!({"op": op, "path": path, "from": from}),
            _ => json!({"op": op, "path": path, "value": value}),
        }
    })
}

pub fn json_patch() -> impl Strategy<Value = Value> {
    let few = prop::collection::vec(prop_oneof![1 => operation(), 3 => usual()], 0..4);
    // Each copy doubles.
    let growing =
        (1usize..60).prop_map(|times| vec![json!({"op": "copy", "from": "/name", "path": "/name/-"}); times]);
    prop_oneof![12 => few, 1 => growing].prop_map(Value::from)
}

const PATHS: [&str; 12] = [
    "Patient",
    "Patient.name",
    "Patient.name[0]",
    "Patient.name[0].given",
    "Patient.name.given[0]",
    "Patient.active",
    "Patient.birthDate",
    "Patient.name.where(family = 'x')",
    "Patient.name.first()",
    "Patient.id",
    "Patient.meta.versionId",
    "Patient.name.given.first()",
];

pub fn path_patch() -> impl Strategy<Value = Value> {
    let kind = mostly(&["add", "insert", "delete", "replace", "move"]);
    let path = prop_oneof![4 => mostly(&PATHS), 1 => expression()];
    let name = mostly(&["name", "active", "given", "birthDate", "extension", "id", "resourceType"]);
    let typed = select(
        &[
            r#"{"valueString":"x"}"#,
            r#"{"valueBoolean":false}"#,
            r#"{"valueHumanName":{"family":"x"}}"#,
            r#"{"valueDate":"1970-01-01"}"#,
            r#"{"valueInteger":7}"#,
        ][..],
    )
    .prop_map(|text| serde_json::from_str::<Value>(text).expect("JSON"));
    let element =
        select(&["valueString", "valueBoolean", "valueHumanName", "valueDate", "valueCode", "resource"][..]);
    let odd = (element, anything()).prop_map(|(element, value)| json!({element: value}));
    let value = prop_oneof![5 => typed, 1 => odd];
    let number =
        || prop::option::of(prop_oneof![4 => Just(0i64), 2 => Just(1), 1 => Just(-1), 1 => any::<i64>()]);
    (kind, path, name, value, (number(), number())).prop_map(|(kind, path, name, value, (index, source))| {
        let mut parts =
            vec![json!({"name": "type", "valueCode": kind}), json!({"name": "path", "valueString": path})];
        if kind == "add" {
            parts.push(json!({"name": "name", "valueString": name}));
        }
        if !matches!(kind.as_str(), "delete" | "move") {
            parts.push(with(json!({"name": "value"}), value));
        }
        let numbers: &[&str] = match kind.as_str() {
            "insert" => &["index"],
            "move" => &["source", "destination"],
            _ => &[],
        };
        for (name, number) in numbers.iter().zip([index, source]) {
            parts.extend(number.map(|number| json!({"name": name, "valueInteger": number})));
        }
        json!({"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]})
    })
}

on_both!(no_patch_is_too_strange, |world| {
    let sent = with(patient("Chalmers", "Peter"), json!({"active": true, "birthDate": "1974-12-25"}));
    let here = place(&world.admin.create(&sent));
    let patches = prop_oneof![
        3 => json_patch().prop_map(|patch| ("application/json-patch+json", patch.to_string())),
        3 => path_patch().prop_map(|patch| ("application/fhir+json", patch.to_string())),
        1 => written(faulty(json_patch())).prop_map(|text| ("application/json-patch+json", text)),
        1 => written(faulty(path_patch())).prop_map(|text| ("application/fhir+json", text)),
    ];
    hold(600, &patches, |(media, text)| {
        let before = world.admin.get(&here).expect(200).json();
        let answer = world.admin.call("PATCH", &here).body(media, text.as_str()).send();
        sound(&answer)?;
        let after = world.admin.get(&here).expect(200).json();
        prop_assert_eq!(&after["id"], &before["id"]);
        prop_assert_eq!(&after["resourceType"], "Patient");
        if answer.status >= 400 {
            prop_assert_eq!(after, before);
        } else {
            // Back to where the next begins.
            let back = with(sent.clone(), json!({"id": before["id"]}));
            world.admin.put(&here, &back).expect(200);
        }
        Ok(())
    });
});
