//! `lowBoundary`, `highBoundary` and `precision`: what a value of limited precision may stand for.
//! Clause: <https://hl7.org/fhirpath/#lowboundaryprecision-integer-decimal--date--datetime--time>.

use super::super::evaluate::Outcome;
use super::super::item::{Item, Items};
use super::super::moment::{Moment, MomentKind, Precision};
use super::super::quantity::Quantity;
use super::call::Call;
use chrono::{Duration, FixedOffset, Timelike};
use rust_decimal::{Decimal, RoundingStrategy};

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Low,
    High,
}

pub(super) fn low<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    boundary(call, input, Side::Low)
}

pub(super) fn high<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    boundary(call, input, Side::High)
}

pub(super) fn precision<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let digits = match call.one(&input)?.map(Item::system) {
        None => return Ok(Vec::new()),
        Some(Item::Integer(_)) => 0,
        Some(Item::Decimal(number)) => number.scale(),
        Some(Item::Moment(moment)) => digits(&moment),
        Some(_) => return Err(call.wrong("a decimal, a date or a time")),
    };
    Ok(vec![Item::Integer(i64::from(digits))])
}

fn boundary<'a>(call: &Call<'a, '_>, input: Items<'a>, side: Side) -> Outcome<'a> {
    let wanted = call.integer(0)?;
    let item = match call.one(&input)?.map(Item::system) {
        None => None,
        Some(Item::Integer(number)) => edge(Decimal::from(number), wanted, side).map(Item::Decimal),
        Some(Item::Decimal(number)) => edge(number, wanted, side).map(Item::Decimal),
        Some(Item::Quantity(quantity)) => {
            edge(quantity.value, wanted, side).map(|value| Item::Quantity(Quantity { value, ..quantity }))
        }
        Some(Item::Moment(moment)) => limit(moment, wanted, side).map(Item::Moment),
        Some(_) => return Err(call.wrong("a number, a quantity, a date or a time")),
    };
    Ok(item.into_iter().collect())
}

/// Half a unit of the last digit away, rounded outward so that it still bounds the value.
fn edge(number: Decimal, wanted: Option<i64>, side: Side) -> Option<Decimal> {
    let wanted = u32::try_from(wanted.unwrap_or(8)).ok().filter(|wanted| *wanted <= 28)?;
    let half = Decimal::try_new(5, number.scale() + 1).ok()?;
    let (edge, outward) = match side {
        Side::Low => (number.checked_sub(half)?, RoundingStrategy::ToNegativeInfinity),
        Side::High => (number.checked_add(half)?, RoundingStrategy::ToPositiveInfinity),
    };
    let mut edge = edge.round_dp_with_strategy(wanted, outward);
    edge.rescale(wanted);
    Some(edge)
}

/// The digits a moment is written with, leaving out what separates them.
fn digits(moment: &Moment) -> u32 {
    let date = match moment.precision {
        Precision::Year => 4,
        Precision::Month => 6,
        Precision::Day => 8,
        Precision::Hour => 10,
        Precision::Minute => 12,
        Precision::Second if moment.fraction == 0 => 14,
        Precision::Second => 17,
    };
    if moment.kind == MomentKind::Time { date - 8 } else { date }
}

fn limit(moment: Moment, wanted: Option<i64>, side: Side) -> Option<Moment> {
    let time = moment.kind == MomentKind::Time;
    let whole = match moment.kind {
        MomentKind::Date => 8,
        MomentKind::DateTime => 17,
        MomentKind::Time => 9,
    };
    let wanted = wanted.unwrap_or(whole) + if time { 8 } else { 0 };
    let (precision, fraction) = match wanted {
        4 => (Precision::Year, 0),
        6 => (Precision::Month, 0),
        8 => (Precision::Day, 0),
        10 => (Precision::Hour, 0),
        12 => (Precision::Minute, 0),
        14 => (Precision::Second, 0),
        17 => (Precision::Second, 3),
        _ => return None,
    };
    if time && precision < Precision::Hour {
        return None;
    }
    // FHIR does not know an hour without its minutes, and reads T08 as T08:00.
    let known = match moment.precision {
        Precision::Hour => Moment { precision: Precision::Minute, ..moment },
        _ => moment,
    };
    let local = match side {
        Side::Low => known.local,
        Side::High if known.precision == Precision::Second && known.fraction == 0 => {
            known.local.checked_add_signed(Duration::milliseconds(999))?
        }
        Side::High => {
            let latest = known.latest_local()?;
            latest.with_nanosecond(latest.nanosecond() / 1_000_000 * 1_000_000)?
        }
    };
    let clock = precision > Precision::Day;
    let kind = if clock && !time { MomentKind::DateTime } else { moment.kind };
    // Without an offset it may be anywhere on Earth.
    let offset = match (side, known.offset) {
        _ if time || !clock => None,
        (_, Some(offset)) => Some(offset),
        (Side::Low, None) => FixedOffset::east_opt(14 * 3600),
        (Side::High, None) => FixedOffset::west_opt(12 * 3600),
    };
    Some(Moment { local, precision, offset, fraction, kind })
}
