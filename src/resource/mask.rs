//! Elements that are not kept as written: secrets are taken out, spellings are made one.
//!
//! Implements the extensions write-only, read-only and folded of `fhir/extension`; folding is Unicode NFC
//! (<https://www.unicode.org/reports/tr15/>) and lower case.

use serde_json::Value;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::definitions::{Content, Definitions, Element, Node, Structure};

/// Takes write-only elements out of a resource and returns them with their places, as FHIRPath.
pub fn take_secrets(
    definitions: &Definitions,
    structure: &Structure,
    resource: &mut Value,
) -> Vec<(String, String)> {
    let mut taken = Vec::new();
    if structure.has_marks() {
        let place = (structure, structure.root());
        take(definitions, place, &structure.name, resource, &mut taken);
    }
    taken
}

/// Brings folded elements to NFC and lower case.
pub fn fold(definitions: &Definitions, structure: &Structure, resource: &mut Value) {
    if structure.has_marks() {
        fold_node(definitions, (structure, structure.root()), resource);
    }
}

/// Names of the elements at the top that only the server sets.
pub fn read_only(structure: &Structure) -> impl Iterator<Item = &str> {
    structure.root().elements.iter().filter(|element| element.read_only).map(|element| element.name.as_str())
}

fn take(
    definitions: &Definitions,
    (structure, node): Place<'_>,
    path: &str,
    value: &mut Value,
    taken: &mut Vec<(String, String)>,
) {
    let Some(object) = value.as_object_mut() else { return };
    for element in node.elements.iter().filter(|element| element.write_only) {
        for option in &element.types {
            object.shift_remove(&option.shadow);
            if let Some(secret) = object.shift_remove(&option.property) {
                keep(&format!("{path}.{}", element.name), secret, taken);
            }
        }
    }
    for_parts(definitions, (structure, node), value, |element, below, index, child| {
        let path = match index {
            Some(index) => format!("{path}.{}[{index}]", element.name),
            None => format!("{path}.{}", element.name),
        };
        take(definitions, below, &path, child, taken);
    });
}

/// A list of secrets is many; a secret that is no text is kept as its JSON.
fn keep(path: &str, secret: Value, taken: &mut Vec<(String, String)>) {
    match secret {
        Value::Array(list) => {
            for (index, one) in list.into_iter().enumerate() {
                keep(&format!("{path}[{index}]"), one, taken);
            }
        }
        Value::String(text) => taken.push((path.to_owned(), text)),
        other => taken.push((path.to_owned(), other.to_string())),
    }
}

fn fold_node(definitions: &Definitions, (structure, node): Place<'_>, value: &mut Value) {
    let Some(object) = value.as_object_mut() else { return };
    for element in node.elements.iter().filter(|element| element.folded) {
        for option in &element.types {
            match object.get_mut(&option.property) {
                Some(Value::Array(list)) => list.iter_mut().for_each(fold_text),
                Some(one) => fold_text(one),
                None => {}
            }
        }
    }
    for_parts(definitions, (structure, node), value, |_, below, _, child| {
        fold_node(definitions, below, child);
    });
}

fn fold_text(value: &mut Value) {
    if let Value::String(text) = value {
        if text.chars().any(char::is_uppercase) {
            *text = text.to_lowercase();
        }
        // Lower case can leave the composed form, so this comes second.
        if is_nfc_quick(text.chars()) != IsNormalized::Yes {
            *text = text.nfc().collect();
        }
    }
}

/// A structure, and where in it.
type Place<'d> = (&'d Structure, &'d Node);

/// Visits the values right below a node that have something to look for: backbone elements, and what is of a datatype
/// with such marks.
fn for_parts<'d>(
    definitions: &'d Definitions,
    (structure, node): Place<'d>,
    value: &mut Value,
    mut visit: impl FnMut(&Element, Place<'d>, Option<usize>, &mut Value),
) {
    for element in &node.elements {
        for option in &element.types {
            let below = match option.content {
                Content::Node(below) => (structure, structure.node(below)),
                Content::Complex(id) if definitions.structure(id).has_marks() => {
                    (definitions.structure(id), definitions.structure(id).root())
                }
                _ => continue,
            };
            match value.get_mut(&option.property) {
                Some(Value::Array(list)) => {
                    for (index, child) in list.iter_mut().enumerate() {
                        visit(element, below, Some(index), child);
                    }
                }
                Some(child) => visit(element, below, None, child),
                None => {}
            }
        }
    }
}
