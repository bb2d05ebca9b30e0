//! Operations on an attribute of several values: all of them, those that a filter picks, or a part of those
//! (<https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2.1>).

use serde_json::Value;

use super::super::accept::{Object, attribute, one};
use super::super::filter::{Filter, Op};
use super::super::path::Place;
use super::super::refusal::{Result, bad};
use super::super::schema::{Attribute, Kind};
use super::Verb;
use super::apply::{merge, object, set};

/// The values after one operation.
pub(super) fn several(
    mut list: Vec<Value>,
    place: Place,
    filter: Option<&Filter>,
    verb: Verb,
    value: Option<&Value>,
) -> Result<Vec<Value>> {
    let Place { attribute: target, sub, .. } = place;
    let given = value.filter(|_| verb != Verb::Remove);
    let Some(filter) = filter else { return all(list, place, verb, value) };
    let mut picked = Vec::new();
    for (place, value) in list.iter().enumerate() {
        if filter.picks(target, value).map_err(|refusal| refusal.worded("invalidPath"))? {
            picked.push(place);
        }
    }
    if verb == Verb::Remove && sub.is_none() {
        let mut place = 0;
        list.retain(|_| {
            place += 1;
            !picked.contains(&(place - 1))
        });
        return Ok(list);
    }
    if picked.is_empty() && verb == Verb::Remove {
        return Ok(list);
    }
    if picked.is_empty() {
        // Entra ID names by its type a value that is not there yet.
        let mut new = Object::new();
        if !described(filter, target, &mut new)? {
            return Err(bad("noTarget", format!("no value of {} meets the filter", target.name)));
        }
        picked.push(list.len());
        list.push(Value::Object(new));
    }
    match sub {
        Some(sub) => each(list, &picked, sub, given),
        None => {
            let new = value.map(|value| one(target, value)).transpose()?.flatten();
            let Some(new) = new.and_then(object) else {
                return Err(bad("invalidValue", format!("a value of {} is an object", target.name)));
            };
            for &place in &picked {
                if let Some(old) = list[place].as_object_mut() {
                    merge(target, old, new.clone(), value);
                }
            }
            Ok(prefer(list, &picked))
        }
    }
}

/// Without a filter all values are meant.
fn all(mut list: Vec<Value>, place: Place, verb: Verb, value: Option<&Value>) -> Result<Vec<Value>> {
    let Place { attribute: target, sub, .. } = place;
    if let Some(sub) = sub {
        if list.is_empty() && verb != Verb::Remove {
            list.push(Value::Object(Object::new()));
        }
        let all: Vec<usize> = (0..list.len()).collect();
        return each(list, &all, sub, value.filter(|_| verb != Verb::Remove));
    }
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(Vec::new()) };
    let new = match attribute(target, value)? {
        Some(Value::Array(new)) => new,
        _ => Vec::new(),
    };
    match verb {
        Verb::Replace => return Ok(new),
        Verb::Remove => list.retain(|value| !new.iter().any(|named| names(named, value))),
        Verb::Add => {
            for value in new {
                let same = list.iter().position(|old| old == &value || is_same(old, &value));
                let place = match same {
                    Some(place) => {
                        list[place] = value;
                        place
                    }
                    None => {
                        list.push(value);
                        list.len() - 1
                    }
                };
                list = prefer(list, &[place]);
            }
        }
    }
    Ok(list)
}

/// Sets, or takes away, a part of some of the values.
fn each(
    mut list: Vec<Value>,
    places: &[usize],
    sub: &'static Attribute,
    value: Option<&Value>,
) -> Result<Vec<Value>> {
    for &place in places {
        if let Some(object) = list[place].as_object_mut() {
            set(object, sub, value)?;
        }
    }
    let list = prefer(list, places);
    Ok(list.into_iter().filter(|value| value.as_object().is_none_or(|object| !object.is_empty())).collect())
}

fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

/// If one of these is the preferred value now, no other is.
fn prefer(mut list: Vec<Value>, places: &[usize]) -> Vec<Value> {
    if let Some(first) = places.iter().copied().find(|place| is_primary(&list[*place])) {
        for (place, value) in list.iter_mut().enumerate() {
            if place != first && is_primary(value) {
                value["primary"] = Value::Bool(false);
            }
        }
    }
    list
}

/// Whether two values are one but for what is said of it: the same type and the same value.
fn is_same(one: &Value, other: &Value) -> bool {
    one.get("value").is_some()
        && one.get("value") == other.get("value")
        && one.get("type") == other.get("type")
}

/// An object names a value by all it says.
fn names(named: &Value, value: &Value) -> bool {
    match (named, value) {
        (Value::Object(named), Value::Object(value)) => {
            named.iter().all(|(name, said)| value.get(name) == Some(said))
        }
        (named, value) => named == value,
    }
}

/// The value that a filter of equalities describes.
fn described(filter: &Filter, target: &'static Attribute, new: &mut Object) -> Result<bool> {
    match filter {
        Filter::All(all) => {
            for one in all {
                if !described(one, target, new)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Filter::Compare(path, Op::Equal, value) if path.urn.is_none() && path.sub.is_none() => {
            let Some(sub) = target.sub(&path.name).filter(|sub| sub.kind != Kind::Complex) else {
                return Ok(false);
            };
            set(new, sub, Some(value))?;
            Ok(true)
        }
        _ => Ok(false),
    }
}
