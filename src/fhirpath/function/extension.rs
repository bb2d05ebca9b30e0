//! FHIR's own accessors: `extension`, `hasExtension`, `hasValue`, `getValue`.
//! Clause: <https://hl7.org/fhir/R4/fhirpath.html#functions>.

use super::super::evaluate::Outcome;
use super::super::item::{Item, Items};
use super::super::node::Node;
use super::call::{Call, boolean, nothing};
use serde_json::Value;

pub(super) fn extension<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let Some(url) = call.string(0)? else {
        return nothing();
    };
    let types = call.evaluator.types;
    let kind = types.get("Extension");
    let mut found = Vec::new();
    for node in input.iter().filter_map(Item::node) {
        let extensions = node.object().and_then(|object| object.get("extension"));
        for extension in extensions.and_then(Value::as_array).into_iter().flatten() {
            call.evaluator.spend(1)?;
            if extension.get("url").and_then(Value::as_str) == Some(url.as_ref()) {
                found.push(Item::Node(Node::new(types, Some(extension), None, kind)));
            }
        }
    }
    Ok(found)
}

pub(super) fn has_extension<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    boolean(!extension(call, input)?.is_empty())
}

pub(super) fn has_value<'a>(_: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    boolean(match input.as_slice() {
        [Item::Node(node)] => node.has_value(),
        [item] => item.system_name().is_some(),
        _ => false,
    })
}

pub(super) fn get_value<'a>(_: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    match input.as_slice() {
        [Item::Node(node)] if node.has_value() => Ok(node.system().into_iter().collect()),
        _ => nothing(),
    }
}
