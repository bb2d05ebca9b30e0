//! What every record of the dialect has besides its own: a reference, whose it is, and metadata. A User has elements for
//! them; other records have extensions.

use serde_json::{Map, Number, Value, json};

use crate::http::record::{list, text};

/// The system of the identifier that a reference is.
const SYSTEM: &str = "https://roster.dev/fhir/sid/reference";
const EXTENSIONS: [(&str, &str); 3] = [
    ("reference", "https://roster.dev/fhir/StructureDefinition/reference"),
    ("reference_origin", "https://roster.dev/fhir/StructureDefinition/reference-origin"),
    ("metadata", "https://roster.dev/fhir/StructureDefinition/metadata"),
];
pub(super) const NAMES: [&str; 3] = ["reference", "reference_origin", "metadata"];

/// Adds them to the attributes of a record.
pub(super) fn tell(body: &Value, attributes: &mut Value) {
    if body["resourceType"] == "User" {
        let own = list(body, "identifier").iter().find(|one| text(one, "system") == Some(SYSTEM));
        attributes["reference"] = own.and_then(|own| own.get("value").cloned()).unwrap_or_default();
        let origin = own.and_then(|own| own.pointer("/assigner/display").cloned());
        attributes["reference_origin"] = origin.unwrap_or_default();
        let pairs = list(body, "metadata").iter();
        let pairs = pairs.filter_map(|one| Some((text(one, "name")?.to_owned(), value(one))));
        attributes["metadata"] = Value::Object(pairs.collect::<Map<String, Value>>());
        return;
    }
    for (name, url) in EXTENSIONS {
        let kept = list(body, "extension").iter().find(|one| text(one, "url") == Some(url));
        let kept = kept.and_then(|kept| kept.get("valueString")).and_then(Value::as_str);
        attributes[name] = match name {
            "metadata" => kept.and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or_else(|| json!({})),
            _ => kept.map(Value::from).unwrap_or_default(),
        };
    }
}

/// Puts one of them into a record; the shape of the value has been looked at.
pub(super) fn take(body: &mut Value, name: &str, given: &Value) {
    if body["resourceType"] == "User" {
        return match name {
            "metadata" => {
                set_list(body, "metadata", given.as_object().into_iter().flatten().map(pair).collect())
            }
            "reference" => identify(body, |own| set(own, "value", given.clone())),
            _ => {
                let assigner = if given.is_null() { Value::Null } else { json!({ "display": given }) };
                identify(body, |own| set(own, "assigner", assigner));
            }
        };
    }
    let Some((_, url)) = EXTENSIONS.iter().find(|(known, _)| *known == name) else { return };
    let mut extensions: Vec<Value> = list(body, "extension").to_vec();
    extensions.retain(|one| text(one, "url") != Some(url));
    let kept = match given {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) if !object.is_empty() => Some(given.to_string()),
        _ => None,
    };
    extensions.extend(kept.map(|kept| json!({ "url": url, "valueString": kept })));
    set_list(body, "extension", extensions);
}

fn identify(body: &mut Value, change: impl FnOnce(&mut Value)) {
    let mut all: Vec<Value> = list(body, "identifier").to_vec();
    let place = all.iter().position(|one| text(one, "system") == Some(SYSTEM));
    let mut own = match place {
        Some(place) => all.remove(place),
        None => json!({ "use": "secondary", "system": SYSTEM }),
    };
    change(&mut own);
    if own.get("value").is_some() || own.get("assigner").is_some() {
        all.push(own);
    }
    set_list(body, "identifier", all);
}

fn set(object: &mut Value, name: &str, value: Value) {
    match value {
        Value::Null => {
            object.as_object_mut().map(|object| object.shift_remove(name));
        }
        value => object[name] = value,
    }
}

fn set_list(body: &mut Value, name: &str, list: Vec<Value>) {
    set(body, name, if list.is_empty() { Value::Null } else { Value::Array(list) });
}

/// A pair of metadata as User has it; what is nested is kept as JSON text.
fn pair((name, value): (&String, &Value)) -> Value {
    let mut pair = json!({ "name": name });
    match value {
        Value::Null => {}
        Value::Bool(truth) => pair["valueBoolean"] = Value::Bool(*truth),
        Value::Number(number) if fits(number) => pair["valueInteger"] = value.clone(),
        Value::Number(_) => pair["valueDecimal"] = value.clone(),
        Value::String(text) if !text.trim().is_empty() => pair["valueString"] = value.clone(),
        // FHIR has no empty string.
        nested => {
            pair["valueString"] = Value::from(nested.to_string());
            pair["format"] = Value::from("json");
        }
    }
    pair
}

fn fits(number: &Number) -> bool {
    number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())
}

fn value(pair: &Value) -> Value {
    for name in ["valueBoolean", "valueInteger", "valueDecimal"] {
        if let Some(value) = pair.get(name) {
            return value.clone();
        }
    }
    match (pair.get("valueString"), text(pair, "format")) {
        (Some(Value::String(text)), Some("json")) => serde_json::from_str(text).unwrap_or_default(),
        (Some(value), _) => value.clone(),
        _ => Value::Null,
    }
}
