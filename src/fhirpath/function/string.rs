//! Functions on strings. Positions count characters, not bytes.
//! Clause: <https://hl7.org/fhirpath/N1/#string-manipulation>.

use super::super::error::EvalError;
use super::super::evaluate::{Outcome, integer};
use super::super::item::{Item, Items};
use super::call::{Call, boolean, nothing};
use std::borrow::Cow;

type Text<'a> = Cow<'a, str>;

/// The input and the first argument, where both are there.
fn pair<'a>(call: &Call<'a, '_>, input: &[Item<'a>]) -> Result<Option<(Text<'a>, Text<'a>)>, EvalError> {
    let text = call.as_string(input)?;
    Ok(text.zip(call.string(0)?))
}

pub(super) fn index_of<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let Some((text, part)) = pair(call, &input)? else {
        return nothing();
    };
    let before = text.find(part.as_ref()).and_then(|at| text.get(..at));
    let place = before.map_or(Item::Integer(-1), |before| integer(before.chars().count()));
    Ok(vec![place])
}

pub(super) fn starts_with<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    match pair(call, &input)? {
        Some((text, part)) => boolean(text.starts_with(part.as_ref())),
        None => nothing(),
    }
}

pub(super) fn ends_with<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    match pair(call, &input)? {
        Some((text, part)) => boolean(text.ends_with(part.as_ref())),
        None => nothing(),
    }
}

pub(super) fn contains<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    match pair(call, &input)? {
        Some((text, part)) => boolean(text.contains(part.as_ref())),
        None => nothing(),
    }
}

pub(super) fn substring<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let text = call.as_string(&input)?;
    let (Some(text), Some(start)) = (text, call.integer(0)?) else {
        return nothing();
    };
    let Ok(start) = usize::try_from(start) else {
        return nothing();
    };
    let mut rest = text.chars().skip(start).peekable();
    if rest.peek().is_none() {
        return nothing();
    }
    let length = call.integer(1)?;
    let length = length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(0));
    call.made(rest.take(length).collect())
}

pub(super) fn upper<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    turned(call, input, str::to_uppercase)
}

pub(super) fn lower<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    turned(call, input, str::to_lowercase)
}

pub(super) fn trim<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    turned(call, input, |text| text.trim().to_owned())
}

fn turned<'a>(call: &Call<'a, '_>, input: Items<'a>, turn: fn(&str) -> String) -> Outcome<'a> {
    match call.as_string(&input)? {
        Some(text) => call.made(turn(&text)),
        None => nothing(),
    }
}

pub(super) fn replace<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let (Some((text, part)), Some(by)) = (pair(call, &input)?, call.string(1)?) else {
        return nothing();
    };
    // What comes out may be far longer than what goes in, and is paid for before it is made.
    let finds = text.matches(part.as_ref()).count();
    call.evaluator.spend_text(finds.saturating_mul(by.len()))?;
    call.made(text.replace(part.as_ref(), &by))
}

pub(super) fn length<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let text = call.as_string(&input)?;
    let count = text.map(|text| integer(text.chars().count()));
    Ok(count.into_iter().collect())
}

pub(super) fn to_chars<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let text = call.as_string(&input)?.unwrap_or_default();
    call.evaluator.spend(text.len() as u64)?;
    Ok(text.chars().map(Item::text).collect())
}

pub(super) fn split<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let Some((text, separator)) = pair(call, &input)? else {
        return nothing();
    };
    call.evaluator.spend(text.len() as u64)?;
    if separator.is_empty() {
        return to_chars(call, input);
    }
    Ok(text.split(separator.as_ref()).map(Item::text).collect())
}

pub(super) fn join<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let separator = call.string(0)?.unwrap_or_default();
    if input.is_empty() {
        return nothing();
    }
    let mut joined = String::new();
    for (index, item) in input.iter().enumerate() {
        let text = item.as_str().ok_or_else(|| call.wrong("strings"))?;
        if index > 0 {
            joined.push_str(&separator);
        }
        joined.push_str(text);
        call.evaluator.spend_text(text.len() + separator.len())?;
    }
    call.made(joined)
}
