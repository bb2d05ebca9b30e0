//! The labels of a resource: profiles, security labels and tags, that may change without a new version.
//!
//! Implements <https://hl7.org/fhir/R4/resource-operation-meta-add.html> and its counterpart: a label is the same
//! by its url, or by system and code; what it is displayed as does not count.

use serde_json::{Map, Value};

/// The elements of Meta that are labels.
pub const LABELS: [&str; 3] = ["profile", "security", "tag"];

/// Adds the labels of `more` that `meta` does not have.
pub fn add_labels(meta: &mut Map<String, Value>, more: &Map<String, Value>) {
    for name in LABELS {
        for label in labels(more, name) {
            if labels(meta, name).iter().any(|known| is_same(known, label)) {
                continue;
            }
            match meta.get_mut(name) {
                Some(Value::Array(list)) => list.push(label.clone()),
                _ => _ = meta.insert(name.to_owned(), Value::Array(vec![label.clone()])),
            }
        }
    }
}

/// Takes the labels of `less` out of `meta`.
pub fn remove_labels(meta: &mut Map<String, Value>, less: &Map<String, Value>) {
    for name in LABELS {
        let unwanted = labels(less, name);
        let Some(Value::Array(list)) = meta.get_mut(name) else { continue };
        list.retain(|label| !unwanted.iter().any(|other| is_same(label, other)));
        if list.is_empty() {
            meta.shift_remove(name);
        }
    }
}

fn labels<'m>(meta: &'m Map<String, Value>, name: &str) -> &'m [Value] {
    meta.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            ["system", "code"].iter().all(|part| one.get(*part) == other.get(*part))
        }
        _ => one == other,
    }
}
