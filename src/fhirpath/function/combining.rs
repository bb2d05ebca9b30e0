//! Functions that treat collections as sets.
//! Clause: <https://hl7.org/fhirpath/N1/#combining>, <https://hl7.org/fhirpath/N1/#existence>.

use super::super::error::EvalError;
use super::super::evaluate::Outcome;
use super::super::item::{Item, Items};
use super::super::operator::{self, Set};
use super::call::{Call, boolean};

pub(super) fn combine<'a>(call: &Call<'a, '_>, mut input: Items<'a>) -> Outcome<'a> {
    input.append(&mut call.argument(0)?);
    Ok(input)
}

pub(super) fn union<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    operator::distinct(call.evaluator, combine(call, input)?)
}

pub(super) fn distinct<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    operator::distinct(call.evaluator, input)
}

pub(super) fn is_distinct<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let count = input.len();
    boolean(operator::distinct(call.evaluator, input)?.len() == count)
}

pub(super) fn intersect<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let other = Set::of(call.evaluator, call.argument(0)?)?;
    let mut kept = Vec::new();
    for item in input {
        if other.contains(call.evaluator, &item)? {
            kept.push(item);
        }
    }
    operator::distinct(call.evaluator, kept)
}

pub(super) fn exclude<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let other = Set::of(call.evaluator, call.argument(0)?)?;
    let mut kept = Vec::new();
    for item in input {
        if !other.contains(call.evaluator, &item)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

pub(super) fn subset_of<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let large = call.argument(0)?;
    boolean(within(call, &input, large)?)
}

pub(super) fn superset_of<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let small = call.argument(0)?;
    boolean(within(call, &small, input)?)
}

fn within<'a>(call: &Call<'a, '_>, small: &[Item<'a>], large: Items<'a>) -> Result<bool, EvalError> {
    let large = Set::of(call.evaluator, large)?;
    for item in small {
        if !large.contains(call.evaluator, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}
