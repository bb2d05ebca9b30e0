//! `sort`: by the items themselves, or by keys; a key with a minus sign sorts downward.
//! Clause: <https://hl7.org/fhirpath/#sort>, an addition to N1 that the published cases use.

use super::super::error::EvalError;
use super::super::evaluate::{Outcome, Scope};
use super::super::item::{Item, Items};
use super::super::operator;
use super::super::tree::Tree;
use super::call::Call;
use std::cmp::Ordering;

struct Row<'a> {
    item: Item<'a>,
    keys: Vec<Option<Item<'a>>>,
}

pub(super) fn sort<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    // Dates of unlike precision have no order, and the sort of the standard library does not put
    // up with that: rows are inserted one by one instead.
    let mut rows: Vec<Row<'a>> = Vec::with_capacity(input.len());
    for (index, item) in input.into_iter().enumerate() {
        let row = Row { keys: keys(call, &item, index)?, item };
        let mut place = rows.len();
        while let Some(before) = place.checked_sub(1).and_then(|before| rows.get(before)) {
            call.evaluator.spend(1)?;
            if compare(call.arguments, before, &row)? != Ordering::Greater {
                break;
            }
            place -= 1;
        }
        rows.insert(place, row);
    }
    Ok(rows.into_iter().map(|row| row.item).collect())
}

fn keys<'a>(call: &Call<'a, '_>, item: &Item<'a>, index: usize) -> Result<Vec<Option<Item<'a>>>, EvalError> {
    if call.arguments.is_empty() {
        return Ok(vec![Some(item.clone())]);
    }
    let scope = Scope { this: std::slice::from_ref(item), index: Some(index), total: None };
    let mut keys = Vec::with_capacity(call.arguments.len());
    for argument in call.arguments {
        let key = match argument {
            Tree::Negative(inner) => inner,
            key => key,
        };
        let found = call.evaluator.tree(key, scope)?;
        keys.push(call.one(&found)?.cloned());
    }
    Ok(keys)
}

/// What has no key comes first, upward and downward.
fn compare(arguments: &[Tree], left: &Row<'_>, right: &Row<'_>) -> Result<Ordering, EvalError> {
    for (place, (left, right)) in left.keys.iter().zip(&right.keys).enumerate() {
        let down = matches!(arguments.get(place), Some(Tree::Negative(_)));
        let order = match (left, right) {
            (Some(left), Some(right)) => {
                let order = operator::order(left, right)?.unwrap_or(Ordering::Equal);
                if down { order.reverse() } else { order }
            }
            (left, right) => left.is_some().cmp(&right.is_some()),
        };
        if order != Ordering::Equal {
            return Ok(order);
        }
    }
    Ok(Ordering::Equal)
}
