//! `toQuantity`, `convertsToQuantity` and `comparable`.
//! Clause: <https://hl7.org/fhirpath/N1/#toquantityunit-string-quantity>.

use super::super::error::EvalError;
use super::super::evaluate::Outcome;
use super::super::item::{Item, Items};
use super::super::quantity::Quantity;
use super::super::unit;
use super::call::{Call, boolean, nothing};
use rust_decimal::Decimal;
use std::borrow::Cow;

pub(super) fn to_quantity<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let quantity = converted(call, &input)?;
    Ok(quantity.map(Item::Quantity).into_iter().collect())
}

pub(super) fn converts_to_quantity<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    if input.is_empty() {
        return nothing();
    }
    boolean(converted(call, &input)?.is_some())
}

pub(super) fn comparable<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let other = call.argument(0)?;
    let items = (call.one(&input)?.map(Item::system), call.one(&other)?.map(Item::system));
    match items {
        (Some(Item::Quantity(own)), Some(Item::Quantity(other))) => boolean(own.comparable(&other)),
        (None, _) | (_, None) => nothing(),
        _ => Err(call.wrong("quantities")),
    }
}

/// The quantity an item converts to, in the unit asked for.
fn converted<'a>(call: &Call<'a, '_>, input: &[Item<'a>]) -> Result<Option<Quantity<'a>>, EvalError> {
    let quantity = match call.one(input)?.map(Item::system) {
        Some(Item::Quantity(quantity)) => Some(quantity),
        Some(Item::Integer(number)) => Some(Quantity::bare(Decimal::from(number))),
        Some(Item::Decimal(number)) => Some(Quantity::bare(number)),
        Some(Item::Boolean(truth)) => Some(Quantity::bare(Decimal::from(i64::from(truth)))),
        Some(Item::String(text)) => Quantity::parse(&text),
        _ => None,
    };
    let (Some(quantity), Some(unit)) = (&quantity, call.string(0)?) else {
        return Ok(quantity);
    };
    let calendar = unit::calendar(&unit).is_some();
    let none = Quantity { value: Decimal::ZERO, unit: Cow::Owned(unit.into_owned()), calendar };
    // Adding nothing of the unit asked for leaves the quantity in that unit.
    Ok(none.plus(quantity))
}
