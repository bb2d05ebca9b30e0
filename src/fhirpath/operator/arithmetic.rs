//! `+`, `-`, `*`, `/`, `div`, `mod` and `&`.
//! Clause: <https://hl7.org/fhirpath/N1/#math>. What overflows is empty.

use super::super::error::EvalError;
use super::super::evaluate::{Evaluator, Outcome};
use super::super::item::{Item, Items};
use super::super::quantity::Quantity;
use super::equality::decimal;
use super::{Operator, calendar, single};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

pub(super) fn apply<'a>(
    operator: Operator,
    evaluator: &Evaluator<'a, '_>,
    left: Items<'a>,
    right: Items<'a>,
) -> Outcome<'a> {
    let left = single(&left, operator.spelling())?;
    let right = single(&right, operator.spelling())?;
    if operator == Operator::Concatenate {
        return concatenated(evaluator, left, right).map(|item| vec![item]);
    }
    let (Some(left), Some(right)) = (left, right) else {
        return Ok(Vec::new());
    };
    let (left, right) = (left.system(), right.system());
    let result = match (operator, &left, &right) {
        (Operator::Plus, Item::String(_), Item::String(_)) => {
            Some(concatenated(evaluator, Some(&left), Some(&right))?)
        }
        (Operator::Plus, Item::Moment(moment), Item::Quantity(quantity)) => {
            calendar::moved(*moment, quantity, 1)?.map(Item::Moment)
        }
        (Operator::Minus, Item::Moment(moment), Item::Quantity(quantity)) => {
            calendar::moved(*moment, quantity, -1)?.map(Item::Moment)
        }
        (_, Item::Integer(left), Item::Integer(right)) if operator != Operator::Over => {
            whole(operator, *left, *right).map(Item::Integer)
        }
        _ => match (decimal(&left), decimal(&right)) {
            (Some(left), Some(right)) => fractional(operator, left, right),
            _ => {
                let quantities = (as_quantity(&left), as_quantity(&right));
                let (Some(left), Some(right)) = quantities else {
                    return Err(unfit(operator, &left, &right));
                };
                measured(operator, &left, &right)?.map(Item::Quantity)
            }
        },
    };
    Ok(result.into_iter().collect())
}

/// The item with its sign turned.
pub(in super::super) fn negated<'a>(item: &Item<'a>) -> Result<Option<Item<'a>>, EvalError> {
    match item.system() {
        Item::Integer(number) => Ok(number.checked_neg().map(Item::Integer)),
        Item::Decimal(number) => Ok(Some(Item::Decimal(-number))),
        Item::Quantity(quantity) => Ok(Some(Item::Quantity(quantity.negated()))),
        _ => Err(EvalError::invalid("a sign needs a number")),
    }
}

fn concatenated<'a>(
    evaluator: &Evaluator<'a, '_>,
    left: Option<&Item<'a>>,
    right: Option<&Item<'a>>,
) -> Result<Item<'a>, EvalError> {
    let mut text = String::new();
    for item in [left, right].into_iter().flatten() {
        let part = item.as_str().ok_or_else(|| {
            let name = item.type_name().unwrap_or("an item of unknown type");
            EvalError::invalid(format!("only strings are joined, not {name}"))
        })?;
        text.push_str(part);
    }
    evaluator.spend_text(text.len())?;
    Ok(Item::text(text))
}

fn whole(operator: Operator, left: i64, right: i64) -> Option<i64> {
    let result = match operator {
        Operator::Plus => left.checked_add(right),
        Operator::Minus => left.checked_sub(right),
        Operator::Times => left.checked_mul(right),
        Operator::Div => left.checked_div(right),
        _ => left.checked_rem(right),
    };
    result.filter(|number| i32::try_from(*number).is_ok())
}

fn fractional<'a>(operator: Operator, left: Decimal, right: Decimal) -> Option<Item<'a>> {
    let result = match operator {
        Operator::Plus => left.checked_add(right),
        Operator::Minus => left.checked_sub(right),
        Operator::Times => left.checked_mul(right),
        Operator::Over => left.checked_div(right),
        Operator::Div => {
            let whole = left.checked_div(right)?.trunc().to_i64()?;
            return Some(Item::Integer(whole)).filter(|_| i32::try_from(whole).is_ok());
        }
        _ => left.checked_rem(right),
    };
    result.map(Item::Decimal)
}

/// Quantities; a bare number has the unit `1`. Units that do not add up leave nothing.
fn measured<'a>(
    operator: Operator,
    left: &Quantity<'a>,
    right: &Quantity<'a>,
) -> Result<Option<Quantity<'a>>, EvalError> {
    match operator {
        Operator::Plus => Ok(left.plus(right)),
        Operator::Minus => Ok(left.plus(&right.negated())),
        Operator::Times => Ok(left.times(right)),
        Operator::Over => Ok(left.over(right)),
        _ => {
            let spelling = operator.spelling();
            Err(EvalError::invalid(format!("`{spelling}` is not defined for quantities")))
        }
    }
}

fn as_quantity<'a>(item: &Item<'a>) -> Option<Quantity<'a>> {
    match item {
        Item::Quantity(quantity) => Some(quantity.clone()),
        other => decimal(other).map(Quantity::bare),
    }
}

fn unfit(operator: Operator, left: &Item<'_>, right: &Item<'_>) -> EvalError {
    let name = |item: &Item<'_>| item.type_name().unwrap_or("an unknown type").to_owned();
    EvalError::invalid(format!(
        "`{}` is not defined for {} and {}",
        operator.spelling(),
        name(left),
        name(right)
    ))
}
