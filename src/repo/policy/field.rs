//! Elements that a policy hides or fixes, as paths below a resource: cut out of its JSON, and put back into it.

use serde_json::{Map, Value};

use crate::definitions::ResourceType;

type Object = Map<String, Value>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The element at the top, without `[x]`.
    element: String,
    /// Its properties in JSON, one a type of a choice, each with the one beside it.
    properties: Vec<String>,
    /// The way down from there.
    below: Vec<String>,
}

impl Field {
    /// `birthDate`, `name.family`, `deceased[x]`; with the name of the type before it, too. Nothing for what every
    /// resource must show.
    pub fn parse(resource: &ResourceType, path: &str) -> Option<Self> {
        let path = path.strip_prefix(&format!("{}.", resource.name)).unwrap_or(path);
        let mut steps = path.split('.').map(|step| step.trim().trim_end_matches("[x]"));
        let first = steps.next().filter(|first| !matches!(*first, "" | "id" | "resourceType"))?;
        let elements = &resource.structure.root().elements;
        let found = elements.iter().find(|element| {
            element.name == first || element.types.iter().any(|option| option.property == first)
        });
        let (element, properties) = match found {
            Some(element) => {
                let own =
                    element.types.iter().filter(|option| element.name == first || option.property == first);
                let both = own.flat_map(|option| [option.property.clone(), option.shadow.clone()]);
                (element.name.clone(), both.collect())
            }
            None => (first.to_owned(), vec![first.to_owned(), format!("_{first}")]),
        };
        Some(Self { element, properties, below: steps.map(str::to_owned).collect() })
    }

    /// Whether there is such an element that may be hidden or fixed.
    pub fn is_known(resource: &ResourceType, path: &str) -> bool {
        Self::parse(resource, path).is_some_and(|field| {
            resource.structure.root().elements.iter().any(|element| element.name == field.element)
        })
    }

    /// Whether an expression may read it. Only what is sure not to is let pass.
    pub fn is_read_by(&self, expression: &str) -> bool {
        let goes_everywhere = ["children", "descendants", "repeat", "\\"];
        if goes_everywhere.iter().any(|word| expression.contains(word)) {
            return true;
        }
        let names = |text: &str| text.starts_with(|char: char| char.is_alphanumeric() || char == '_');
        let mut rest = expression;
        while let Some(place) = rest.find(self.element.as_str()) {
            let before = rest[..place].chars().next_back();
            let after = &rest[place + self.element.len()..];
            rest = after;
            if before.is_some_and(|char| char.is_alphanumeric() || char == '_') || names(after) {
                continue;
            }
            let Some(wanted) = self.below.first() else { return true };
            // The step after it, where that is plainly another element.
            let Some(next) = after.strip_prefix('.') else { return true };
            let end = next.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(next.len());
            if next[..end] == *wanted || next[end..].starts_with('(') || end == 0 {
                return true;
            }
        }
        false
    }

    pub fn element(&self) -> &str {
        &self.element
    }

    /// Takes it out. Nothing empty is left behind.
    pub fn cut(&self, resource: &mut Value) {
        if let Some(object) = resource.as_object_mut() {
            cut(object, &self.properties, &self.below);
        }
    }

    /// Makes it what it was, whatever it was made meanwhile.
    pub fn restore(&self, old: Option<&Value>, new: &mut Value) {
        if let Some(new) = new.as_object_mut() {
            restore(old.and_then(Value::as_object), new, &self.properties, &self.below);
        }
    }
}

fn both(name: &str) -> Vec<String> {
    vec![name.to_owned(), format!("_{name}")]
}

fn cut(object: &mut Object, names: &[String], below: &[String]) {
    let Some((next, rest)) = below.split_first() else {
        names.iter().for_each(|name| drop(object.shift_remove(name)));
        return;
    };
    for name in names {
        let Some(value) = object.get_mut(name) else { continue };
        match value {
            Value::Object(inner) => cut(inner, &both(next), rest),
            Value::Array(list) => {
                list.iter_mut().filter_map(Value::as_object_mut).for_each(|one| cut(one, &both(next), rest));
                list.retain(|one| one.as_object().is_none_or(|one| !one.is_empty()));
            }
            _ => {}
        }
        let empty = match value {
            Value::Object(inner) => inner.is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => false,
        };
        if empty {
            object.shift_remove(name);
        }
    }
}

/// Nothing but the field.
fn only(object: &Object, names: &[String], below: &[String]) -> Object {
    let own = object.iter().filter(|(name, _)| names.contains(name));
    let Some((next, rest)) = below.split_first() else {
        return own.map(|(name, value)| (name.clone(), value.clone())).collect();
    };
    let inner =
        |value: &Value| Some(only(value.as_object()?, &both(next), rest)).filter(|one| !one.is_empty());
    let mut kept = Object::new();
    for (name, value) in own {
        let part = match value {
            Value::Array(list) => {
                let parts: Vec<Value> = list.iter().filter_map(inner).map(Value::Object).collect();
                (!parts.is_empty()).then_some(Value::Array(parts))
            }
            other => inner(other).map(Value::Object),
        };
        kept.extend(part.map(|part| (name.clone(), part)));
    }
    kept
}

fn restore(old: Option<&Object>, new: &mut Object, names: &[String], below: &[String]) {
    let Some((next, rest)) = below.split_first() else {
        cut(new, names, &[]);
        if let Some(old) = old {
            new.extend(only(old, names, &[]));
        }
        return;
    };
    let inside = both(next);
    for name in names {
        let before = old.and_then(|old| old.get(name));
        match new.get_mut(name) {
            Some(Value::Object(after)) => {
                restore(before.and_then(Value::as_object), after, &inside, rest);
                if after.is_empty() {
                    new.shift_remove(name);
                }
            }
            Some(Value::Array(after)) => {
                let before = before.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                restore_list(before, after, &inside, rest);
                after.retain(|one| one.as_object().is_none_or(|one| !one.is_empty()));
                if after.is_empty() {
                    new.shift_remove(name);
                }
            }
            Some(_) => {}
            None => {
                let part = before.map(|before| Object::from_iter([(name.clone(), before.clone())]));
                new.extend(
                    part.map(|part| only(&part, std::slice::from_ref(name), below)).unwrap_or_default(),
                );
            }
        }
    }
}

/// What was in a list is known again by what is seen of it, or else by its place. What is not, leaves the field behind.
fn restore_list(before: &[Value], after: &mut Vec<Value>, names: &[String], below: &[String]) {
    let seen = |value: &Value| {
        let mut object = value.as_object().cloned().unwrap_or_default();
        cut(&mut object, names, below);
        object
    };
    let views: Vec<Object> = before.iter().map(seen).collect();
    let mut taken = vec![false; before.len()];
    let mut pairs: Vec<Option<usize>> = vec![None; after.len()];
    for (place, one) in after.iter().enumerate() {
        let view = seen(one);
        let free = |old: &usize| !taken[*old] && views[*old] == view;
        let found = Some(place).filter(|place| *place < before.len()).filter(free);
        pairs[place] = found.or_else(|| (0..before.len()).find(free));
        if let Some(old) = pairs[place] {
            taken[old] = true;
        }
    }
    if before.len() == after.len() {
        for (place, pair) in pairs.iter_mut().enumerate() {
            if pair.is_none() && !taken[place] {
                (*pair, taken[place]) = (Some(place), true);
            }
        }
    }
    for (one, pair) in after.iter_mut().zip(&pairs) {
        if let Some(one) = one.as_object_mut() {
            restore(pair.and_then(|pair| before[pair].as_object()), one, names, below);
        }
    }
    for (place, old) in before.iter().enumerate().filter(|(place, _)| !taken[*place]) {
        let left = old.as_object().map(|old| only(old, names, below)).unwrap_or_default();
        if !left.is_empty() {
            after.insert(place.min(after.len()), Value::Object(left));
        }
    }
}
