//! JSON Patch (<https://www.rfc-editor.org/rfc/rfc6902>).
//!
//! The crate applies it; here are bounds, so that no patch makes a small document a huge one, and the
//! comparison of numbers by their value (section 4.6).

use json_patch::jsonptr::resolve::Resolve;
use json_patch::{Patch, PatchOperation};
use serde_json::{Number, Value};

use super::{MOST_ADDED, MOST_OPERATIONS, too_many};
use crate::error::{Error, Result, invalid, malformed};

pub(super) fn read(document: Value) -> Result<Patch> {
    let Value::Array(list) = &document else {
        return Err(malformed("a JSON Patch is an array of operations").coded("structure"));
    };
    if list.len() > MOST_OPERATIONS {
        return Err(too_many());
    }
    for (place, operation) in list.iter().enumerate() {
        serde_json::from_value::<PatchOperation>(operation.clone()).map_err(|cause| {
            malformed(format!("this is no operation of JSON Patch: {cause}"))
                .coded("structure")
                .at(format!("[{place}]"))
                .because(cause)
        })?;
    }
    serde_json::from_value(document).map_err(|cause| malformed("this is no JSON Patch").because(cause))
}

pub(super) fn apply(patch: &Patch, resource: &mut Value) -> Result<()> {
    let mut added = 0;
    for (place, operation) in patch.iter().enumerate() {
        let failed = |text: &str| -> Error {
            let text = format!("{text} ('{}')", operation.path());
            invalid(text).coded("processing").at(format!("[{place}]"))
        };
        match operation {
            PatchOperation::Test(test) => {
                let found =
                    resource.resolve(&test.path).map_err(|_| failed("there is nothing at the path"))?;
                if !same(found, &test.value) {
                    return Err(failed("the test does not hold"));
                }
                continue;
            }
            PatchOperation::Add(add) => added += size(&add.value),
            PatchOperation::Replace(replace) => added += size(&replace.value),
            PatchOperation::Copy(copy) => added += resource.resolve(&copy.from).map_or(0, size),
            PatchOperation::Remove(_) | PatchOperation::Move(_) => {}
        }
        if added > MOST_ADDED {
            return Err(failed("the result would be too large").coded("too-costly"));
        }
        json_patch::patch_unsafe(resource, std::slice::from_ref(operation)).map_err(|cause| {
            failed(&format!("this operation cannot be done: {}", cause.kind)).because(cause)
        })?;
    }
    Ok(())
}

/// About the bytes of a value as text.
fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 4,
        Value::Number(number) => number.as_str().len(),
        Value::String(text) => text.len() + 2,
        Value::Array(list) => 2 + list.iter().map(|one| size(one) + 1).sum::<usize>(),
        Value::Object(members) => {
            2 + members.iter().map(|(name, one)| name.len() + 4 + size(one)).sum::<usize>()
        }
    }
}

/// Equal by the rules of section 4.6: numbers by their value, objects whatever the order of their members.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || decimal(a).is_some_and(|a| decimal(b) == Some(a)),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

fn decimal(number: &Number) -> Option<rust_decimal::Decimal> {
    let text = number.as_str();
    text.parse().or_else(|_| rust_decimal::Decimal::from_scientific(text)).ok()
}
