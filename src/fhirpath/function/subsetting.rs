//! Functions that keep items by their place.
//! Clause: <https://hl7.org/fhirpath/N1/#subsetting>.

use super::super::evaluate::Outcome;
use super::super::item::Items;
use super::call::Call;

pub(super) fn single<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    call.one(&input)?;
    Ok(input)
}

pub(super) fn first<'a>(_: &Call<'a, '_>, mut input: Items<'a>) -> Outcome<'a> {
    input.truncate(1);
    Ok(input)
}

pub(super) fn last<'a>(_: &Call<'a, '_>, mut input: Items<'a>) -> Outcome<'a> {
    Ok(input.pop().into_iter().collect())
}

pub(super) fn tail<'a>(_: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    Ok(input.into_iter().skip(1).collect())
}

pub(super) fn skip<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let count = number(call)?;
    Ok(input.into_iter().skip(count).collect())
}

pub(super) fn take<'a>(call: &Call<'a, '_>, mut input: Items<'a>) -> Outcome<'a> {
    input.truncate(number(call)?);
    Ok(input)
}

fn number(call: &Call<'_, '_>) -> Result<usize, super::super::error::EvalError> {
    let number = call.integer(0)?.ok_or_else(|| call.wrong("an integer"))?;
    Ok(usize::try_from(number).unwrap_or(0))
}
