//! Whether there is anything, and whether it is true.
//! Clause: <https://hl7.org/fhirpath/N1/#existence>.

use super::super::error::EvalError;
use super::super::evaluate::{Outcome, integer, truth};
use super::super::item::{Item, Items};
use super::call::{Call, boolean};

pub(super) fn empty<'a>(_: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    boolean(input.is_empty())
}

pub(super) fn count<'a>(_: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    Ok(vec![integer(input.len())])
}

pub(super) fn exists<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    if call.arguments.is_empty() {
        return boolean(!input.is_empty());
    }
    for (index, item) in input.iter().enumerate() {
        if call.test(0, item, index)? == Some(true) {
            return boolean(true);
        }
    }
    boolean(false)
}

pub(super) fn all<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    for (index, item) in input.iter().enumerate() {
        if call.test(0, item, index)? != Some(true) {
            return boolean(false);
        }
    }
    boolean(true)
}

pub(super) fn not<'a>(_: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let truth = truth(&input)?;
    Ok(truth.map(|truth| Item::Boolean(!truth)).into_iter().collect())
}

pub(super) fn all_true<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    boolean(booleans(call, &input)?.iter().all(|truth| *truth))
}

pub(super) fn all_false<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    boolean(booleans(call, &input)?.iter().all(|truth| !truth))
}

pub(super) fn any_true<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    boolean(booleans(call, &input)?.iter().any(|truth| *truth))
}

pub(super) fn any_false<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    boolean(booleans(call, &input)?.iter().any(|truth| !truth))
}

fn booleans(call: &Call<'_, '_>, input: &[Item<'_>]) -> Result<Vec<bool>, EvalError> {
    input.iter().map(|item| item.as_bool().ok_or_else(|| call.wrong("booleans"))).collect()
}

/// Hands its input on. The trace itself goes nowhere: what it would show may be confidential.
pub(super) fn trace<'a>(_: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    Ok(input)
}
