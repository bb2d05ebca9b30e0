//! How much of a resource is shown (<https://www.rfc-editor.org/rfc/rfc7644#section-3.9>): what `attributes` names, or
//! all but what `excludedAttributes` names; id and schemas always.

use serde_json::Value;

use super::accept::Object;
use super::path::{Path, Place};
use super::refusal::{Result, bad};
use super::schema::Resource;
pub(super) use crate::http::reply::instant as moment;

/// What is asked for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Nothing for all.
    only: Option<Vec<Named>>,
    without: Vec<Named>,
}

#[derive(Debug)]
enum Named {
    Extension(&'static str),
    Place(Place),
}

const ALWAYS: [&str; 2] = ["schemas", "id"];

impl Wanted {
    pub fn new(kind: &'static Resource, attributes: &[String], excluded: &[String]) -> Result<Self> {
        if !attributes.is_empty() && !excluded.is_empty() {
            let text = "a request names the attributes it wants or those it does not, not both";
            return Err(bad("invalidValue", text));
        }
        let only = (!attributes.is_empty()).then(|| named(kind, attributes));
        Ok(Self { only, without: named(kind, excluded) })
    }

    /// Nothing but what is always shown.
    pub fn bare() -> Self {
        Self { only: Some(Vec::new()), without: Vec::new() }
    }

    pub fn is_bare(&self) -> bool {
        self.only.as_ref().is_some_and(Vec::is_empty)
    }

    /// As much of a resource as is asked for.
    pub fn shape(&self, resource: Value) -> Value {
        let Value::Object(mut resource) = resource else { return resource };
        if let Some(only) = &self.only {
            let mut kept = Object::new();
            for name in ALWAYS {
                kept.extend(resource.get(name).map(|value| (name.to_owned(), value.clone())));
            }
            for one in only {
                match one {
                    Named::Extension(urn) => {
                        kept.extend(resource.get(*urn).map(|value| ((*urn).to_owned(), value.clone())));
                    }
                    Named::Place(place) => keep(&resource, &mut kept, place),
                }
            }
            return Value::Object(kept);
        }
        for one in &self.without {
            match one {
                Named::Extension(urn) => drop(resource.shift_remove(*urn)),
                Named::Place(place) => remove(&mut resource, place),
            }
        }
        Value::Object(resource)
    }
}

/// Whether an attribute of the core schema is shown.
pub(super) fn wants(wanted: &Wanted, name: &str) -> bool {
    let is = |one: &Named, whole: bool| match one {
        Named::Place(place) => {
            place.extension.is_none() && place.attribute.name == name && (!whole || place.sub.is_none())
        }
        Named::Extension(_) => false,
    };
    match &wanted.only {
        Some(only) => only.iter().any(|one| is(one, false)),
        None => !wanted.without.iter().any(|one| is(one, true)),
    }
}

fn named(kind: &'static Resource, names: &[String]) -> Vec<Named> {
    let names = names.iter().map(|name| name.trim());
    // A name that nothing has names nothing.
    names
        .filter_map(|name| match kind.extension(name) {
            Some(schema) => Some(Named::Extension(&schema.id)),
            None => Path::read(name).and_then(|path| path.find(kind)).map(Named::Place),
        })
        .collect()
}

fn keep(resource: &Object, kept: &mut Object, place: &Place) {
    let (from, into) = match place.extension {
        None => (Some(resource), kept),
        Some(urn) => {
            let Some(from) = resource.get(urn).and_then(Value::as_object) else { return };
            let into = kept.entry(urn.to_owned()).or_insert_with(|| Value::Object(Object::new()));
            let Some(into) = into.as_object_mut() else { return };
            (Some(from), into)
        }
    };
    let name = &place.attribute.name;
    let Some(value) = from.and_then(|from| from.get(name)) else { return };
    let Some(sub) = place.sub else {
        into.insert(name.clone(), value.clone());
        return;
    };
    let part = |value: &Value| {
        let mut object = Object::new();
        object.extend(value.get(&sub.name).map(|value| (sub.name.clone(), value.clone())));
        Value::Object(object)
    };
    match (into.get_mut(name), value) {
        (None, Value::Array(list)) => {
            into.insert(name.clone(), list.iter().map(part).collect());
        }
        (None, value) => drop(into.insert(name.clone(), part(value))),
        (Some(Value::Array(kept)), Value::Array(list)) => {
            for (kept, value) in kept.iter_mut().zip(list) {
                if let (Some(kept), Value::Object(part)) = (kept.as_object_mut(), part(value)) {
                    kept.extend(part);
                }
            }
        }
        (Some(Value::Object(kept)), value) => {
            if let Value::Object(part) = part(value) {
                kept.extend(part);
            }
        }
        _ => {}
    }
}

fn remove(resource: &mut Object, place: &Place) {
    let holder = match place.extension {
        None => Some(resource),
        Some(urn) => resource.get_mut(urn).and_then(Value::as_object_mut),
    };
    let Some(holder) = holder else { return };
    let name = &place.attribute.name;
    if ALWAYS.contains(&name.as_str()) {
        return;
    }
    match (place.sub, holder.get_mut(name)) {
        (None, _) => drop(holder.shift_remove(name)),
        (Some(sub), Some(Value::Array(list))) => {
            list.iter_mut()
                .filter_map(Value::as_object_mut)
                .for_each(|one| drop(one.shift_remove(&sub.name)));
        }
        (Some(sub), Some(Value::Object(one))) => drop(one.shift_remove(&sub.name)),
        _ => {}
    }
}
