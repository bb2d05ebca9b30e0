//! Quantity parameters: <https://hl7.org/fhir/R4/search.html#quantity>. A number as of number parameters, and
//! a unit: `5.4|http://unitsofmeasure.org|mg`, `5.4||mg` (by code or as people write it), `5.4`.

use serde_json::{Map, Value};

use super::number::{self, ordered};
use super::{Entries, Found, bad_value, text};
use crate::error::Issue;
use crate::search::{EntryValue, Facet, Part, Test, digest, escape, qualifier};

const NO_SYSTEM: i64 = 0;
/// The system of currencies (<https://hl7.org/fhir/R4/datatypes.html#Money>).
const CURRENCIES: &str = "urn:iso:std:iso:4217";

pub fn index(found: &Found, entries: &mut Entries) {
    let Some(object) = found.json.as_object() else { return };
    // A Range has a quantity at each end.
    let (low, high) = (object.get("low"), object.get("high"));
    let ends = [low, high].into_iter().flatten().filter_map(Value::as_object);
    let (from, to) = match (low.and_then(Value::as_object), high.and_then(Value::as_object)) {
        (None, None) => match span(object) {
            Some(span) => span,
            None => return,
        },
        (low, high) => (
            low.and_then(span).map_or(i64::MIN, |(from, _)| from),
            high.and_then(span).map_or(i64::MAX, |(_, to)| to),
        ),
    };
    let mut units: Vec<(String, i64)> = Vec::new();
    for quantity in std::iter::once(object).chain(ends) {
        let system = text(quantity, "system").map_or(NO_SYSTEM, qualifier);
        units.extend(text(quantity, "code").map(|code| (digest::term(code), system)));
        units.extend(text(quantity, "unit").map(|unit| (digest::term(unit), NO_SYSTEM)));
        let currency = text(quantity, "currency");
        units.extend(currency.map(|currency| (digest::term(currency), qualifier(CURRENCIES))));
    }
    if units.is_empty() {
        units.push((String::new(), NO_SYSTEM));
    }
    for (value, qualifier) in units {
        let part = Part { low: from, high: to, value, qualifier, tuple: 0, part: 0 };
        entries.add(Facet::Value, EntryValue::Part(part));
    }
}

/// The numbers that a quantity may be, by its value and comparator.
fn span(quantity: &Map<String, Value>) -> Option<(i64, i64)> {
    let value = quantity.get("value")?.as_f64().filter(|value| !value.is_nan())?;
    let at = ordered(value);
    Some(match text(quantity, "comparator") {
        Some("<" | "<=") => (i64::MIN, at),
        Some(">" | ">=") => (at, i64::MAX),
        _ => (at, at),
    })
}

pub fn ask(value: &str) -> Result<Vec<Test>, Issue> {
    let pieces = escape::split(value, '|');
    let (unit, system) = match pieces.as_slice() {
        [_] => (None, None),
        [_, system, code] if !code.is_empty() => {
            let system = escape::unescape(system);
            (Some(digest::term(&escape::unescape(code))), (!system.is_empty()).then(|| qualifier(&system)))
        }
        _ => {
            let text = "a quantity is `number`, `number|system|code` or `number||unit`";
            return Err(bad_value(text));
        }
    };
    let tests = number::ask(&escape::unescape(pieces[0]))?;
    let with_unit = |test| match test {
        Test::Range(bounds) => Test::Quantity { bounds, unit: unit.clone(), system },
        other => other,
    };
    Ok(tests.into_iter().map(with_unit).collect())
}
