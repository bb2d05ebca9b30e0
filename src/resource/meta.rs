//! What the server writes into every resource, and in what order.
//!
//! Implements <https://hl7.org/fhir/R4/resource.html#Meta>. The canonical text begins with resourceType, id
//! and meta, and meta with versionId and lastUpdated; all else keeps the order in which it came.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

/// Sets id, version and time, and brings the resource into canonical order.
pub fn stamp(resource: &mut Value, id: &str, version: &str, updated: DateTime<Utc>) {
    let Value::Object(object) = resource else { return };
    let mut before = std::mem::take(object);
    let updated = updated.to_rfc3339_opts(SecondsFormat::Millis, true);

    let mut meta = Map::new();
    meta.insert("versionId".to_owned(), Value::from(version));
    meta.insert("lastUpdated".to_owned(), Value::from(updated));
    if let Some(Value::Object(old)) = before.shift_remove("meta") {
        meta.extend(old.into_iter().filter(|(name, _)| !is_stamp(name)));
    }

    let kind = before.shift_remove("resourceType");
    object.extend(kind.map(|kind| ("resourceType".to_owned(), kind)));
    object.insert("id".to_owned(), Value::from(id));
    object.insert("meta".to_owned(), Value::Object(meta));
    // What stands beside the old id or the old stamps goes with them.
    object.extend(before.into_iter().filter(|(name, _)| !matches!(name.as_str(), "id" | "_id" | "_meta")));
}

/// Whether two resources say the same, apart from when and as which version: the order of properties does
/// not matter, every digit of a decimal does.
pub fn same_content(one: &Value, other: &Value) -> bool {
    let (Value::Object(one), Value::Object(other)) = (one, other) else { return one == other };
    let rest = |object: &Map<String, Value>| object.len() - usize::from(object.contains_key("meta"));
    let same = |(name, value): (&String, &Value)| name == "meta" || other.get(name) == Some(value);
    rest(one) == rest(other) && one.iter().all(same) && same_meta(one.get("meta"), other.get("meta"))
}

fn same_meta(one: Option<&Value>, other: Option<&Value>) -> bool {
    let facts = |meta: Option<&Value>| -> Map<String, Value> {
        let object = meta.and_then(Value::as_object);
        let kept = object.into_iter().flatten().filter(|(name, _)| !is_stamp(name));
        kept.map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    facts(one) == facts(other)
}

fn is_stamp(name: &str) -> bool {
    matches!(name.trim_start_matches('_'), "versionId" | "lastUpdated")
}
