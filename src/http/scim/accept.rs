//! What clients send, spelled as the schema has it: names in any case, booleans as texts, keys with dots or a URN in
//! them, one value where there may be several. What is read-only or of a schema that nobody here knows is passed over
//! (<https://www.rfc-editor.org/rfc/rfc7644#section-3.3>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::filter::truth;
use super::path::{Path, Place};
use super::refusal::{Result, bad};
use super::schema::{Attribute, Kind, Resource};

pub(super) type Object = Map<String, Value>;

/// A whole resource, of a POST or a PUT.
pub(super) fn resource(kind: &'static Resource, sent: &Value) -> Result<Object> {
    let Some(sent) = sent.as_object() else {
        return Err(bad("invalidSyntax", "a resource is a JSON object"));
    };
    says_what_it_is(sent, &kind.core.id)?;
    let mut accepted = Object::new();
    for (name, value) in sent {
        match (kind.schema(name), value) {
            (Some(schema), Value::Object(inner)) => {
                let own = kind.extension(&schema.id).map(|schema| schema.id.as_str());
                for (name, value) in inner {
                    let Some(attribute) = schema.find(name) else { continue };
                    put(&mut accepted, Place { extension: own, attribute, sub: None }, value)?;
                }
            }
            _ => {
                if let Some(place) = Path::read(name).and_then(|path| path.find(kind)) {
                    put(&mut accepted, place, value)?;
                }
            }
        }
    }
    complete(kind, &accepted)?;
    Ok(accepted)
}

/// Fails where something that must be there is not.
pub(super) fn complete(kind: &'static Resource, resource: &Object) -> Result<()> {
    match kind.core.attributes.iter().find(|one| one.required && !resource.contains_key(&one.name)) {
        Some(missing) => Err(bad("invalidValue", format!("a {} has a {}", kind.name, missing.name))),
        None => Ok(()),
    }
}

/// Fails where `schemas` is there and does not name this one.
pub(super) fn says_what_it_is(sent: &Object, urn: &str) -> Result<()> {
    let said = sent.iter().find(|(name, _)| name.eq_ignore_ascii_case("schemas"));
    let Some((_, schemas)) = said else { return Ok(()) };
    let names = |one: &Value| one.as_str().is_some_and(|one| one.eq_ignore_ascii_case(urn));
    match schemas.as_array().is_some_and(|all| all.iter().any(names)) {
        true => Ok(()),
        false => Err(bad("invalidSyntax", format!("`schemas` does not name {urn}"))),
    }
}

fn put(accepted: &mut Object, place: Place, value: &Value) -> Result<()> {
    if place.attribute.is_read_only() || place.sub.is_some_and(Attribute::is_read_only) {
        return Ok(());
    }
    let holder = match place.extension {
        Some(urn) => match accepted.entry(urn.to_owned()).or_insert_with(|| Value::Object(Object::new())) {
            Value::Object(object) => object,
            _ => return Ok(()),
        },
        None => accepted,
    };
    let name = &place.attribute.name;
    match place.sub {
        None => {
            if let Some(value) = attribute(place.attribute, value)? {
                holder.insert(name.clone(), value);
            }
        }
        Some(sub) => {
            let Some(value) = attribute(sub, value)? else { return Ok(()) };
            match holder.entry(name.clone()).or_insert_with(|| Value::Object(Object::new())) {
                Value::Object(object) => drop(object.insert(sub.name.clone(), value)),
                _ => {
                    let text = format!("{name} has several values; say which one's {} it is", sub.name);
                    return Err(bad("invalidPath", text));
                }
            }
        }
    }
    if let Some(urn) = place.extension
        && accepted.get(urn).and_then(Value::as_object).is_some_and(Object::is_empty)
    {
        accepted.shift_remove(urn);
    }
    Ok(())
}

/// The value of an attribute; nothing where it has none (<https://www.rfc-editor.org/rfc/rfc7643#section-2.5>).
pub(super) fn attribute(attribute: &'static Attribute, value: &Value) -> Result<Option<Value>> {
    if !attribute.multi_valued {
        return one(attribute, value);
    }
    let single = [value.clone()];
    let list = value.as_array().map_or(single.as_slice(), Vec::as_slice);
    let mut values = Vec::with_capacity(list.len());
    for value in list {
        values.extend(one(attribute, value)?);
    }
    let preferred = values.iter().filter(|value| value.get("primary") == Some(&Value::Bool(true))).count();
    if preferred > 1 {
        return Err(bad("invalidValue", format!("of {} one is primary, not {preferred}", attribute.name)));
    }
    Ok((!values.is_empty()).then_some(Value::Array(values)))
}

/// One value.
pub(super) fn one(attribute: &'static Attribute, value: &Value) -> Result<Option<Value>> {
    let name = &attribute.name;
    Ok(match (attribute.kind, value) {
        (_, Value::Null) => None,
        (Kind::String | Kind::Reference | Kind::Binary, Value::String(text)) if text.trim().is_empty() => {
            None
        }
        (Kind::String | Kind::Reference, Value::String(_)) => Some(value.clone()),
        (Kind::String, Value::Number(number)) => Some(Value::String(number.to_string())),
        (Kind::Binary, Value::String(text)) => match STANDARD.decode(text) {
            Ok(_) => Some(value.clone()),
            Err(_) => return Err(bad("invalidValue", format!("{name} is in base64"))),
        },
        (Kind::Boolean, value) => match truth(value) {
            Some(truth) => Some(Value::Bool(truth)),
            None => return Err(bad("invalidValue", format!("{name} is true or false"))),
        },
        (Kind::Complex, Value::Object(sent)) => {
            let mut object = Object::new();
            for (name, value) in sent {
                let Some(sub) = attribute.sub(name).filter(|sub| !sub.is_read_only()) else { continue };
                if let Some(value) = self::attribute(sub, value)? {
                    object.insert(sub.name.clone(), value);
                }
            }
            (!object.is_empty()).then_some(Value::Object(object))
        }
        (Kind::Complex, Value::String(text)) => match attribute.sub("value") {
            Some(_) if text.trim().is_empty() => None,
            Some(sub) => {
                one(sub, value)?.map(|value| Value::Object(Object::from_iter([(sub.name.clone(), value)])))
            }
            None => return Err(bad("invalidValue", format!("{name} is an object"))),
        },
        _ => return Err(bad("invalidValue", format!("{name} has no such value"))),
    })
}
