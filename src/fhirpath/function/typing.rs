//! `is`, `as`, `ofType` and `type`.
//! Clause: <https://hl7.org/fhirpath/N1/#types>, <https://hl7.org/fhirpath/N1/#reflection>.

use super::super::evaluate::Outcome;
use super::super::item::{Item, Items};
use super::super::tree::Tree;
use super::super::type_name::TypeName;
use super::call::{Call, boolean, nothing};
use serde_json::Value;
use std::borrow::Cow;

pub(super) fn is_type<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    match (call.one(&input)?, wanted(call)) {
        (Some(item), Some(wanted)) => boolean(wanted.covers(call.evaluator.types, item)),
        _ => nothing(),
    }
}

pub(super) fn as_type<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    call.one(&input)?;
    of_type(call, input)
}

pub(super) fn of_type<'a>(call: &Call<'a, '_>, mut input: Items<'a>) -> Outcome<'a> {
    let Some(wanted) = wanted(call) else {
        return nothing();
    };
    input.retain(|item| wanted.admits(call.evaluator.types, item));
    Ok(input)
}

pub(super) fn type_of<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    Ok(input.iter().filter_map(|item| described(call, item)).collect())
}

fn wanted<'a>(call: &Call<'a, '_>) -> Option<&'a TypeName> {
    match call.arguments.first() {
        Some(Tree::Type(wanted)) => Some(wanted),
        _ => None,
    }
}

fn described<'a>(call: &Call<'a, '_>, item: &Item<'a>) -> Option<Item<'a>> {
    if let Some(name) = item.system_name() {
        return Some(Item::Type { namespace: "System", name: Cow::Borrowed(name) });
    }
    let name = match item {
        Item::Node(node) => match node.declared_name(call.evaluator.types) {
            Some(name) => Cow::Owned(name),
            None => Cow::Borrowed(node.type_name().or_else(|| guessed(node.value))?),
        },
        Item::Unfetched(name) => name.clone(),
        _ => Cow::Borrowed("SimpleTypeInfo"),
    };
    Some(match name.strip_prefix("System.") {
        Some(name) => Item::Type { namespace: "System", name: Cow::Owned(name.to_owned()) },
        None => Item::Type { namespace: "FHIR", name },
    })
}

/// Without a declared type, what JSON itself tells.
fn guessed(value: &Value) -> Option<&'static str> {
    match value {
        Value::Bool(_) => Some("System.Boolean"),
        Value::Number(number) if number.as_i64().is_some() => Some("System.Integer"),
        Value::Number(_) => Some("System.Decimal"),
        Value::String(_) => Some("System.String"),
        _ => None,
    }
}
