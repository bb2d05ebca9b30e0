//! FHIRPath Patch (<https://hl7.org/fhir/R4/fhirpatch.html>): each operation sees what those before it left.

use serde_json::Value;

use super::location::{Location, Step, at, locate, remove, shadow};
use super::operation::{Kind, Operation};
use super::value::{Fitted, Given, put};
use crate::definitions::{Definitions, Element, Node, Structure};
use crate::error::{Error, Result, invalid};
use crate::fhirpath::{Context, Item};

pub(super) fn apply(operations: &[Operation], definitions: &Definitions, resource: &mut Value) -> Result<()> {
    for (place, operation) in operations.iter().enumerate() {
        one(operation, definitions, resource)
            .map_err(|error| error.at(format!("Parameters.parameter[{place}]")))?;
    }
    Ok(())
}

/// A value that the path found.
struct Found {
    location: Location,
    /// `HumanName`, `Patient.contact`.
    kind: String,
}

fn one(operation: &Operation, definitions: &Definitions, resource: &mut Value) -> Result<()> {
    let found = find(operation, definitions, resource)?;
    let unfit = |text: String| -> Error { invalid(text).coded("processing") };
    let single = |found: Vec<Found>| -> Result<Found> {
        let count = found.len();
        let mut found = found.into_iter();
        match (found.next(), count) {
            (Some(found), 1) => Ok(found),
            (None, _) => Err(unfit(format!("nothing is found at '{}'", operation.text))),
            _ => Err(unfit(format!("'{}' finds more than one", operation.text))),
        }
    };
    match &operation.kind {
        Kind::Add { name, value } => add(definitions, resource, &single(found)?, name, value),
        Kind::Delete if found.is_empty() => Ok(()),
        Kind::Delete => {
            let found = single(found)?;
            if found.location.is_empty() {
                return Err(unfit("a patch does not delete the resource itself".to_owned()));
            }
            remove(resource, &found.location);
            Ok(())
        }
        Kind::Replace { value } => replace(definitions, resource, &single(found)?, value),
        Kind::Insert { index, value } => {
            let list = list_of(&found, &operation.text)?;
            if *index > found.len() {
                return Err(unfit(format!(
                    "the list has {} elements; there is no place {index}",
                    found.len()
                )));
            }
            let (structure, element) = element(definitions, resource, &list)?;
            let Fitted { value, shadow: beside, .. } = value.fitted(definitions, structure, element)?;
            let length = found.len();
            if let Some(Value::Array(list)) = at(resource, &list) {
                list.insert(*index, value.unwrap_or_default());
            }
            shadow(resource, &list, |list| {
                list.resize(length, Value::Null);
                list.insert(*index, beside.unwrap_or_default());
            });
            Ok(())
        }
        Kind::Move { source, destination } => {
            let list = list_of(&found, &operation.text)?;
            let length = found.len();
            if *source >= length || *destination >= length {
                return Err(unfit(format!("the list has only {length} elements")));
            }
            let turn = |list: &mut Vec<Value>| {
                list.resize(length, Value::Null);
                let moved = list.remove(*source);
                list.insert(*destination, moved);
            };
            if let Some(Value::Array(list)) = at(resource, &list) {
                turn(list);
            }
            shadow(resource, &list, turn);
            Ok(())
        }
    }
}

fn find(operation: &Operation, definitions: &Definitions, resource: &Value) -> Result<Vec<Found>> {
    let context = Context::new(&definitions.types).resource(resource);
    let items = operation.path.evaluate(&context, resource).map_err(|cause| {
        invalid(format!("the path '{}' cannot be followed", operation.text))
            .coded("processing")
            .because(cause)
    })?;
    let found = items.iter().map(|item| {
        let place = match item {
            Item::Node(node) => place(resource, node).zip(node.type_name()),
            _ => None,
        };
        place.map(|(location, kind)| Found { location, kind: kind.to_owned() }).ok_or_else(|| {
            let text = format!("what '{}' finds is no element of the resource", operation.text);
            invalid(text).coded("processing")
        })
    });
    found.collect()
}

/// Where a node is; one of which only the extensions are there is where its value would be.
fn place(resource: &Value, node: &crate::fhirpath::Node) -> Option<Location> {
    locate(resource, node.value).or_else(|| {
        let mut location = locate(resource, node.extra?)?;
        let name = location.iter_mut().rev().find_map(|step| match step {
            Step::Name(name) => Some(name),
            Step::Index(_) => None,
        })?;
        *name = name.strip_prefix('_')?.to_owned();
        Some(location)
    })
}

fn add(
    definitions: &Definitions,
    resource: &mut Value,
    found: &Found,
    name: &str,
    value: &Given,
) -> Result<()> {
    let nothing =
        || -> Error { invalid(format!("{} has no element '{name}'", found.kind)).coded("structure") };
    let (structure, node) = node(definitions, &found.kind).ok_or_else(nothing)?;
    let element = node.element(name).ok_or_else(nothing)?;
    let fitted = value.fitted(definitions, structure, element)?;
    match at(resource, &found.location) {
        Some(Value::Object(object)) => put(object, element, fitted),
        // A primitive keeps its id and extensions beside it.
        Some(_) => {
            let Some((Step::Name(own), parent)) = found.location.split_last() else {
                return Err(invalid("an element of a list of primitives takes nothing").coded("processing"));
            };
            let holder = at(resource, parent).and_then(Value::as_object_mut).ok_or_else(nothing)?;
            let beside = holder.entry(format!("_{own}")).or_insert_with(|| Value::Object(Default::default()));
            put(beside.as_object_mut().ok_or_else(nothing)?, element, fitted)
        }
        None => Err(nothing()),
    }
}

fn replace(definitions: &Definitions, resource: &mut Value, found: &Found, value: &Given) -> Result<()> {
    if found.location.is_empty() {
        return Err(invalid("a patch does not replace the resource itself").coded("processing"));
    }
    let (structure, element) = element(definitions, resource, &found.location)?;
    let fitted = value.fitted(definitions, structure, element)?;
    match found.location.split_last() {
        Some((Step::Name(old), parent)) => {
            let holder = at(resource, parent).and_then(Value::as_object_mut);
            let Some(holder) = holder else { return Ok(()) };
            // In its place, unless its type changes the name of the property.
            holder.shift_remove(&format!("_{old}"));
            match fitted.value {
                Some(value) if fitted.property == *old => drop(holder.insert(old.clone(), value)),
                value => {
                    holder.shift_remove(old);
                    holder.extend(value.map(|value| (fitted.property, value)));
                }
            }
            holder.extend(fitted.shadow.map(|shadow| (fitted.shadow_property, shadow)));
        }
        Some((Step::Index(index), list)) => {
            if let Some(place) = at(resource, &found.location) {
                *place = fitted.value.unwrap_or_default();
            }
            shadow(resource, list, |list| {
                if let Some(place) = list.get_mut(*index) {
                    *place = fitted.shadow.unwrap_or_default();
                }
            });
        }
        None => {}
    }
    Ok(())
}

/// The list whose elements were found, all of them.
fn list_of(found: &[Found], text: &str) -> Result<Location> {
    let mut lists = found.iter().map(|found| match found.location.split_last() {
        Some((Step::Index(_), list)) => Some(list),
        _ => None,
    });
    match lists.next() {
        Some(Some(first)) if lists.all(|list| list == Some(first)) => Ok(first.to_vec()),
        None => Err(invalid(format!("nothing is found at '{text}'")).coded("processing")),
        _ => Err(invalid(format!("'{text}' is no list")).coded("processing")),
    }
}

/// The definition of the element at a location.
fn element<'d>(
    definitions: &'d Definitions,
    resource: &Value,
    location: &[Step],
) -> Result<(&'d Structure, &'d Element)> {
    let unknown = || -> Error { invalid("this element is not defined").coded("structure") };
    let kind = |value: &Value| value.get("resourceType").and_then(Value::as_str).map(str::to_owned);
    let start = kind(resource).and_then(|name| definitions.resource_structure(&name));
    let mut structure = start.ok_or_else(unknown)?;
    let (mut node, mut value, mut element) = (structure.root(), resource, None);
    for step in location {
        let name = match step {
            Step::Index(index) => {
                value = value.get(index).ok_or_else(unknown)?;
                continue;
            }
            Step::Name(name) => name,
        };
        if let Some((before, option)) = element {
            (structure, node) = below(definitions, structure, before, option, value).ok_or_else(unknown)?;
        }
        let property = node.property(name).ok_or_else(unknown)?;
        element = Some((&node.elements[property.element], property.option));
        value = value.get(name).ok_or_else(unknown)?;
    }
    element.map(|(element, _)| (structure, element)).ok_or_else(unknown)
}

fn below<'d>(
    definitions: &'d Definitions,
    structure: &'d Structure,
    element: &'d Element,
    option: usize,
    value: &Value,
) -> Option<(&'d Structure, &'d Node)> {
    use crate::definitions::Content;
    match element.types.get(option)?.content {
        Content::Node(id) => Some((structure, structure.node(id))),
        Content::Complex(id) | Content::Primitive(_, id) => {
            let structure = definitions.structure(id);
            Some((structure, structure.root()))
        }
        Content::Resource => {
            let structure = definitions.resource_structure(value.get("resourceType")?.as_str()?)?;
            Some((structure, structure.root()))
        }
    }
}

/// The place of a type name as FHIRPath gives it.
fn node<'d>(definitions: &'d Definitions, kind: &str) -> Option<(&'d Structure, &'d Node)> {
    let structure = definitions.structures.get(kind.split('.').next()?)?;
    let node = structure.nodes.iter().find(|node| node.path == kind)?;
    Some((structure, node))
}
