//! `and`, `or`, `xor`, `implies`: three-valued, and lazy where the left side decides.
//! Clause: <https://hl7.org/fhirpath/N1/#boolean-logic>.

use super::super::evaluate::{Evaluator, Outcome, Scope, truth};
use super::super::item::Item;
use super::super::tree::Tree;
use super::Operator;

pub(super) fn apply<'a>(
    operator: Operator,
    evaluator: &Evaluator<'a, '_>,
    scope: Scope<'a, '_>,
    (left, right): (&'a Tree, &'a Tree),
) -> Outcome<'a> {
    let left = truth(&evaluator.tree(left, scope)?)?;
    let decided = match (operator, left) {
        (Operator::And, Some(false)) => Some(false),
        (Operator::Or, Some(true)) => Some(true),
        (Operator::Implies, Some(false)) => Some(true),
        _ => None,
    };
    if let Some(decided) = decided {
        return Ok(vec![Item::Boolean(decided)]);
    }
    let right = truth(&evaluator.tree(right, scope)?)?;
    let result = match (operator, left, right) {
        (Operator::And, _, Some(false)) => Some(false),
        (Operator::And, Some(true), Some(true)) => Some(true),
        (Operator::Or, _, Some(true)) => Some(true),
        (Operator::Or, Some(false), Some(false)) => Some(false),
        (Operator::Xor, Some(left), Some(right)) => Some(left != right),
        (Operator::Implies, _, Some(true)) => Some(true),
        (Operator::Implies, Some(true), Some(false)) => Some(false),
        _ => None,
    };
    Ok(result.map(Item::Boolean).into_iter().collect())
}
