//! Whatever is stored can be asked for, element for element: <https://hl7.org/fhir/R4/graphql.html#fields>.

use std::collections::BTreeMap;

use roster::definitions;
use serde_json::{Map, Value};

use super::graphql::data;
use crate::client::{Client, id};
use crate::examples::canonical;

/// A selection of all that is in some values of one element. Only a resource is one for its `resourceType`; others
/// have an element of that name.
fn selection(values: &[&Value], resources: bool) -> String {
    let objects = values.iter().filter_map(|value| value.as_object());
    let mut kinds: BTreeMap<Option<&str>, BTreeMap<&str, Vec<&Value>>> = BTreeMap::new();
    for object in objects {
        let kind = object.get("resourceType").and_then(Value::as_str).filter(|_| resources);
        let fields = kinds.entry(kind).or_default();
        for (name, value) in object {
            let inner = fields.entry(name.as_str()).or_default();
            match value {
                Value::Array(items) => inner.extend(items),
                one => inner.push(one),
            }
        }
    }
    let parts = kinds.into_iter().map(|(kind, fields)| {
        let fields: Vec<String> = fields
            .into_iter()
            .map(|(name, values)| format!("{name} {}", selection(&values, holds_resources(kind, name))))
            .collect();
        match kind {
            Some(kind) => format!("... on {kind} {{ {} }}", fields.join(" ")),
            None => fields.join(" "),
        }
    });
    let parts = parts.collect::<Vec<_>>().join(" ");
    if parts.is_empty() { parts } else { format!("{{ {parts} }}") }
}

/// Whether what an element of a resource, or of anything else, holds are resources.
fn holds_resources(kind: Option<&str>, name: &str) -> bool {
    match name {
        "contained" => true,
        // Of an entry in a bundle.
        "resource" => kind.is_none(),
        _ => false,
    }
}

/// Without the fields that one of a list has and another has not.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let members = object.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(members.map(|(name, value)| (name, without_nulls(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        scalar => scalar,
    }
}

/// Asks for all that a stored resource has.
#[track_caller]
pub fn compare(client: &Client, stored: &Value) {
    let kind = stored["resourceType"].as_str().expect("a type");
    let query = format!("{{ {kind}(id: {:?}) {} }}", id(stored), selection(&[stored], true));
    let found = without_nulls(data(client, &query)[kind].clone());
    assert_eq!(canonical(&found), canonical(stored));
}

on_both!(every_example_comes_out_of_graphql_as_it_is_stored, |world| {
    let mut count = 0;
    for example in definitions::examples(&[]).expect("the examples can be read") {
        let Some((kind, name)) = example.name.split_once('/') else { continue };
        // The server writes on subscriptions as soon as they are there.
        if !name.starts_with("valid-") || kind == "Subscription" {
            continue;
        }
        let mut body: Value = serde_json::from_slice(&example.bytes).expect("JSON");
        let object = body.as_object_mut().expect("a resource");
        object.shift_remove("project");
        if let Some(Value::Object(meta)) = object.get_mut("meta") {
            meta.shift_remove("project");
            meta.shift_remove("author");
        }
        let answer = world.admin.post(kind, &body);
        if answer.status != 201 {
            continue;
        }
        compare(&world.admin, &answer.json());
        count += 1;
    }
    assert!(count > 40, "only {count} examples were taken");
});
