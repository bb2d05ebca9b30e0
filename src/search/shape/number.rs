//! Number parameters: <https://hl7.org/fhir/R4/search.html#number>. A number in a resource is a point; an
//! asked one covers, for `eq` and `ne`, all that is rounded to it: `100` is from 99.5 up to below 100.5.

use serde_json::Value;

use super::{Entries, Found, Prefix, bad_value, quoted};
use crate::error::Issue;
use crate::search::{Bound, End, EntryValue, Facet, Op, Test};

/// More digits than any decimal that FHIR asks a server to keep.
const MOST_DIGITS: usize = 30;
const LARGEST_EXPONENT: i32 = 300;

/// Maps doubles to integers in the same order.
pub fn ordered(number: f64) -> i64 {
    // Both zeros are one number.
    let bits = if number == 0.0 { 0 } else { number.to_bits().cast_signed() };
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

pub fn index(found: &Found, entries: &mut Entries) {
    let number = match &*found.json {
        Value::Number(number) => number.as_f64(),
        _ => None,
    };
    if let Some(number) = number.filter(|number| !number.is_nan()) {
        let at = ordered(number);
        entries.add(Facet::Value, EntryValue::Range { low: at, high: at });
    }
}

pub fn ask(value: &str) -> Result<Vec<Test>, Issue> {
    let (prefix, number) = Prefix::split(value);
    let Some(asked) = Asked::read(number) else {
        return Err(bad_value(format!(
            "{} is no number: give digits like 100, 5.40 or 1e2, after a prefix (eq ne gt lt ge le sa eb ap) \
             if need be",
            quoted(value)
        )));
    };
    let above = |op, than| Bound { end: End::High, op, than: ordered(than) };
    let below = |op, than| Bound { end: End::Low, op, than: ordered(than) };
    let tests = match prefix {
        Prefix::Eq => vec![vec![below(Op::GreaterOrEqual, asked.from), above(Op::Less, asked.to)]],
        Prefix::Ne => vec![vec![below(Op::Less, asked.from)], vec![above(Op::GreaterOrEqual, asked.to)]],
        Prefix::Gt | Prefix::Sa => vec![vec![above(Op::Greater, asked.value)]],
        Prefix::Lt | Prefix::Eb => vec![vec![below(Op::Less, asked.value)]],
        Prefix::Ge => vec![vec![above(Op::GreaterOrEqual, asked.value)]],
        Prefix::Le => vec![vec![below(Op::LessOrEqual, asked.value)]],
        Prefix::Ap => {
            let tenth = asked.value.abs() / 10.0;
            vec![vec![
                below(Op::GreaterOrEqual, asked.from.min(asked.value - tenth)),
                above(Op::LessOrEqual, asked.to.max(asked.value + tenth)),
            ]]
        }
    };
    Ok(tests.into_iter().map(Test::Range).collect())
}

/// An asked number and the range that is rounded to it, without its upper end.
struct Asked {
    value: f64,
    from: f64,
    to: f64,
}

impl Asked {
    fn read(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent.parse::<i32>().ok()?)),
            None => (text, None),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        if whole.is_empty() || fraction.is_empty() || whole.len() + fraction.len() > MOST_DIGITS {
            return None;
        }
        let fraction = if digits.contains('.') { fraction } else { "" };
        let all = format!("{whole}{fraction}");
        if !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let magnitude: i128 = all.parse().ok()?;
        let signed = if negative { -magnitude } else { magnitude };
        let unit = exponent.unwrap_or(0).checked_sub(i32::try_from(fraction.len()).ok()?)?;
        if unit.abs() > LARGEST_EXPONENT {
            return None;
        }
        // The specification reads `1e2` as 95 up to 105: one digit with an exponent counts as two.
        let one_digit = exponent.is_some() && all.len() == 1;
        let (signed, unit) = if one_digit { (signed * 10, unit - 1) } else { (signed, unit) };
        // Half a unit each way, in exact decimals up to the last step.
        let double =
            |tenths: i128| format!("{tenths}e{}", unit - 1).parse::<f64>().ok().filter(|n| n.is_finite());
        Some(Self {
            value: double(signed * 10)?,
            from: double(signed * 10 - 5)?,
            to: double(signed * 10 + 5)?,
        })
    }
}
