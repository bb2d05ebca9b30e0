//! Functions that go down the tree without names.
//! Clause: <https://hl7.org/fhirpath/N1/#tree-navigation>.

use super::super::evaluate::Outcome;
use super::super::item::{Item, Items};
use super::call::Call;

pub(super) fn children<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let mut found = Vec::new();
    for node in input.iter().filter_map(Item::node) {
        call.evaluator.all_children(node, &mut found)?;
    }
    Ok(found)
}

/// JSON is a tree, so that no node can turn up twice and none needs to be looked for.
pub(super) fn descendants<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let mut found = children(call, input)?;
    let mut next = 0;
    while let Some(item) = found.get(next).cloned() {
        if let Some(node) = item.node() {
            call.evaluator.all_children(node, &mut found)?;
        }
        next += 1;
    }
    Ok(found)
}
