//! Small things about records: their JSON, their extensions, moments and ids.

use serde_json::{Value, json};

use crate::error::Result;
pub(super) use crate::http::reply::instant as moment;
use crate::resource;
use crate::store::Row;

const EXTENSIONS: &str = "https://roster.dev/fhir/StructureDefinition/";

pub(super) fn body(row: &Row) -> Result<Value> {
    resource::parse(row.body.as_bytes())
}

pub(super) fn text<'v>(body: &'v Value, name: &str) -> Option<&'v str> {
    body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

pub(super) fn is(body: &Value, name: &str) -> bool {
    body.get(name) == Some(&Value::Bool(true))
}

pub(super) fn list<'v>(body: &'v Value, name: &str) -> &'v [Value] {
    body.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The id that a reference of this type names.
pub(super) fn target<'v>(body: &'v Value, name: &str, kind: &str) -> Option<&'v str> {
    body.get(name)?.get("reference")?.as_str()?.strip_prefix(kind)?.strip_prefix('/')
}

/// The extensions of ours of one name.
pub(super) fn extensions<'v>(body: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    let name = name.to_owned();
    list(body, "extension").iter().filter(move |one| {
        one.get("url").and_then(Value::as_str).and_then(|url| url.strip_prefix(EXTENSIONS))
            == Some(name.as_str())
    })
}

/// The value of an extension of ours.
pub(super) fn extension<'v>(body: &'v Value, name: &str) -> Option<&'v Value> {
    let one = extensions(body, name).next()?.as_object()?;
    one.iter().find(|(name, _)| name.starts_with("value")).map(|(_, value)| value)
}

/// Puts these in the place of all extensions of ours of one name.
pub(super) fn extend(body: &mut Value, name: &str, values: Vec<Value>) {
    let url = format!("{EXTENSIONS}{name}");
    let mut all: Vec<Value> = list(body, "extension").to_vec();
    all.retain(|one| one.get("url").and_then(Value::as_str) != Some(url.as_str()));
    all.extend(values.into_iter().map(|mut value| {
        let mut one = json!({ "url": url });
        if let (Some(one), Some(value)) = (one.as_object_mut(), value.as_object_mut()) {
            one.append(value);
        }
        one
    }));
    put(body, "extension", Some(all).filter(|all| !all.is_empty()));
}

/// Sets an element, or takes it away.
pub(super) fn put(body: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    match value {
        Some(value) => body[name] = value.into(),
        None => drop(body.as_object_mut().map(|body| body.shift_remove(name))),
    }
}
