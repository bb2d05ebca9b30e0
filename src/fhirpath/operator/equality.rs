//! `=` and `!=`.
//! Clause: <https://hl7.org/fhirpath/N1/#equals>.

use super::super::error::EvalError;
use super::super::evaluate::Evaluator;
use super::super::item::Item;
use super::super::moment::MomentKind;
use super::super::node::Node;
use super::super::number;
use rust_decimal::Decimal;
use serde_json::Value;
use std::cmp::Ordering;

/// Whether two collections are equal, item by item; `None` where that is open.
pub(super) fn equal_items<'a>(
    evaluator: &Evaluator<'a, '_>,
    left: &[Item<'a>],
    right: &[Item<'a>],
) -> Result<Option<bool>, EvalError> {
    if left.is_empty() || right.is_empty() {
        return Ok(None);
    }
    if left.len() != right.len() {
        return Ok(Some(false));
    }
    let mut open = false;
    for (left, right) in left.iter().zip(right) {
        match equal(evaluator, left, right)? {
            Some(true) => {}
            Some(false) => return Ok(Some(false)),
            None => open = true,
        }
    }
    Ok((!open).then_some(true))
}

/// Whether two items are equal; `None` where precision or units leave it open.
pub(super) fn equal(
    evaluator: &Evaluator<'_, '_>,
    left: &Item<'_>,
    right: &Item<'_>,
) -> Result<Option<bool>, EvalError> {
    evaluator.spend(1)?;
    if let (Item::Node(left), Item::Node(right)) = (left, right)
        && let Some(equal) = equal_nodes(evaluator, left, right)?
    {
        return Ok(Some(equal));
    }
    Ok(match (left.system(), right.system()) {
        (Item::Boolean(left), Item::Boolean(right)) => Some(left == right),
        (Item::String(left), Item::String(right)) => {
            evaluator.spend_text(left.len().min(right.len()))?;
            Some(left == right)
        }
        (Item::Moment(left), Item::Moment(right)) => {
            let clock = |kind| kind == MomentKind::Time;
            if clock(left.kind) != clock(right.kind) {
                return Ok(Some(false));
            }
            left.order(&right).map(|order| order == Ordering::Equal)
        }
        (Item::Quantity(left), Item::Quantity(right)) => {
            left.order(&right).map(|order| order == Ordering::Equal)
        }
        (Item::Type { namespace, name }, Item::Type { namespace: other_namespace, name: other_name }) => {
            Some(namespace == other_namespace && name == other_name)
        }
        (left, right) => match (decimal(&left), decimal(&right)) {
            (Some(left), Some(right)) => Some(left == right),
            _ => Some(false),
        },
    })
}

/// Whether two nodes hold the same JSON; `None` where their values still have to be compared.
fn equal_nodes(
    evaluator: &Evaluator<'_, '_>,
    left: &Node<'_>,
    right: &Node<'_>,
) -> Result<Option<bool>, EvalError> {
    let nulls = (left.value.is_null(), right.value.is_null());
    if nulls != (false, false) {
        // Primitives without a value are what their extensions are.
        return match (nulls, left.extra, right.extra) {
            ((true, true), Some(left), Some(right)) => equal_json(evaluator, left, right).map(Some),
            _ => Ok(Some(false)),
        };
    }
    if std::ptr::eq(left.value, right.value) {
        return Ok(Some(true));
    }
    if !left.value.is_object() || !right.value.is_object() {
        return Ok(None);
    }
    let equal = equal_json(evaluator, left.value, right.value)?;
    // Quantities may be written otherwise and still be the same.
    let quantities = !equal && left.system().is_some() && right.system().is_some();
    Ok(Some(equal).filter(|_| !quantities))
}

/// The number an item is, whole or not.
pub(super) fn decimal(item: &Item<'_>) -> Option<Decimal> {
    match item {
        Item::Integer(number) => Some(Decimal::from(*number)),
        Item::Decimal(number) => Some(*number),
        _ => None,
    }
}

/// JSON is equal when it says the same: the order of properties and the digits of a number do not
/// matter.
fn equal_json(evaluator: &Evaluator<'_, '_>, left: &Value, right: &Value) -> Result<bool, EvalError> {
    evaluator.spend(1)?;
    Ok(match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right
                || number::json_decimal(left.as_str())
                    .is_some_and(|left| Some(left) == number::json_decimal(right.as_str()))
        }
        (Value::String(left), Value::String(right)) => {
            evaluator.spend_text(left.len().min(right.len()))?;
            left == right
        }
        (Value::Array(left), Value::Array(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            for (left, right) in left.iter().zip(right) {
                if !equal_json(evaluator, left, right)? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Object(left), Value::Object(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            for (name, left) in left {
                let Some(right) = right.get(name) else {
                    return Ok(false);
                };
                if !equal_json(evaluator, left, right)? {
                    return Ok(false);
                }
            }
            true
        }
        (left, right) => left == right,
    })
}
