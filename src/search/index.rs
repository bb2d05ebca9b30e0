//! What a resource can be found by: the entries of all its search parameters, made on every write.
//!
//! <https://hl7.org/fhir/R4/search.html#Introduction>: a parameter's expression says which elements it is
//! about, its type how they are compared.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::shape::{self, Found};
use super::{Entry, EntryValue, Facet, HIGHEST, LOWEST};
use crate::definitions::{Definitions, Param, ResourceType};
use crate::error::{Error, Result, invalid};
use crate::fhirpath::{Context, EvalError, Item};

/// What a parameter that was defined at run time may cost of each resource: steps of its expression, and
/// elements that it finds.
const CUSTOM_STEPS: u64 = 50_000;
const CUSTOM_ITEMS: usize = 1_000;

/// The entries of a resource, in order, each once, with the edges of each key marked. The id is a column of
/// the resource itself and has no entry.
pub fn entries(
    definitions: &Definitions,
    kind: &ResourceType,
    resource: &Value,
    base_url: &str,
) -> Result<Vec<Entry>> {
    entries_of(definitions, kind.indexed(), resource, base_url)
}

/// The same of some parameters of its type.
pub fn entries_of<'p>(
    definitions: &Definitions,
    params: impl Iterator<Item = &'p Arc<Param>>,
    resource: &Value,
    base_url: &str,
) -> Result<Vec<Entry>> {
    let context = Context::new(&definitions.types).resource(resource);
    let bounded = definitions.custom.then(|| context.clone().steps(CUSTOM_STEPS));
    let mut all = Vec::with_capacity(params.size_hint().0 * 2);
    for param in params.filter(|param| param.is_offered() && param.code != "_id") {
        if shape::word::is_words(&param.code) {
            let mut entries = shape::Entries { slot: param.slot, base_url, all: &mut all, target: None };
            shape::word::index(param.code == "_text", resource, &mut entries);
            if param.code == "_content" {
                shape::word::index_contained(resource, &mut entries);
            }
            continue;
        }
        let context = bounded.as_ref().filter(|_| param.custom).unwrap_or(&context);
        let items = param.expression.evaluate(context, resource).map_err(|cause| unreadable(param, cause))?;
        if param.custom && items.len() > CUSTOM_ITEMS {
            let text = format!("the search parameter `{}` finds more than {CUSTOM_ITEMS} values", param.code);
            return Err(invalid(text).coded("too-costly").at(param.text.clone()));
        }
        let mut entries = shape::Entries { slot: param.slot, base_url, all: &mut all, target: None };
        if !param.components.is_empty() {
            composites(param, context, &items, &mut entries)?;
            continue;
        }
        for item in &items {
            if let Some(found) = found(item) {
                shape::index(&**param, &found, &mut entries);
            }
        }
    }
    // What a long list gave is in order as a rule, and this sort takes such runs as they are.
    all.sort();
    all.dedup();
    mark_edges(&mut all);
    Ok(all)
}

/// The parts of each element that a composite parameter is about.
fn composites(param: &Param, context: &Context, items: &[Item], entries: &mut shape::Entries) -> Result<()> {
    for (tuple, item) in (0..).zip(items) {
        for (part, component) in (0..).zip(&param.components) {
            let inner = component.expression.evaluate_on(context, item.clone());
            for one in inner.map_err(|cause| unreadable(param, cause))? {
                if let Some(found) = found(&one) {
                    shape::index_composite(component, (tuple, part), &found, entries);
                }
            }
        }
    }
    Ok(())
}

fn unreadable(param: &Param, cause: EvalError) -> Error {
    let text = format!("the search parameter `{}` cannot be read from this resource", param.code);
    invalid(text).coded("processing").at(param.text.clone()).because(cause)
}

/// An item as the shapes read it: a place in the JSON, or the JSON of what was computed.
fn found<'a>(item: &Item<'a>) -> Option<Found<'a>> {
    let computed = match item {
        Item::Node(node) => {
            return Some(Found {
                json: Cow::Borrowed(node.value),
                kind: node.type_name().unwrap_or_default(),
            });
        }
        Item::Boolean(truth) => Value::Bool(*truth),
        Item::Integer(number) => Value::from(*number),
        // The one way to a number of that precision leads through its text.
        Item::Decimal(number) => serde_json::from_str(&number.to_string()).ok()?,
        Item::String(text) => Value::String(text.clone().into_owned()),
        Item::Moment(moment) => Value::String(moment.to_string()),
        Item::Quantity(_) | Item::Type { .. } | Item::Unfetched(_) => return None,
    };
    Some(Found { json: Cow::Owned(computed), kind: "" })
}

/// Marks, in sorted entries, the lowest and the highest of each key: one entry each.
fn mark_edges(entries: &mut [Entry]) {
    for group in entries.chunk_by_mut(|a, b| a.key == b.key) {
        if let Some(lowest) = group.first_mut() {
            lowest.edge |= LOWEST;
        }
        if let Some(highest) = group.last_mut() {
            highest.edge |= HIGHEST;
        }
    }
}

/// What must be unique in the resource's project: the slot of the parameter, and the value as text. Strings
/// differ by more than case, and unlike in search by their accents too: `josé@x` is not `jose@x`.
pub fn unique_keys(kind: &ResourceType, entries: &[Entry]) -> Vec<(usize, String)> {
    let unique: Vec<&Param> =
        kind.params.values().map(|param| &**param).filter(|param| param.unique).collect();
    let mut keys: Vec<(usize, String)> = entries
        .iter()
        .filter(|entry| {
            entry.key.facet == Facet::Value && unique.iter().any(|param| param.slot == entry.key.slot)
        })
        .filter_map(|entry| Some((entry.key.slot, unique_text(&entry.value)?)))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn unique_text(value: &EntryValue) -> Option<String> {
    match value {
        EntryValue::Text { folded, exact } => {
            let written = if exact.is_empty() { folded } else { exact };
            Some(written.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().nfc().collect())
        }
        // The mark of an element without a value.
        EntryValue::Term { value, .. } if value.is_empty() => None,
        EntryValue::Term { value, qualifier } => Some(format!("{qualifier}|{value}")),
        EntryValue::Range { .. } | EntryValue::Part(_) | EntryValue::Word { .. } => None,
    }
}
