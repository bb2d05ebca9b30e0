//! What operations make of a resource. All of them are done or none: what comes of it is a new resource.

use serde_json::Value;

use super::super::accept::{Object, attribute, complete};
use super::super::path::Place;
use super::super::refusal::{Result, bad};
use super::super::schema::{Attribute, Resource, Schema};
use super::several::several;
use super::{Operation, Target, Verb};
use crate::http::scim::filter::Filter;

/// The resource after the operations.
pub(in super::super) fn apply(
    kind: &'static Resource,
    mut resource: Object,
    operations: &[Operation],
) -> Result<Object> {
    for Operation { verb, target, value } in operations {
        match target {
            Target::Extension(schema) => extension(&mut resource, schema, *verb, value.as_ref())?,
            Target::Place { place, filter } => {
                let mut inner = match place.extension {
                    Some(urn) => resource.shift_remove(urn).and_then(object).unwrap_or_default(),
                    None => std::mem::take(&mut resource),
                };
                at(&mut inner, *place, filter.as_ref(), *verb, value.as_ref())?;
                match place.extension {
                    Some(_) if inner.is_empty() => {}
                    Some(urn) => drop(resource.insert(urn.to_owned(), Value::Object(inner))),
                    None => resource = inner,
                }
            }
        }
    }
    complete(kind, &resource)?;
    Ok(resource)
}

pub(super) fn object(value: Value) -> Option<Object> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

fn extension(
    resource: &mut Object,
    schema: &'static Schema,
    verb: Verb,
    value: Option<&Value>,
) -> Result<()> {
    if verb == Verb::Remove {
        resource.shift_remove(&schema.id);
        return Ok(());
    }
    let Some(Value::Object(sent)) = value else {
        return Err(bad("invalidValue", "an extension is an object"));
    };
    let mut inner = resource.shift_remove(&schema.id).and_then(object).unwrap_or_default();
    for (name, value) in sent.iter().filter(|(name, _)| *name != "schemas") {
        let none = || bad("invalidPath", format!("the extension has no attribute {name}"));
        let attribute = schema.find(name).ok_or_else(none)?;
        at(&mut inner, Place { extension: None, attribute, sub: None }, None, verb, Some(value))?;
    }
    if !inner.is_empty() {
        resource.insert(schema.id.clone(), Value::Object(inner));
    }
    Ok(())
}

/// One operation on an attribute of `holder`.
fn at(
    holder: &mut Object,
    place: Place,
    filter: Option<&Filter>,
    verb: Verb,
    value: Option<&Value>,
) -> Result<()> {
    let Place { attribute: target, sub, .. } = place;
    if target.multi_valued {
        let list = match holder.shift_remove(&target.name) {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        let list = several(list, place, filter, verb, value)?;
        if !list.is_empty() {
            holder.insert(target.name.clone(), Value::Array(list));
        }
        return Ok(());
    }
    let given = value.filter(|_| verb != Verb::Remove);
    let before = || holder.get(&target.name).cloned().and_then(object).unwrap_or_default();
    if let Some(sub) = sub {
        let mut old = before();
        set(&mut old, sub, given)?;
        keep(holder, target, old);
        return Ok(());
    }
    let found = match given {
        Some(value) => attribute(target, value)?,
        None => None,
    };
    match found {
        None if target.required => return Err(bad("mutability", format!("{} must be there", target.name))),
        None => drop(holder.shift_remove(&target.name)),
        // A complex value keeps what is not said of it.
        Some(Value::Object(new)) => {
            let mut old = before();
            merge(target, &mut old, new, value);
            keep(holder, target, old);
        }
        Some(value) => drop(holder.insert(target.name.clone(), value)),
    }
    Ok(())
}

fn keep(holder: &mut Object, target: &Attribute, value: Object) {
    match value.is_empty() {
        true => drop(holder.shift_remove(&target.name)),
        false => drop(holder.insert(target.name.clone(), Value::Object(value))),
    }
}

pub(super) fn set(object: &mut Object, sub: &'static Attribute, value: Option<&Value>) -> Result<()> {
    let found = match value {
        Some(value) => attribute(sub, value)?,
        None => None,
    };
    match found {
        Some(value) => drop(object.insert(sub.name.clone(), value)),
        None => drop(object.shift_remove(&sub.name)),
    }
    Ok(())
}

/// What is sent takes the place of what was there; what is sent as null goes.
pub(super) fn merge(target: &Attribute, old: &mut Object, new: Object, sent: Option<&Value>) {
    for (name, value) in sent.and_then(Value::as_object).into_iter().flatten() {
        if let Some(sub) = target.sub(name).filter(|_| value.is_null()) {
            old.shift_remove(&sub.name);
        }
    }
    old.extend(new);
}
