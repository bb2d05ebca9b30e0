//! Functions on numbers.
//! Clause: <https://hl7.org/fhirpath/N1/#math>. What has no result is empty.

use super::super::error::EvalError;
use super::super::evaluate::Outcome;
use super::super::item::{Item, Items};
use super::super::number;
use super::super::quantity::Quantity;
use super::call::{Call, nothing};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

/// The number the input or an argument is.
fn decimal<'a>(call: &Call<'a, '_>, items: &[Item<'a>]) -> Result<Option<Decimal>, EvalError> {
    match call.one(items)?.map(Item::system) {
        None => Ok(None),
        Some(Item::Integer(number)) => Ok(Some(Decimal::from(number))),
        Some(Item::Decimal(number)) => Ok(Some(number)),
        Some(_) => Err(call.wrong("a number")),
    }
}

fn whole<'a>(call: &Call<'a, '_>, input: &[Item<'a>], to: fn(&Decimal) -> Decimal) -> Outcome<'a> {
    let number = decimal(call, input)?.and_then(|number| to(&number).to_i64());
    Ok(number.map(Item::Integer).into_iter().collect())
}

pub(super) fn ceiling<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    whole(call, &input, Decimal::ceil)
}

pub(super) fn floor<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    whole(call, &input, Decimal::floor)
}

pub(super) fn truncate<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    whole(call, &input, Decimal::trunc)
}

pub(super) fn abs<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    Ok(match call.one(&input)?.map(Item::system) {
        None => Vec::new(),
        Some(Item::Integer(number)) => number.checked_abs().map(Item::Integer).into_iter().collect(),
        Some(Item::Decimal(number)) => vec![Item::Decimal(number.abs())],
        Some(Item::Quantity(quantity)) => {
            let value = quantity.value.abs();
            vec![Item::Quantity(Quantity { value, ..quantity })]
        }
        Some(_) => return Err(call.wrong("a number or a quantity")),
    })
}

pub(super) fn round<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let digits = call.integer(0)?.unwrap_or(0);
    let digits = u32::try_from(digits).map_err(|_| call.wrong("a precision of zero or more"))?;
    let number = decimal(call, &input)?;
    let rounded = number.map(|number| Item::Decimal(number::rounded(number, digits.min(28))));
    Ok(rounded.into_iter().collect())
}

pub(super) fn sqrt<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    real(decimal(call, &input)?, f64::sqrt)
}

pub(super) fn exp<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    real(decimal(call, &input)?, f64::exp)
}

pub(super) fn ln<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    real(decimal(call, &input)?, f64::ln)
}

pub(super) fn log<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let base = decimal(call, &call.argument(0)?)?;
    let Some(base) = base.and_then(|base| base.to_f64()) else {
        return nothing();
    };
    real(decimal(call, &input)?, |number| number.ln() / base.ln())
}

pub(super) fn power<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let argument = call.argument(0)?;
    let (Some(base), Some(exponent)) = (decimal(call, &input)?, decimal(call, &argument)?) else {
        return nothing();
    };
    let times = exponent.to_u32().filter(|times| exponent.fract().is_zero() && *times <= 128);
    let Some(times) = times else {
        let Some(exponent) = exponent.to_f64() else {
            return nothing();
        };
        return real(Some(base), |base| base.powf(exponent));
    };
    let product = (0..times).try_fold(Decimal::ONE, |product, _| product.checked_mul(base));
    let integers = matches!(
        (call.one(&input)?.map(Item::system), call.one(&argument)?.map(Item::system)),
        (Some(Item::Integer(_)), Some(Item::Integer(_)))
    );
    let item = product.and_then(|product| {
        if integers { product.to_i64().map(Item::Integer) } else { Some(Item::Decimal(product)) }
    });
    Ok(item.into_iter().collect())
}

/// What has no exact decimal is computed in binary, and rounded to what that can tell.
fn real<'a>(number: Option<Decimal>, function: impl Fn(f64) -> f64) -> Outcome<'a> {
    let result = number
        .and_then(|number| number.to_f64())
        .map(function)
        .filter(|result| result.is_finite())
        .and_then(Decimal::from_f64);
    Ok(result.map(Item::Decimal).into_iter().collect())
}
