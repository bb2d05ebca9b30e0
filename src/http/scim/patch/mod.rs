//! PATCH (<https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2>): what the operations are, and what each is about.

mod apply;
mod several;

use serde_json::Value;

use super::accept::says_what_it_is;
use super::filter::{Filter, read_path};
use super::path::{Path, Place};
use super::refusal::{Result, bad};
use super::schema::{Attribute, Resource, Schema};
pub(super) use apply::apply;

const MESSAGE: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const MOST_OPERATIONS: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Add,
    Replace,
    Remove,
}

/// One change, with its path read; one without a path is a change of each attribute in its value.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub verb: Verb,
    pub target: Target,
    pub value: Option<Value>,
}

#[derive(Debug, Clone)]
pub(super) enum Target {
    /// All that an extension adds.
    Extension(&'static Schema),
    Place {
        place: Place,
        filter: Option<Filter>,
    },
}

/// The operations of a message.
pub(super) fn read(kind: &'static Resource, message: &Value) -> Result<Vec<Operation>> {
    let Some(message) = message.as_object() else {
        return Err(bad("invalidSyntax", "a patch is a JSON object"));
    };
    says_what_it_is(message, MESSAGE)?;
    let found = message.iter().find(|(name, _)| name.eq_ignore_ascii_case("Operations"));
    let operations = found.and_then(|(_, operations)| operations.as_array()).filter(|all| !all.is_empty());
    let Some(operations) = operations else {
        return Err(bad("invalidSyntax", "a patch has a list of `Operations`"));
    };
    if operations.len() > MOST_OPERATIONS {
        return Err(bad("tooMany", format!("a patch has no more than {MOST_OPERATIONS} operations")));
    }
    let mut all = Vec::with_capacity(operations.len());
    for operation in operations {
        one(kind, operation, &mut all)?;
    }
    Ok(all)
}

fn one(kind: &'static Resource, operation: &Value, all: &mut Vec<Operation>) -> Result<()> {
    let member = |name: &str| {
        let object = operation.as_object()?;
        object.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let word = member("op").and_then(Value::as_str).unwrap_or_default();
    let verb = match word.to_ascii_lowercase().as_str() {
        "add" => Verb::Add,
        "replace" => Verb::Replace,
        "remove" => Verb::Remove,
        _ => return Err(bad("invalidSyntax", "an operation is `add`, `replace` or `remove`")),
    };
    let value = member("value").cloned();
    let path = match member("path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) if path.trim().is_empty() => None,
        Some(Value::String(path)) => Some(path),
        Some(_) => return Err(bad("invalidPath", "a path is a text")),
    };
    if verb != Verb::Remove && value.is_none() {
        return Err(bad("invalidValue", format!("`{word}` needs a value")));
    }
    let Some(path) = path else {
        return match (verb, value) {
            (Verb::Remove, _) => Err(bad("noTarget", "`remove` needs a path")),
            (_, Some(Value::Object(object))) => {
                object.into_iter().try_for_each(|(path, value)| named(kind, verb, &path, value, all))
            }
            _ => Err(bad("invalidValue", "without a path the value is an object of attributes")),
        };
    };
    let target = target(kind, path)?;
    if let Some(place) = read_only(&target) {
        return Err(bad("mutability", format!("{} is not to be written", place.dotted())));
    }
    all.push(Operation { verb, target, value });
    Ok(())
}

fn read_only(target: &Target) -> Option<Place> {
    match target {
        Target::Place { place, .. }
            if place.attribute.is_read_only() || place.sub.is_some_and(Attribute::is_read_only) =>
        {
            Some(*place)
        }
        _ => None,
    }
}

/// An attribute in the value of an operation without a path. Whole resources come so, with what is read-only.
fn named(
    kind: &'static Resource,
    verb: Verb,
    path: &str,
    value: Value,
    all: &mut Vec<Operation>,
) -> Result<()> {
    if kind.core.id.eq_ignore_ascii_case(path) {
        let Value::Object(inner) = value else {
            return Err(bad("invalidValue", "a schema has an object of attributes"));
        };
        return inner.into_iter().try_for_each(|(path, value)| named(kind, verb, &path, value, all));
    }
    let target = target(kind, path)?;
    if read_only(&target).is_none() {
        all.push(Operation { verb, target, value: Some(value) });
    }
    Ok(())
}

fn target(kind: &'static Resource, path: &str) -> Result<Target> {
    if let Some(schema) = kind.extension(path.trim()) {
        return Ok(Target::Extension(schema));
    }
    let (word, filter, sub) = read_path(path)?;
    let none = || {
        let shown: String = word.chars().take(80).collect();
        bad("invalidPath", format!("a {} has no attribute at '{shown}'", kind.name))
    };
    let mut path = Path::read(&word).ok_or_else(none)?;
    if sub.is_some() {
        if path.sub.is_some() {
            return Err(none());
        }
        path.sub = sub;
    }
    let place = path.find(kind).ok_or_else(none)?;
    if filter.is_some() && !place.attribute.multi_valued {
        let text = format!("{} has one value, and brackets choose among several", place.attribute.name);
        return Err(bad("invalidPath", text));
    }
    Ok(Target::Place { place, filter })
}
