//! Numbers: reading them, and holding two of them against each other.
//! Clause: <https://hl7.org/fhirpath/N1/#decimal>, <https://hl7.org/fhirpath/N1/#equivalent>.

use rust_decimal::{Decimal, RoundingStrategy};
use std::str::FromStr;

/// Reads `-12.5`: a sign, digits, and digits after a point. No exponent.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || fraction.is_some_and(|fraction| !all_digits(fraction)) {
        return None;
    }
    Decimal::from_str(text).ok()
}

/// Reads a JSON number, which may have an exponent. `None` when it is out of reach.
pub(super) fn json_decimal(text: &str) -> Option<Decimal> {
    decimal(text).or_else(|| Decimal::from_scientific(text).ok())
}

/// Reads an Integer, which has 32 bits.
pub(super) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse::<i32>().ok().map(i64::from)
}

/// Equal when both are rounded to the digits of the less precise.
pub(super) fn equivalent(left: Decimal, right: Decimal) -> bool {
    let digits = left.normalize().scale().min(right.normalize().scale());
    rounded(left, digits) == rounded(right, digits)
}

/// Rounded to so many digits after the point, a half away from zero.
pub(super) fn rounded(number: Decimal, digits: u32) -> Decimal {
    number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}
