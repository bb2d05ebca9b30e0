//! `<`, `<=`, `>`, `>=`.
//! Clause: <https://hl7.org/fhirpath/N1/#comparison>.

use super::super::error::EvalError;
use super::super::item::Item;
use super::super::moment::MomentKind;
use super::super::moment_text;
use super::equality::decimal;
use super::{Operator, single};
use std::cmp::Ordering;

pub(super) fn compare(
    operator: Operator,
    left: &[Item<'_>],
    right: &[Item<'_>],
) -> Result<Option<bool>, EvalError> {
    let left = single(left, operator.spelling())?;
    let right = single(right, operator.spelling())?;
    let (Some(left), Some(right)) = (left, right) else {
        return Ok(None);
    };
    Ok(order(left, right)?.map(|order| match operator {
        Operator::Less => order == Ordering::Less,
        Operator::LessOrEqual => order != Ordering::Greater,
        Operator::Greater => order == Ordering::Greater,
        _ => order != Ordering::Less,
    }))
}

/// Which of two items comes first; `None` where precision or units leave it open.
pub(in super::super) fn order(left: &Item<'_>, right: &Item<'_>) -> Result<Option<Ordering>, EvalError> {
    Ok(match (left.system(), right.system()) {
        (Item::String(left), Item::String(right)) => Some(left.cmp(&right)),
        (Item::Quantity(left), Item::Quantity(right)) => left.order(&right),
        (Item::Moment(left), Item::Moment(right))
            if (left.kind == MomentKind::Time) == (right.kind == MomentKind::Time) =>
        {
            left.order(&right)
        }
        // JSON without a declared type writes its dates as text.
        (Item::String(text), Item::Moment(right)) if is_untyped(left) => {
            let left = moment_text::date_time(&text).ok_or_else(|| mismatch("text", "a date"))?;
            left.order(&right)
        }
        (Item::Moment(left), Item::String(text)) if is_untyped(right) => {
            let right = moment_text::date_time(&text).ok_or_else(|| mismatch("a date", "text"))?;
            left.order(&right)
        }
        (left, right) => match (decimal(&left), decimal(&right)) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => return Err(mismatch(described(&left), described(&right))),
        },
    })
}

fn is_untyped(item: &Item<'_>) -> bool {
    item.node().is_some_and(|node| node.kind.is_none())
}

fn described<'i>(item: &'i Item<'_>) -> &'i str {
    item.type_name().unwrap_or("an item of unknown type")
}

fn mismatch(left: &str, right: &str) -> EvalError {
    EvalError::invalid(format!("{left} does not compare with {right}"))
}
