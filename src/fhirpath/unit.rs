//! Units: the part of UCUM that clinical quantities use, and the calendar words.
//! Clause: <https://hl7.org/fhirpath/N1/#quantity>, <https://ucum.org/ucum>.
//!
//! A unit is reduced to a factor and the powers of its base units; two units compare when the
//! powers agree. A unit that is not in the table compares only with itself.

use super::unit_table::{ATOMS, BASE, PREFIXES, WORDS};
use rust_decimal::Decimal;
use std::str::FromStr;

/// The powers of: metre, second, gram, radian, kelvin, coulomb, candela, mole, calendar month,
/// international unit.
pub(super) type Powers = [i8; 10];

/// A unit in terms of the base units.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reduced {
    pub(super) factor: Decimal,
    pub(super) powers: Powers,
}

const MONTH: usize = 8;

/// The calendar word, in the singular, and the UCUM code nearest to it.
pub(super) fn calendar(word: &str) -> Option<(&'static str, &'static str)> {
    WORDS.iter().find(|(one, many, _)| word == *one || word == *many).map(|(one, _, code)| (*one, *code))
}

/// Reduces a calendar word. A year is twelve months, but neither is a fixed number of days.
pub(super) fn reduce_calendar(word: &str) -> Option<Reduced> {
    let (word, code) = calendar(word)?;
    let months = match word {
        "year" => Decimal::from(12),
        "month" => Decimal::ONE,
        _ => return reduce(code),
    };
    let mut powers = Powers::default();
    powers[MONTH] = 1;
    Some(Reduced { factor: months, powers })
}

/// Reduces a UCUM code, as `mg/dL`; `None` when a part of it is not known.
pub(super) fn reduce(code: &str) -> Option<Reduced> {
    let mut sum = Reduced { factor: Decimal::ONE, powers: Powers::default() };
    let mut sign = 1_i8;
    for (place, part) in code.split_inclusive(['.', '/']).enumerate() {
        let divides_next = part.ends_with('/');
        let part = part.trim_end_matches(['.', '/']);
        // A leading slash, as in `/min`, divides one.
        if !(part.is_empty() && place == 0) {
            let reduced = component(part)?;
            for (own, more) in sum.powers.iter_mut().zip(reduced.powers) {
                *own = own.checked_add(more.checked_mul(sign)?)?;
            }
            sum.factor = if sign > 0 {
                sum.factor.checked_mul(reduced.factor)?
            } else {
                sum.factor.checked_div(reduced.factor)?
            };
        }
        sign = if divides_next { -1 } else { 1 };
    }
    Some(sum)
}

/// One component: a number, or an atom with prefix, exponent and annotation, as `cm2` or `{beats}`.
fn component(text: &str) -> Option<Reduced> {
    let text = text.split('{').next().unwrap_or(text);
    if text.is_empty() {
        return Some(Reduced { factor: Decimal::ONE, powers: Powers::default() });
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let factor = Decimal::from_str(text).ok().filter(|factor| !factor.is_zero())?;
        return Some(Reduced { factor, powers: Powers::default() });
    }
    if let Some(power) = text.strip_prefix("10*").or_else(|| text.strip_prefix("10^")) {
        let factor = ten_to(power.parse().ok()?)?;
        return Some(Reduced { factor, powers: Powers::default() });
    }
    let cut = text
        .rfind(|letter: char| !letter.is_ascii_digit() && letter != '-' && letter != '+')
        .map_or(0, |at| at + 1);
    let (name, exponent) = text.split_at_checked(cut)?;
    let exponent: i8 = match exponent {
        "" => 1,
        digits => digits.parse().ok().filter(|power: &i8| (-9..=9).contains(power))?,
    };
    raised(&atom(name).or_else(|| prefixed(name))?, exponent)
}

fn prefixed(name: &str) -> Option<Reduced> {
    PREFIXES.iter().find_map(|(prefix, power)| {
        let unit = atom(name.strip_prefix(prefix)?)?;
        Some(Reduced { factor: unit.factor.checked_mul(ten_to(*power)?)?, powers: unit.powers })
    })
}

fn atom(name: &str) -> Option<Reduced> {
    if let Some((_, index)) = BASE.iter().find(|(own, _)| *own == name) {
        let mut powers = Powers::default();
        powers[*index] = 1;
        return Some(Reduced { factor: Decimal::ONE, powers });
    }
    let (_, factor, of) = ATOMS.iter().find(|(own, _, _)| *own == name)?;
    let rest = reduce(of)?;
    let factor = Decimal::from_str(factor).ok()?.checked_mul(rest.factor)?;
    Some(Reduced { factor, powers: rest.powers })
}

fn raised(unit: &Reduced, exponent: i8) -> Option<Reduced> {
    let mut factor = Decimal::ONE;
    for _ in 0..exponent.unsigned_abs() {
        factor = factor.checked_mul(unit.factor)?;
    }
    if exponent < 0 {
        factor = Decimal::ONE.checked_div(factor)?;
    }
    let mut powers = unit.powers;
    for power in &mut powers {
        *power = power.checked_mul(exponent)?;
    }
    Some(Reduced { factor, powers })
}

fn ten_to(power: i32) -> Option<Decimal> {
    let size = power.unsigned_abs();
    if size > 27 {
        return None;
    }
    if power < 0 {
        return Some(Decimal::new(1, size));
    }
    Decimal::from_i128_with_scale(10_i128.pow(size), 0).into()
}
