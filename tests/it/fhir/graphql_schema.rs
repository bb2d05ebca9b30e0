//! Introspection: the schema is that of the definitions:
//! <https://spec.graphql.org/October2021/#sec-Introspection>, <https://hl7.org/fhir/R4/graphql.html#conformance>.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::graphql::{data, refused, table};
use crate::client::{Client, place};
use crate::sample::patient;

/// What common clients ask.
const WHOLE: &str = "query IntrospectionQuery { __schema {
    description queryType { name } mutationType { name } subscriptionType { name }
    types { ...FullType }
    directives { name description isRepeatable locations args { ...InputValue } }
} }
fragment FullType on __Type {
    kind name description specifiedByURL
    fields(includeDeprecated: true) {
        name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason
    }
    inputFields { ...InputValue }
    interfaces { ...TypeRef }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type {
    kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}";

fn types(client: &Client) -> BTreeMap<String, Value> {
    let schema = data(client, WHOLE)["__schema"].clone();
    assert_eq!(schema["queryType"]["name"], "Query");
    assert_eq!((&schema["mutationType"], &schema["subscriptionType"]), (&Value::Null, &Value::Null));
    let all = schema["types"].as_array().expect("types").clone();
    let count = all.len();
    let named: BTreeMap<_, _> =
        all.into_iter().map(|one| (one["name"].as_str().expect("a name").to_owned(), one)).collect();
    assert_eq!(named.len(), count, "each type is there once");
    named
}

/// The name at the bottom of a type.
fn bottom(kind: &Value) -> &str {
    if kind["ofType"].is_null() { kind["name"].as_str().expect("a name") } else { bottom(&kind["ofType"]) }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

on_both!(the_whole_schema_is_told_and_hangs_together, |world| {
    let types = types(&world.admin);
    let mut faults = Vec::new();
    for (name, kind) in &types {
        if !is_name(name) {
            faults.push(format!("{name} is no name"));
        }
        let fields: BTreeSet<&str> =
            items(&kind["fields"]).iter().map(|field| field["name"].as_str().expect("a name")).collect();
        if fields.len() != items(&kind["fields"]).len() {
            faults.push(format!("{name} has a field twice"));
        }
        if matches!(kind["kind"].as_str(), Some("OBJECT" | "INTERFACE")) && fields.is_empty() {
            faults.push(format!("{name} has no fields"));
        }
        for field in items(&kind["fields"]) {
            let taken: BTreeSet<&str> = items(&field["args"])
                .iter()
                .map(|argument| argument["name"].as_str().expect("a name"))
                .collect();
            if taken.len() != items(&field["args"]).len() {
                faults.push(format!("{name}.{} has an argument twice", field["name"]));
            }
            let names = fields.iter().chain(&taken).filter(|name| !is_name(name));
            faults.extend(names.map(|wrong| format!("{wrong} of {name} is no name")));
            let used =
                std::iter::once(&field["type"]).chain(items(&field["args"]).iter().map(|one| &one["type"]));
            for used in used.map(bottom).filter(|used| !types.contains_key(*used)) {
                faults.push(format!("{name}.{} is of {used}, which there is not", field["name"]));
            }
        }
        for interface in items(&kind["interfaces"]) {
            let interface = &types[bottom(interface)];
            let possible = items(&interface["possibleTypes"]).iter().map(bottom);
            if kind["kind"] == "OBJECT" && !possible.into_iter().any(|one| one == name) {
                faults.push(format!("{name} is not possible for {}", interface["name"]));
            }
            for field in items(&interface["fields"]) {
                let own = items(&kind["fields"]).iter().find(|own| own["name"] == field["name"]);
                if own.is_none_or(|own| own["type"] != field["type"]) {
                    faults.push(format!("{name} has no {} as {}", field["name"], interface["name"]));
                }
            }
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for name in [
        "Query",
        "Patient",
        "PatientContact",
        "PatientConnection",
        "PatientEdge",
        "Resource",
        "HumanName",
        "__Type",
    ] {
        assert!(types.contains_key(name), "{name}");
    }
    assert!(!types["User"].to_string().contains("passwordHash"));
    assert!(!types.contains_key("JsonWebKeyConnection"));
});

on_both!(a_type_is_told_by_its_name, |world| {
    table(
        &world.admin,
        "$graphql",
        &[
            (
                "{ __type(name: \"Reference\") { kind name fields { name type { kind name } } } }",
                json!({"__type": {"kind": "OBJECT", "name": "Reference", "fields": [
                    {"name": "id", "type": {"kind": "SCALAR", "name": "String"}},
                    {"name": "_id", "type": {"kind": "OBJECT", "name": "Element"}},
                    {"name": "extension", "type": {"kind": "LIST", "name": null}},
                    {"name": "reference", "type": {"kind": "SCALAR", "name": "String"}},
                    {"name": "_reference", "type": {"kind": "OBJECT", "name": "Element"}},
                    {"name": "type", "type": {"kind": "SCALAR", "name": "uri"}},
                    {"name": "_type", "type": {"kind": "OBJECT", "name": "Element"}},
                    {"name": "identifier", "type": {"kind": "OBJECT", "name": "Identifier"}},
                    {"name": "display", "type": {"kind": "SCALAR", "name": "String"}},
                    {"name": "_display", "type": {"kind": "OBJECT", "name": "Element"}},
                    {"name": "resource", "type": {"kind": "INTERFACE", "name": "Resource"}}
                ]}}),
            ),
            ("{ __type(name: \"Nothing\") { name } }", json!({"__type": null})),
            (
                "{ __typename __type(name: \"uri\") { kind __typename } }",
                json!({
                    "__typename": "Query", "__type": {"kind": "SCALAR", "__typename": "__Type"}
                }),
            ),
            (
                "{ __type(name: \"__TypeKind\") { enumValues { name } } }",
                json!({"__type": {"enumValues": [
                    {"name": "SCALAR"}, {"name": "OBJECT"}, {"name": "INTERFACE"}, {"name": "UNION"}, {"name": "ENUM"},
                    {"name": "INPUT_OBJECT"}, {"name": "LIST"}, {"name": "NON_NULL"}
                ]}}),
            ),
        ],
    );
    let stored = world.admin.create(&patient("A", "B"));
    table(
        &world.admin,
        &format!("{}/$graphql", place(&stored)),
        &[(
            "{ __typename __schema { queryType { name } } name { __typename } }",
            json!({"__typename": "Patient", "__schema": {"queryType": {"name": "Patient"}}, "name": [{"__typename": "HumanName"}]}),
        )],
    );
});

on_both!(the_schema_has_bounds_too, |world| {
    let once = WHOLE.split_once("{ __schema {").map(|(_, rest)| rest.to_owned()).expect("a query");
    let (fields, fragments) = once.split_once("\n} }\n").expect("a query");
    let many: String = (0..200).map(|number| format!("s{number}: __schema {{ {fields} }} ")).collect();
    let told = refused(&world.admin, &format!("{{ {many} }} {fragments}"));
    assert_eq!(told["extensions"]["code"], "too-costly");
    for wrong in [
        "{ __schema { nothing } }",
        "{ __schema }",
        "{ __type { name } }",
        "{ __schema { types @flatten { name } } }",
        "{ PatientList { __schema { description } } }",
    ] {
        refused(&world.admin, wrong);
    }
});
