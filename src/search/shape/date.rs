//! Date parameters: <https://hl7.org/fhir/R4/search.html#date>. Every date is a range as long as its
//! precision, in milliseconds, both ends included; a period without an end reaches to the end of time.
//! A time without a zone is taken as UTC.

use chrono::{Days, Months, NaiveDate};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Asking, Entries, Found, Prefix, Shape, bad_value, objects, quoted, text};
use crate::error::Issue;
use crate::search::{Bound, End, EntryValue, Facet, Op, Test};

const MINUTE: i64 = 60_000;

pub fn index(found: &Found, entries: &mut Entries) {
    let range = match &*found.json {
        Value::String(moment) => range(moment).or_else(|| made(moment)),
        Value::Object(object) if object.contains_key("event") || object.contains_key("repeat") => {
            timing(object)
        }
        Value::Object(object) => period(object),
        _ => None,
    };
    if let Some((low, high)) = range.filter(|(low, high)| low <= high) {
        entries.add(Facet::Value, EntryValue::Range { low, high });
    }
}

/// When an id was made that tells so: <https://www.rfc-editor.org/rfc/rfc9562#section-5.7>.
fn made(id: &str) -> Option<(i64, i64)> {
    let id = Uuid::try_parse(id).ok().filter(|id| id.get_version_num() == 7)?;
    // 48 bits of milliseconds come first.
    let at = i64::try_from(id.as_u128() >> 80).ok()?;
    Some((at, at))
}

fn period(object: &Map<String, Value>) -> Option<(i64, i64)> {
    let (start, end) = (text(object, "start"), text(object, "end"));
    if start.is_none() && end.is_none() {
        return None;
    }
    let low = start.map_or(Some(i64::MIN), |start| Some(range(start)?.0))?;
    let high = end.map_or(Some(i64::MAX), |end| Some(range(end)?.1))?;
    Some((low, high))
}

/// Of a Timing only the outer limits matter: its events and the bounds of its repetition.
fn timing(object: &Map<String, Value>) -> Option<(i64, i64)> {
    let events = object.get("event").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let events = events.iter().filter_map(|event| range(event.as_str()?));
    let bounds =
        objects(object, "repeat").filter_map(|repeat| period(repeat.get("boundsPeriod")?.as_object()?));
    events.chain(bounds).reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
}

pub fn ask(shape: &impl Shape, asking: &Asking, value: &str) -> Result<Vec<Test>, Issue> {
    let (prefix, moment) = Prefix::split(value);
    let Some((low, high)) = range(moment) else {
        return Err(bad_value(format!(
            "{} is no date: give YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with Z or +hh:mm, after a \
             prefix (eq ne gt lt ge le sa eb ap) if need be",
            quoted(value)
        )));
    };
    let starts = |op, than| Bound { end: End::Low, op, than };
    let ends = |op, than| Bound { end: End::High, op, than };
    let tests = match prefix {
        Prefix::Eq => vec![vec![starts(Op::GreaterOrEqual, low), ends(Op::LessOrEqual, high)]],
        Prefix::Ne => vec![vec![starts(Op::Less, low)], vec![ends(Op::Greater, high)]],
        Prefix::Gt => vec![vec![ends(Op::Greater, high)]],
        Prefix::Lt => vec![vec![starts(Op::Less, low)]],
        // "Above, or within": what starts within and ends above is above. For a point in time the start
        // alone decides, which spares the store a second walk of its index.
        Prefix::Ge if shape.is_point() => vec![vec![starts(Op::GreaterOrEqual, low)]],
        Prefix::Le if shape.is_point() => vec![vec![ends(Op::LessOrEqual, high)]],
        Prefix::Ge => vec![vec![ends(Op::Greater, high)], vec![starts(Op::GreaterOrEqual, low)]],
        Prefix::Le => vec![vec![starts(Op::Less, low)], vec![ends(Op::LessOrEqual, high)]],
        Prefix::Sa => vec![vec![starts(Op::Greater, high)]],
        Prefix::Eb => vec![vec![ends(Op::Less, low)]],
        Prefix::Ap => {
            let gap = asking.now.abs_diff(low).min(i64::MAX as u64) as i64 / 10;
            vec![vec![
                starts(Op::LessOrEqual, high.saturating_add(gap)),
                ends(Op::GreaterOrEqual, low.saturating_sub(gap)),
            ]]
        }
    };
    Ok(tests.into_iter().map(Test::Range).collect())
}

/// The range of a date, dateTime or instant; `None` when it is none of them. Seconds may be left out, and
/// the `+` of a zone may have become a space on its way through a query.
pub fn range(text: &str) -> Option<(i64, i64)> {
    // Slices below cut by byte.
    if !text.is_ascii() {
        return None;
    }
    match text.split_once('T') {
        None => days(text),
        Some((date, time)) if date.len() == 10 => {
            let midnight = millis(day(date)?)?;
            let (time, offset) = zone(time)?;
            let (since, length) = time_of_day(time)?;
            let low = midnight + since - offset;
            Some((low, low + length - 1))
        }
        Some(_) => None,
    }
}

fn days(text: &str) -> Option<(i64, i64)> {
    let (first, after) = match text.len() {
        4 => {
            let first = NaiveDate::from_ymd_opt(year(text)?, 1, 1)?;
            (first, first.checked_add_months(Months::new(12))?)
        }
        7 if text.as_bytes()[4] == b'-' => {
            let first = NaiveDate::from_ymd_opt(year(&text[..4])?, digits(&text[5..])?, 1)?;
            (first, first.checked_add_months(Months::new(1))?)
        }
        10 => {
            let first = day(text)?;
            (first, first.checked_add_days(Days::new(1))?)
        }
        _ => return None,
    };
    Some((millis(first)?, millis(after)? - 1))
}

fn day(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    NaiveDate::from_ymd_opt(year(&text[..4])?, digits(&text[5..7])?, digits(&text[8..])?)
}

/// FHIR has no year 0.
fn year(text: &str) -> Option<i32> {
    i32::try_from(digits(text)?).ok().filter(|year| *year > 0)
}

fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn millis(day: NaiveDate) -> Option<i64> {
    Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
}

/// The time before the zone, and the zone's offset in milliseconds.
fn zone(text: &str) -> Option<(&str, i64)> {
    if let Some(time) = text.strip_suffix('Z') {
        return Some((time, 0));
    }
    let Some(at) = text.find(['+', '-', ' ']) else { return Some((text, 0)) };
    let (time, zone) = text.split_at(at);
    let (hours, minutes) = zone[1..].split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    let offset = i64::from(hours * 60 + minutes) * MINUTE;
    Some((time, if zone.starts_with('-') { -offset } else { offset }))
}

/// Milliseconds since midnight, and how many of them the text's precision covers.
fn time_of_day(text: &str) -> Option<(i64, i64)> {
    let two = |from: usize| text.get(from..from + 2).and_then(digits).map(i64::from);
    let colon = |at: usize| text.as_bytes().get(at) == Some(&b':');
    let (hour, minute) = (two(0)?, two(3)?);
    if hour > 23 || minute > 59 || !colon(2) {
        return None;
    }
    let since = (hour * 60 + minute) * MINUTE;
    if text.len() == 5 {
        return Some((since, MINUTE));
    }
    // A leap second is written as the sixtieth.
    let second = two(6).filter(|second| *second <= 60 && colon(5))?;
    let since = since + second * 1000;
    match text.get(8..)? {
        "" => Some((since, 1000)),
        fraction => {
            let fraction = fraction.strip_prefix('.').filter(|fraction| !fraction.is_empty())?;
            if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            // What is finer than a millisecond is cut off.
            let kept = &fraction[..fraction.len().min(3)];
            let unit = [1000, 100, 10, 1][kept.len()];
            Some((since + i64::from(digits(kept)?) * unit, unit))
        }
    }
}
