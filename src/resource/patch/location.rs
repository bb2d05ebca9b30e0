//! Where in the JSON a value is that a path has found.

use serde_json::Value;

/// From the resource down.
pub(super) type Location = Vec<Step>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

/// The place of `sought` in `root`: of the very same value, not of an equal one.
pub(super) fn locate(root: &Value, sought: &Value) -> Option<Location> {
    let mut location = Vec::new();
    descend(root, sought, &mut location).then_some(location)
}

fn descend(value: &Value, sought: &Value, location: &mut Location) -> bool {
    if std::ptr::eq(value, sought) {
        return true;
    }
    let step = |location: &mut Location, step: Step, child: &Value| {
        location.push(step);
        let found = descend(child, sought, location);
        if !found {
            location.pop();
        }
        found
    };
    match value {
        Value::Object(members) => {
            members.iter().any(|(name, child)| step(location, Step::Name(name.clone()), child))
        }
        Value::Array(list) => {
            list.iter().enumerate().any(|(index, child)| step(location, Step::Index(index), child))
        }
        _ => false,
    }
}

pub(super) fn at<'v>(root: &'v mut Value, location: &[Step]) -> Option<&'v mut Value> {
    location.iter().try_fold(root, |value, step| match step {
        Step::Name(name) => value.get_mut(name),
        Step::Index(index) => value.get_mut(index),
    })
}

/// Takes out what is there, and with it every object and list that is left with nothing: FHIR has none such.
pub(super) fn remove(root: &mut Value, location: &[Step]) {
    let mut location = location;
    while let Some((last, parent)) = location.split_last() {
        let Some(holder) = at(root, parent) else { return };
        let emptied = match (holder, last) {
            (Value::Object(members), Step::Name(name)) => {
                members.shift_remove(name);
                members.shift_remove(&format!("_{name}"));
                members.is_empty()
            }
            (Value::Array(list), Step::Index(index)) if *index < list.len() => {
                list.remove(*index);
                let bare = list.iter().all(Value::is_null);
                shadow(root, parent, |list| {
                    if *index < list.len() {
                        list.remove(*index);
                    }
                });
                bare
            }
            _ => return,
        };
        if !emptied {
            return;
        }
        location = parent;
    }
}

/// Does to the shadows of a list of primitives what was done to the list.
pub(super) fn shadow(root: &mut Value, list: &[Step], change: impl FnOnce(&mut Vec<Value>)) {
    let Some((Step::Name(name), parent)) = list.split_last() else { return };
    let beside = at(root, parent).and_then(|holder| holder.get_mut(format!("_{name}")));
    if let Some(Value::Array(beside)) = beside {
        change(beside);
    }
}
