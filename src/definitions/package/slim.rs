//! Profiles without what is only for people to read: nine tenths of a snapshot.
//!
//! What is left is what decides (<https://hl7.org/fhir/R4/elementdefinition.html>), as it was written.

use serde_json::{Map, Value};

use crate::error::{Result, fault};

/// Of the definition; with a snapshot the differential says nothing new.
const DROPPED: [&str; 9] = [
    "text",
    "mapping",
    "contact",
    "description",
    "purpose",
    "copyright",
    "useContext",
    "keyword",
    "differential",
];

/// Of its elements.
const OF_ELEMENTS: [&str; 14] = [
    "short",
    "definition",
    "comment",
    "requirements",
    "alias",
    "mapping",
    "example",
    "base",
    "condition",
    "meaningWhenMissing",
    "orderMeaning",
    "isModifierReason",
    "isSummary",
    "code",
];

const OF_CONSTRAINTS: [&str; 3] = ["xpath", "source", "requirements"];

pub(super) fn slim(text: &str) -> Result<String> {
    let mut profile: Map<String, Value> = serde_json::from_str(text).map_err(fault)?;
    let whole = profile.contains_key("snapshot");
    profile.retain(|name, _| !DROPPED.contains(&name.as_str()) || name == "differential" && !whole);
    let list = if whole { "snapshot" } else { "differential" };
    for element in objects(profile.get_mut(list).and_then(|list| list.get_mut("element"))) {
        element.retain(|name, _| !OF_ELEMENTS.contains(&name.as_str()));
        for constraint in objects(element.get_mut("constraint")) {
            constraint.retain(|name, _| !OF_CONSTRAINTS.contains(&name.as_str()));
        }
    }
    serde_json::to_string(&profile).map_err(fault)
}

fn objects(list: Option<&mut Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    list.and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}
