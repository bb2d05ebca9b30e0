//! `toX` and `convertsToX`, but for quantities.
//! Clause: <https://hl7.org/fhirpath/N1/#conversion>.

use super::super::evaluate::Outcome;
use super::super::item::{Item, Items};
use super::super::moment::MomentKind;
use super::super::{moment_text, number};
use super::call::{Call, boolean, nothing};
use rust_decimal::Decimal;

type Conversion = for<'a> fn(Item<'a>) -> Option<Item<'a>>;

fn convert<'a>(call: &Call<'a, '_>, input: &[Item<'a>], to: Conversion) -> Outcome<'a> {
    let item = call.one(input)?.map(Item::system);
    Ok(item.and_then(to).into_iter().collect())
}

fn converts<'a>(call: &Call<'a, '_>, input: &[Item<'a>], to: Conversion) -> Outcome<'a> {
    match call.one(input)? {
        Some(item) => boolean(to(item.system()).is_some()),
        None => nothing(),
    }
}

macro_rules! conversions {
    ($($to:ident, $converts:ident, $with:path;)*) => {$(
        pub(super) fn $to<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
            convert(call, &input, $with)
        }

        pub(super) fn $converts<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
            converts(call, &input, $with)
        }
    )*};
}

conversions! {
    to_boolean, converts_to_boolean, as_boolean;
    to_integer, converts_to_integer, as_integer;
    to_decimal, converts_to_decimal, as_decimal;
    to_string, converts_to_string, as_string;
    to_date, converts_to_date, as_date;
    to_date_time, converts_to_date_time, as_date_time;
    to_time, converts_to_time, as_time;
}

fn as_boolean(item: Item<'_>) -> Option<Item<'_>> {
    let truth = match &item {
        Item::Boolean(truth) => *truth,
        Item::Integer(1) => true,
        Item::Integer(0) => false,
        Item::Decimal(number) if *number == Decimal::ONE => true,
        Item::Decimal(number) if number.is_zero() => false,
        Item::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => true,
            "false" | "f" | "no" | "n" | "0" | "0.0" => false,
            _ => return None,
        },
        _ => return None,
    };
    Some(Item::Boolean(truth))
}

fn as_integer(item: Item<'_>) -> Option<Item<'_>> {
    match &item {
        Item::Integer(_) => Some(item),
        Item::Boolean(truth) => Some(Item::Integer(i64::from(*truth))),
        Item::String(text) => number::integer(text).map(Item::Integer),
        _ => None,
    }
}

fn as_decimal(item: Item<'_>) -> Option<Item<'_>> {
    match &item {
        Item::Decimal(_) => Some(item),
        Item::Integer(number) => Some(Item::Decimal(Decimal::from(*number))),
        Item::Boolean(truth) => Some(Item::Decimal(Decimal::from(i64::from(*truth)))),
        Item::String(text) => number::decimal(text).map(Item::Decimal),
        _ => None,
    }
}

fn as_string(item: Item<'_>) -> Option<Item<'_>> {
    match &item {
        Item::String(_) => Some(item),
        _ => item.system_name().map(|_| Item::text(item.to_string())),
    }
}

fn as_date(item: Item<'_>) -> Option<Item<'_>> {
    let moment = match &item {
        Item::Moment(moment) if moment.kind != MomentKind::Time => moment.date_part(),
        // The date of a dateTime is what comes before its T.
        Item::String(text) => moment_text::date_time(text)?.date_part(),
        _ => return None,
    };
    Some(Item::Moment(moment))
}

fn as_date_time(item: Item<'_>) -> Option<Item<'_>> {
    let mut moment = match &item {
        Item::Moment(moment) if moment.kind != MomentKind::Time => *moment,
        Item::String(text) => moment_text::date_time(text)?,
        _ => return None,
    };
    moment.kind = MomentKind::DateTime;
    Some(Item::Moment(moment))
}

fn as_time(item: Item<'_>) -> Option<Item<'_>> {
    match &item {
        Item::Moment(moment) if moment.kind == MomentKind::Time => Some(item),
        Item::String(text) => moment_text::time(text).map(Item::Moment),
        _ => None,
    }
}
