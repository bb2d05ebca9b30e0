//! `resolve()`: from a reference to what it points at.
//! Clause: <https://hl7.org/fhir/R4/fhirpath.html#functions>.
//!
//! A contained resource is found in `%rootResource`, a fetched one in the context. Of anything
//! else the type is still known from the text of the reference, which is all that
//! `where(resolve() is Patient)` asks for.

use super::super::evaluate::{Evaluator, Outcome};
use super::super::item::{Item, Items};
use super::call::Call;
use serde_json::Value;
use std::borrow::Cow;

pub(super) fn resolve<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let found = input.iter().filter_map(|item| target(call.evaluator, item));
    Ok(found.collect())
}

fn target<'a>(evaluator: &Evaluator<'a, '_>, item: &Item<'a>) -> Option<Item<'a>> {
    let (text, declared) = match item {
        Item::Node(node) => match node.value {
            Value::String(text) => (Some(text.as_str()), None),
            value => {
                (value.get("reference").and_then(Value::as_str), value.get("type").and_then(Value::as_str))
            }
        },
        Item::String(Cow::Borrowed(text)) => (Some(*text), None),
        Item::String(Cow::Owned(text)) => {
            return named(text).map(|name| Item::Unfetched(Cow::Owned(name.to_owned())));
        }
        _ => return None,
    };
    let types = evaluator.types;
    if let Some(text) = text {
        if let Some(id) = text.strip_prefix('#') {
            return contained(evaluator, id);
        }
        if let Some(resource) = evaluator.context.fetched.and_then(|all| all.get(text)) {
            return Some(Item::resource(types, resource));
        }
    }
    let declared = declared.map(|name| name.rsplit('/').next().unwrap_or(name));
    let name = text.and_then(named).or(declared)?;
    Some(Item::Unfetched(Cow::Borrowed(name)))
}

fn contained<'a>(evaluator: &Evaluator<'a, '_>, id: &str) -> Option<Item<'a>> {
    let root = evaluator.root_resource();
    if id.is_empty() {
        return Some(root.clone());
    }
    let contained = root.node()?.value.get("contained")?.as_array()?;
    let found = contained.iter().find(|resource| resource.get("id").and_then(Value::as_str) == Some(id))?;
    Some(Item::resource(evaluator.types, found))
}

/// The type a reference names: the segment before the id, as in `https://x.org/Patient/1/_history/2`.
fn named(reference: &str) -> Option<&str> {
    let path = reference.split(['?', '#', '|']).next()?;
    let path = path.split("/_history/").next()?;
    let (before, id) = path.rsplit_once('/')?;
    let name = before.rsplit('/').next()?;
    let is_type = name.starts_with(|letter: char| letter.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_type && !id.is_empty()).then_some(name)
}
