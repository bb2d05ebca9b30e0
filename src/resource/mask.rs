//! Elements that are not kept as written: secrets are taken out, spellings are made one.
//!
//! Implements the extensions write-only, read-only and folded of `fhir/extension`; folding is Unicode NFC
//! (<https://www.unicode.org/reports/tr15/>) and lower case.

use serde_json::Value;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::definitions::{Content, Element, Node, Structure};

/// Takes write-only elements out of a resource and returns them with their places, as FHIRPath.
pub fn take_secrets(structure: &Structure, resource: &mut Value) -> Vec<(String, String)> {
    let mut taken = Vec::new();
    if structure.has_marks() {
        take(structure, structure.root(), &structure.name, resource, &mut taken);
    }
    taken
}

/// Brings folded elements to NFC and lower case.
pub fn fold(structure: &Structure, resource: &mut Value) {
    if structure.has_marks() {
        fold_node(structure, structure.root(), resource);
    }
}

/// Names of the elements at the top that only the server sets.
pub fn read_only(structure: &Structure) -> impl Iterator<Item = &str> {
    structure.root().elements.iter().filter(|element| element.read_only).map(|element| element.name.as_str())
}

fn take(
    structure: &Structure,
    node: &Node,
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
    for_backbones(node, value, |element, below, index, child| {
        let path = match index {
            Some(index) => format!("{path}.{}[{index}]", element.name),
            None => format!("{path}.{}", element.name),
        };
        take(structure, structure.node(below), &path, child, taken);
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

fn fold_node(structure: &Structure, node: &Node, value: &mut Value) {
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
    for_backbones(node, value, |_, below, _, child| fold_node(structure, structure.node(below), child));
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

/// Visits the values of the backbone elements right below a node.
fn for_backbones(
    node: &Node,
    value: &mut Value,
    mut visit: impl FnMut(&Element, crate::definitions::NodeId, Option<usize>, &mut Value),
) {
    for element in &node.elements {
        let Some(option) = element.types.first() else { continue };
        let Content::Node(below) = option.content else { continue };
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
