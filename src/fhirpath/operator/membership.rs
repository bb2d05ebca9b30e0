//! `in`, `contains`, and what makes a collection a set.
//! Clause: <https://hl7.org/fhirpath/N1/#collections-2>.

use super::super::error::EvalError;
use super::super::evaluate::Evaluator;
use super::super::item::{Item, Items};
use super::equality::equal;
use super::{Set, single};

/// Whether the collection holds the one item; empty when there is no item to look for.
pub(super) fn contains<'a>(
    evaluator: &Evaluator<'a, '_>,
    collection: &[Item<'a>],
    item: &[Item<'a>],
) -> Result<Option<bool>, EvalError> {
    match single(item, "a test of membership")? {
        None => Ok(None),
        Some(item) => evaluator.holds(collection, item).map(Some),
    }
}

/// The items without those that equal an earlier one.
pub(in super::super) fn distinct<'a>(
    evaluator: &Evaluator<'a, '_>,
    items: Items<'a>,
) -> Result<Items<'a>, EvalError> {
    if items.len() < 2 {
        return Ok(items);
    }
    let mut seen = Set::default();
    let mut kept: Items<'a> = Vec::with_capacity(items.len());
    for item in items {
        if seen.insert(evaluator, item.clone())? {
            kept.push(item);
        }
    }
    Ok(kept)
}

impl<'a> Evaluator<'a, '_> {
    /// Whether the collection holds an item equal to this one.
    pub(in super::super) fn holds(
        &self,
        collection: &[Item<'a>],
        item: &Item<'a>,
    ) -> Result<bool, EvalError> {
        for other in collection {
            if equal(self, other, item)? == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
