//! `~` and `!~`: the same but for case, blanks, order and spurious precision.
//! Clause: <https://hl7.org/fhirpath/N1/#equivalent>.

use super::super::error::EvalError;
use super::super::evaluate::Evaluator;
use super::super::item::Item;
use super::super::number;
use super::equality::decimal;
use serde_json::Value;
use std::cmp::Ordering;

/// Whether two collections hold equivalent items, in any order.
pub(super) fn equivalent_items<'a>(
    evaluator: &Evaluator<'a, '_>,
    left: &[Item<'a>],
    right: &[Item<'a>],
) -> Result<bool, EvalError> {
    matched(left, right, |left, right| equivalent(evaluator, left, right))
}

/// Whether each item on the left finds one of its own on the right.
fn matched<T>(
    left: &[T],
    right: &[T],
    same: impl Fn(&T, &T) -> Result<bool, EvalError>,
) -> Result<bool, EvalError> {
    if left.len() != right.len() {
        return Ok(false);
    }
    let mut free: Vec<&T> = right.iter().collect();
    for item in left {
        let mut found = None;
        for (place, other) in free.iter().enumerate() {
            if same(item, other)? {
                found = Some(place);
                break;
            }
        }
        match found {
            Some(place) => free.remove(place),
            None => return Ok(false),
        };
    }
    Ok(true)
}

fn equivalent(evaluator: &Evaluator<'_, '_>, left: &Item<'_>, right: &Item<'_>) -> Result<bool, EvalError> {
    evaluator.spend(1)?;
    Ok(match (left.system(), right.system()) {
        (Item::Boolean(left), Item::Boolean(right)) => left == right,
        (Item::String(left), Item::String(right)) => same_text(evaluator, &left, &right)?,
        (Item::Moment(left), Item::Moment(right)) => {
            left.kind == right.kind && left.order(&right) == Some(Ordering::Equal)
        }
        (Item::Quantity(left), Item::Quantity(right)) => left.equivalent(&right),
        (Item::Node(left), Item::Node(right)) => equivalent_json(evaluator, left.value, right.value)?,
        (Item::Type { namespace, name }, Item::Type { namespace: other_namespace, name: other_name }) => {
            namespace == other_namespace && name == other_name
        }
        (left, right) => match (decimal(&left), decimal(&right)) {
            (Some(left), Some(right)) => number::equivalent(left, right),
            _ => false,
        },
    })
}

fn equivalent_json(evaluator: &Evaluator<'_, '_>, left: &Value, right: &Value) -> Result<bool, EvalError> {
    evaluator.spend(1)?;
    Ok(match (left, right) {
        (Value::String(left), Value::String(right)) => same_text(evaluator, left, right)?,
        (Value::Number(left), Value::Number(right)) => {
            match (number::json_decimal(left.as_str()), number::json_decimal(right.as_str())) {
                (Some(left), Some(right)) => number::equivalent(left, right),
                _ => left == right,
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            matched(left, right, |left, right| equivalent_json(evaluator, left, right))?
        }
        (Value::Object(left), Value::Object(right)) => {
            // An id tells two elements apart, but not what they mean.
            let count = |object: &serde_json::Map<String, Value>| {
                object.len() - usize::from(object.contains_key("id"))
            };
            if count(left) != count(right) {
                return Ok(false);
            }
            for (name, left) in left.iter().filter(|(name, _)| *name != "id") {
                let Some(right) = right.get(name) else {
                    return Ok(false);
                };
                if !equivalent_json(evaluator, left, right)? {
                    return Ok(false);
                }
            }
            true
        }
        (left, right) => left == right,
    })
}

fn same_text(evaluator: &Evaluator<'_, '_>, left: &str, right: &str) -> Result<bool, EvalError> {
    evaluator.spend_text(left.len() + right.len())?;
    let folded = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_lowercase).collect() };
    Ok(folded(left) == folded(right))
}
