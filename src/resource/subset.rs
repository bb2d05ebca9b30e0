//! Less than the whole resource, for those who asked for less.
//!
//! Implements <https://hl7.org/fhir/R4/search.html#summary> and #elements. What was cut is marked SUBSETTED,
//! so that nobody stores it as the whole.

use serde_json::{Map, Value, json};

use crate::definitions::{Content, Definitions, Node, Structure};

const SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
const CODE: &str = "SUBSETTED";

/// `_summary=true`: the elements that the definition counts to the summary, at every level, and those that
/// change the meaning of the rest.
pub fn summary(definitions: &Definitions, structure: &Structure, resource: &Value) -> Value {
    let Some(object) = resource.as_object() else { return resource.clone() };
    let mut kept = kept_in_summary(definitions, structure, structure.root(), object);
    mark(&mut kept);
    Value::Object(kept)
}

/// `_elements`: these, and what is mandatory at the top.
pub fn elements(structure: &Structure, resource: &Value, names: &[String]) -> Value {
    let Some(object) = resource.as_object() else { return resource.clone() };
    let node = structure.root();
    let mut kept = Map::new();
    for (name, value) in object {
        let element = node.property(name).map(|property| &node.elements[property.element]);
        let wanted = element.is_some_and(|element| {
            element.min > 0 || matches!(&*element.name, "id" | "meta") || names.contains(&element.name)
        });
        if wanted || name == "resourceType" {
            kept.insert(name.clone(), value.clone());
        }
    }
    mark(&mut kept);
    Value::Object(kept)
}

/// `_summary=text`: the narrative, and what is mandatory at the top.
pub fn narrative(structure: &Structure, resource: &Value) -> Value {
    elements(structure, resource, &["text".to_owned()])
}

/// `_summary=data`: all but the narrative.
pub fn data(resource: &Value) -> Value {
    let mut kept = resource.as_object().cloned().unwrap_or_default();
    kept.shift_remove("text");
    mark(&mut kept);
    Value::Object(kept)
}

fn kept_in_summary(
    definitions: &Definitions,
    structure: &Structure,
    node: &Node,
    object: &Map<String, Value>,
) -> Map<String, Value> {
    let mut kept = Map::new();
    for (name, value) in object {
        let Some(property) = node.property(name) else {
            if name == "resourceType" {
                kept.insert(name.clone(), value.clone());
            }
            continue;
        };
        let element = &node.elements[property.element];
        if !element.is_summary && !element.is_modifier && element.min == 0 {
            continue;
        }
        let below = match element.types[property.option].content {
            Content::Node(id) => Some((structure, structure.node(id))),
            Content::Complex(id) => Some((definitions.structure(id), definitions.structure(id).root())),
            Content::Primitive(..) | Content::Resource => None,
        };
        let cut = |value: &Value| match (below, value) {
            (Some((structure, node)), Value::Object(object)) => {
                Value::Object(kept_in_summary(definitions, structure, node, object))
            }
            _ => value.clone(),
        };
        let value = match value {
            Value::Array(list) => Value::Array(list.iter().map(cut).filter(|one| !is_empty(one)).collect()),
            one => cut(one),
        };
        if !is_empty(&value) {
            kept.insert(name.clone(), value);
        }
    }
    kept
}

/// What cutting left nothing of is not valid JSON of FHIR.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn mark(object: &mut Map<String, Value>) {
    if !object.get("meta").is_some_and(Value::is_object) {
        object.shift_remove("meta");
        let place = object.keys().take_while(|name| matches!(name.as_str(), "resourceType" | "id")).count();
        object.shift_insert(place, "meta".to_owned(), json!({}));
    }
    if let Some(Value::Object(meta)) = object.get_mut("meta")
        && let Value::Array(tags) = meta.entry("tag").or_insert_with(|| json!([]))
        && !tags.iter().any(|tag| tag["system"] == SYSTEM && tag["code"] == CODE)
    {
        tags.push(json!({ "system": SYSTEM, "code": CODE }));
    }
}
