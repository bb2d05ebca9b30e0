//! Follows names through the JSON.
//! Clause: <https://hl7.org/fhirpath/N1/#path-selection>, <https://hl7.org/fhir/R4/fhirpath.html#polymorphism>.

use super::error::EvalError;
use super::evaluate::{Evaluator, Outcome};
use super::item::{Item, Items};
use super::node::Node;
use super::tree::Step;
use super::types::{Element, Type, Types};
use serde_json::{Map, Value};
use std::borrow::Cow;

impl<'a> Evaluator<'a, '_> {
    /// Follows the names from each item. Where the path starts at the input itself, its first name
    /// may be the type of the input instead of an element.
    pub(super) fn path(&self, from: &[Item<'a>], steps: &'a [Step], leading: bool) -> Outcome<'a> {
        let mut found = Vec::new();
        for item in from {
            let steps = match steps.split_first() {
                Some((first, rest)) if leading && self.names_type(first, item) => rest,
                _ => steps,
            };
            match item {
                Item::Node(node) => self.walk(*node, steps, &mut found)?,
                other if steps.is_empty() => found.push(other.clone()),
                other => computed_member(other, steps, &mut found),
            }
        }
        Ok(found)
    }

    fn names_type(&self, step: &Step, item: &Item<'a>) -> bool {
        if !step.capital {
            return false;
        }
        let Item::Node(node) = item else {
            return false;
        };
        match node.type_name() {
            Some(own) if own == step.name => true,
            Some(own) => {
                let any_resource = matches!(step.name.as_str(), "Resource" | "DomainResource");
                self.types.is_subtype(own, &step.name) || any_resource && !self.types.knows(own)
            }
            None => false,
        }
    }

    fn walk(&self, node: Node<'a>, steps: &'a [Step], found: &mut Items<'a>) -> Result<(), EvalError> {
        self.spend(1)?;
        let Some((step, rest)) = steps.split_first() else {
            found.push(Item::Node(node));
            return Ok(());
        };
        let Some(object) = node.object() else {
            return self.value_of(node, step, rest, found);
        };
        // The extensions of a primitive have the shape of an Element.
        let kind = match node.value {
            Value::Object(_) => node.kind,
            _ => self.types.get("Element"),
        };
        let Some(kind) = kind.filter(|kind| kind.has_shape()) else {
            if step.name == "value" && !node.value.is_object() {
                return self.value_of(node, step, rest, found);
            }
            return self.untyped(object, step, rest, found);
        };
        match self.types.find(kind, &step.name) {
            Some(element) if element.choice => {
                self.spend(object.len() as u64 / 8)?;
                for (key, value) in object {
                    let key = key.strip_prefix('_').unwrap_or(key);
                    let Some(suffix) = key.strip_prefix(step.name.as_str()) else {
                        continue;
                    };
                    let option = element.options.iter().find(|(own, _)| own == suffix);
                    let Some((_, index)) = option else {
                        continue;
                    };
                    let extra = self.extra_of(object, key);
                    let plain = object.get(key);
                    // With both `valueX` and `_valueX` there, the first to come speaks for both.
                    let first = plain.is_none_or(|plain| std::ptr::eq(plain, value));
                    if first {
                        let kind = self.types.at(*index);
                        self.children(plain, extra, kind, rest, found)?;
                    }
                }
                Ok(())
            }
            Some(element) => {
                let kind = declared(self.types, element);
                let extra = object.get(&step.extra);
                self.children(object.get(&step.name), extra, kind, rest, found)
            }
            None if step.name == "value" => self.value_of(node, step, rest, found),
            None if kind.name == "Element" => self.untyped(object, step, rest, found),
            None => Ok(()),
        }
    }

    /// The sibling that holds the extensions of a primitive.
    pub(super) fn extra_of(&self, object: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
        object.get(&format!("_{key}"))
    }

    /// `value` on a primitive is the System value behind it.
    fn value_of(
        &self,
        node: Node<'a>,
        step: &Step,
        rest: &[Step],
        found: &mut Items<'a>,
    ) -> Result<(), EvalError> {
        if step.name == "value" && rest.is_empty() && node.has_value() {
            found.extend(node.system());
        }
        Ok(())
    }

    /// Without a declared type the name is looked up as it is written, and then as a choice.
    fn untyped(
        &self,
        object: &'a Map<String, Value>,
        step: &'a Step,
        rest: &'a [Step],
        found: &mut Items<'a>,
    ) -> Result<(), EvalError> {
        let (value, extra) = (object.get(&step.name), object.get(&step.extra));
        if value.is_some() || extra.is_some() {
            let kind = match step.name.as_str() {
                "extension" | "modifierExtension" => self.types.get("Extension"),
                _ => None,
            };
            return self.children(value, extra, kind, rest, found);
        }
        self.spend(object.len() as u64 / 8)?;
        for (key, value) in object {
            let Some(suffix) = key.strip_prefix(step.name.as_str()) else {
                continue;
            };
            let Some(kind) = self.suffix(suffix) else {
                continue;
            };
            self.children(Some(value), self.extra_of(object, key), Some(kind), rest, found)?;
        }
        Ok(())
    }

    /// The type whose name ends the name of a choice.
    fn suffix(&self, suffix: &str) -> Option<&'a Type> {
        if !suffix.starts_with(|letter: char| letter.is_ascii_uppercase()) {
            return None;
        }
        let known = self.types.get(suffix).filter(|_| self.types.knows(suffix));
        known.or_else(|| {
            let mut letters = suffix.chars();
            let first = letters.next()?.to_ascii_lowercase();
            let small: String = std::iter::once(first).chain(letters).collect();
            self.types.get(&small).filter(|kind| kind.primitive.is_some())
        })
    }

    /// Goes on from what a property holds, one or many.
    fn children(
        &self,
        value: Option<&'a Value>,
        extra: Option<&'a Value>,
        kind: Option<&'a Type>,
        rest: &'a [Step],
        found: &mut Items<'a>,
    ) -> Result<(), EvalError> {
        for node in spread(self.types, value, extra, kind) {
            self.walk(node, rest, found)?;
        }
        Ok(())
    }
}

/// The nodes a property holds, each with its sibling.
pub(super) fn spread<'a>(
    types: &'a Types,
    value: Option<&'a Value>,
    extra: Option<&'a Value>,
    kind: Option<&'a Type>,
) -> impl Iterator<Item = Node<'a>> {
    let (values, extras) = (list(value), list(extra));
    (0..values.len().max(extras.len())).filter_map(move |place| {
        let there = |value: &&Value| !value.is_null();
        let value = values.get(place).filter(there);
        let extra = extras.get(place).filter(there);
        (value.is_some() || extra.is_some()).then(|| Node::new(types, value, extra, kind))
    })
}

fn list(value: Option<&Value>) -> &[Value] {
    match value {
        None => &[],
        Some(Value::Array(values)) => values,
        Some(value) => std::slice::from_ref(value),
    }
}

fn declared<'a>(types: &'a Types, element: &Element) -> Option<&'a Type> {
    let (_, index) = element.options.first()?;
    types.at(*index)
}

/// The few members that computed values have.
fn computed_member<'a>(item: &Item<'a>, steps: &[Step], found: &mut Items<'a>) {
    let [step] = steps else {
        return;
    };
    match (item, step.name.as_str()) {
        (Item::Type { namespace, .. }, "namespace") => {
            found.push(Item::String(Cow::Borrowed(namespace)));
        }
        (Item::Type { name, .. }, "name") => found.push(Item::String(name.clone())),
        (Item::Quantity(quantity), "value") => found.push(Item::Decimal(quantity.value)),
        (Item::Quantity(quantity), "unit") => found.push(Item::String(quantity.unit.clone())),
        _ => {}
    }
}
