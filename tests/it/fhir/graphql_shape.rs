//! Directives that give an answer another shape: <https://hl7.org/fhir/R4/graphql.html#flattening>, and those of
//! GraphQL itself: <https://spec.graphql.org/October2021/#sec-Type-System.Directives>.

use serde_json::{Value, json};

use super::graphql::{refused, table};
use crate::client::place;
use crate::world::World;

/// The patient of the examples of the standard.
fn chalmers(world: &World) -> String {
    let stored = world.admin.create(&json!({
        "resourceType": "Patient", "active": true,
        "identifier": [{"system": "urn:oid:1.2.36.146.595.217.0.1", "value": "12345"}],
        "name": [
            {"use": "official", "family": "Chalmers", "given": ["Peter", "James"]},
            {"use": "usual", "given": ["Jim"]},
            {"use": "maiden", "family": "Windsor", "given": ["Peter", "James"]}
        ]
    }));
    format!("{}/$graphql", place(&stored))
}

on_both!(the_examples_of_the_standard_come_out, |world| {
    let there = chalmers(world);
    let (system, value) = ("urn:oid:1.2.36.146.595.217.0.1", "12345");
    table(
        &world.admin,
        &there,
        &[
            (
                "{ identifier @flatten { system value } active name @flatten { text given family } }",
                json!({
                    "system": [system], "value": [value], "active": true,
                    "given": ["Peter", "James", "Jim", "Peter", "James"], "family": ["Chalmers", "Windsor"]
                }),
            ),
            (
                "{ identifier @flatten { system value } active name @flatten { text given @first family } }",
                json!({
                    "system": [system], "value": [value], "active": true,
                    "given": ["Peter", "Jim", "Peter"], "family": ["Chalmers", "Windsor"]
                }),
            ),
            (
                "{ identifier @flatten { system @singleton value @singleton } active
               name @flatten @first { text given family @singleton } }",
                json!({
                    "system": system, "value": value, "active": true, "given": ["Peter", "James"], "family": "Chalmers"
                }),
            ),
            (
                "{ identifier @flatten { system value } active
               name @flatten @slice(path: \"use\") { given family @singleton } }",
                json!({
                    "system": [system], "value": [value], "active": true,
                    "given.official": ["Peter", "James"], "family.official": "Chalmers", "given.usual": ["Jim"],
                    "given.maiden": ["Peter", "James"], "family.maiden": "Windsor"
                }),
            ),
            (
                "{ name @flatten @slice(path: \"$index\") { given family @singleton } }",
                json!({
                    "given.0": ["Peter", "James"], "family.0": "Chalmers", "given.1": ["Jim"],
                    "given.2": ["Peter", "James"], "family.2": "Windsor"
                }),
            ),
            (
                "{ name @slice(path: \"$index\") @flatten { given @first @singleton family } }",
                json!({
                    "given.0": "Peter", "family.0": ["Chalmers"], "given.1": "Jim", "given.2": "Peter",
                    "family.2": ["Windsor"]
                }),
            ),
        ],
    );
});

on_both!(suffixes_add_up_and_name_what_is_not_flattened, |world| {
    let there = chalmers(world);
    table(
        &world.admin,
        &there,
        &[
            (
                "{ name(use: official) @flatten @slice(path: \"use\") { given @slice(path: \"$index\") @singleton } }",
                json!({"given.official.0": "Peter", "given.official.1": "James"}),
            ),
            (
                "{ identifier @slice(path: \"system.length()\") { value } }",
                json!({"identifier.30": [{"value": "12345"}]}),
            ),
            ("{ name @first { family } }", json!({"name": {"family": "Chalmers"}})),
            ("{ name(use: old) @first { family } }", json!({"name": null})),
            ("{ name(use: old) @flatten { family } active }", json!({"active": true})),
        ],
    );
});

on_both!(what_cannot_be_put_together_is_an_error, |world| {
    let there = chalmers(world);
    for (query, data) in [
        ("{ name @flatten { family @singleton } }", json!({"family": null})),
        (
            "{ name @flatten { x: family } identifier @flatten { x: system } }",
            json!({"x": ["Chalmers", "Windsor"]}),
        ),
    ] {
        let answer = world.admin.post(&there, &json!({"query": query})).expect(200).json();
        assert!(answer["errors"][0]["message"].is_string(), "{query}: {answer}");
        assert_eq!(answer["data"], data, "{query}");
    }
    for query in [
        "{ PatientList { name @flatten @flatten { given } } }",
        "{ PatientList { birthDate @flatten } }",
        "{ PatientList { name @first @slice(path: \"use\") { given } } }",
        "{ PatientList { name @slice { given } } }",
        "{ PatientList { name @slice(path: \"(\") { given } } }",
        "{ PatientList { name @slice(fhirpath: \"use\") { given } } }",
        "{ PatientList { name @skip { given } } }",
        "{ PatientList { name @skip(if: 1) { given } } }",
        "{ PatientList { name @include(if: \"true\") { given } } }",
        "{ PatientList { name @nosuch { given } } }",
        "{ PatientList { ... @flatten { id } } }",
        "query @skip(if: true) { PatientList { id } }",
        "query ($x: Boolean @first) { PatientList { id @skip(if: $x) } }",
    ] {
        refused(&world.admin, query);
    }
});

on_both!(a_list_can_be_flattened_as_a_whole, |world| {
    chalmers(world);
    table(
        &world.admin,
        "$graphql",
        &[
            (
                "{ PatientList @flatten { active name(use: official) @flatten { family } } }",
                json!({"active": [true], "family": ["Chalmers"]}),
            ),
            (
                "{ PatientConnection @flatten { edges @flatten { resource @flatten { active } } } }",
                json!({"active": [true]}),
            ),
            ("{ PatientList @first { active } }", json!({"PatientList": {"active": true}})),
        ],
    );
});

on_both!(fields_are_skipped_and_included, |world| {
    let there = chalmers(world);
    let query = "query ($yes: Boolean!, $no: Boolean = false) {
        a: active @include(if: $yes) b: active @include(if: $no) c: active @skip(if: $yes) d: active @skip(if: $no)
        e: active @skip(if: $no) @include(if: $yes)
        ... @include(if: $no) { f: active } ... on Patient @skip(if: $no) { g: active }
        ...h @include(if: $yes) ...h @skip(if: $yes)
    } fragment h on Patient { h: active }";
    let sent = json!({"query": query, "variables": {"yes": true}});
    let answer = world.admin.post(&there, &sent).expect(200).json();
    let shown: Vec<&String> = answer["data"].as_object().expect("data").keys().collect();
    assert_eq!(shown, ["a", "d", "e", "g", "h"]);
    assert_eq!(answer["errors"], Value::Null);
});
