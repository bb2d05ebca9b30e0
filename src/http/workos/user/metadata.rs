//! Metadata: texts under keys. What other protocols keep there in other forms is left alone and not shown.

use serde_json::{Map, Value, json};

use super::super::asked::Asked;

const MOST: usize = 50;
const LONGEST_KEY: usize = 40;
const LONGEST: usize = 600;

/// Changes of metadata: a text, or nothing to take the key away.
pub(in crate::http::workos) type Changes = Vec<(String, Option<String>)>;

/// What a request says of metadata; `null` takes all away.
pub(in crate::http::workos) fn sent(asked: &mut Asked) -> Option<Option<Changes>> {
    let value = match asked.take("metadata")? {
        None => return Some(None),
        Some(Value::Object(value)) => value,
        Some(_) => {
            asked.fault("metadata", "invalid_type", "metadata is an object of texts.");
            return None;
        }
    };
    let mut changes = Vec::with_capacity(value.len());
    for (key, value) in value {
        if key.is_empty() || key.chars().count() > LONGEST_KEY {
            asked.fault("metadata", "invalid_metadata", "A key of metadata has 1 to 40 characters.");
        }
        match value {
            Value::Null => changes.push((key, None)),
            // An empty one takes the key away: FHIR has no empty texts.
            Value::String(text) if text.is_empty() => changes.push((key, None)),
            Value::String(text) if text.chars().count() <= LONGEST => changes.push((key, Some(text))),
            _ => asked.fault(
                "metadata",
                "invalid_metadata",
                "A value of metadata is a text of up to 600 characters.",
            ),
        }
    }
    if changes.len() > MOST {
        asked.fault("metadata", "invalid_metadata", "Metadata has 50 keys at most.");
    }
    Some(Some(changes))
}

/// Whether an element is one of those that are shown.
fn is_text(entry: &Value) -> bool {
    entry.get("valueString").is_some() && entry.get("format").is_none()
}

pub(in crate::http::workos) fn shown(metadata: Option<&Value>) -> Value {
    let mut shown = Map::new();
    for entry in metadata.and_then(Value::as_array).into_iter().flatten().filter(|entry| is_text(entry)) {
        if let (Some(name), Some(value)) = (entry["name"].as_str(), entry.get("valueString")) {
            shown.insert(name.to_owned(), value.clone());
        }
    }
    Value::Object(shown)
}

/// Merges changes into a user, key by key. Gives false where there would be too many.
pub(super) fn merge(body: &mut Value, changes: Option<&Changes>) -> bool {
    let mut entries = body.get("metadata").and_then(Value::as_array).cloned().unwrap_or_default();
    match changes {
        None => entries.retain(|entry| !is_text(entry)),
        Some(changes) => {
            for (key, value) in changes {
                let place = entries.iter().position(|entry| entry["name"] == key.as_str());
                match (place, value) {
                    (Some(place), Some(value)) => {
                        entries[place] = json!({ "name": key, "valueString": value })
                    }
                    (Some(place), None) => drop(entries.remove(place)),
                    (None, Some(value)) => entries.push(json!({ "name": key, "valueString": value })),
                    (None, None) => {}
                }
            }
        }
    }
    if entries.iter().filter(|entry| is_text(entry)).count() > MOST {
        return false;
    }
    match entries.is_empty() {
        true => drop(body.as_object_mut().map(|body| body.shift_remove("metadata"))),
        false => body["metadata"] = Value::Array(entries),
    }
    true
}
