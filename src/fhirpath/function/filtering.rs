//! Functions that evaluate an expression on each item: where, select, repeat, aggregate, iif.
//! Clause: <https://hl7.org/fhirpath/N1/#filtering-and-projection>, <https://hl7.org/fhirpath/N1/#aggregates>.

use super::super::evaluate::{Outcome, Scope, truth};
use super::super::item::Items;
use super::super::operator::Set;
use super::call::{Call, nothing};

pub(super) fn filter<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let mut kept = Vec::new();
    for (index, item) in input.into_iter().enumerate() {
        if call.test(0, &item, index)? == Some(true) {
            kept.push(item);
        }
    }
    Ok(kept)
}

pub(super) fn select<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let mut found = Vec::new();
    for (index, item) in input.iter().enumerate() {
        found.append(&mut call.on(0, item, index)?);
    }
    Ok(found)
}

/// Goes on until nothing new turns up.
pub(super) fn repeat<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let mut seen = Set::default();
    let mut found: Items<'a> = Vec::new();
    let mut wave = input;
    while !wave.is_empty() {
        let mut next = Vec::new();
        for (index, item) in wave.iter().enumerate() {
            for item in call.on(0, item, index)? {
                if seen.insert(call.evaluator, item.clone())? {
                    found.push(item.clone());
                    next.push(item);
                }
            }
        }
        wave = next;
    }
    Ok(found)
}

pub(super) fn aggregate<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let mut total = call.argument(1)?;
    let Some(each) = call.arguments.first() else {
        return nothing();
    };
    for (index, item) in input.iter().enumerate() {
        let scope = Scope { this: std::slice::from_ref(item), index: Some(index), total: Some(&total) };
        total = call.evaluator.tree(each, scope)?;
    }
    Ok(total)
}

/// Evaluates only the branch that is taken. `$this` is the input, of one item at most.
pub(super) fn iif<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    call.one(&input)?;
    let scope = Scope { this: &input, ..call.scope };
    let [condition, branches @ ..] = call.arguments else {
        return nothing();
    };
    let taken = match truth(&call.evaluator.tree(condition, scope)?)? {
        Some(true) => branches.first(),
        _ => branches.get(1),
    };
    match taken {
        Some(branch) => call.evaluator.tree(branch, scope),
        None => nothing(),
    }
}
