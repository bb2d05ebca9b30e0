//! A number with a unit: how two of them compare, add and multiply.
//! Clause: <https://hl7.org/fhirpath/N1/#quantity>, <https://hl7.org/fhirpath/N1/#quantity-equality>.

use super::number;
use super::unit::{self, Reduced};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// A number with a unit.
#[derive(Debug, Clone)]
pub struct Quantity<'a> {
    /// How much.
    pub value: Decimal,
    /// Of what: a UCUM code, or a calendar word as it was written.
    pub unit: Cow<'a, str>,
    /// The unit is a calendar word, as in `4 days`.
    pub calendar: bool,
}

impl<'a> Quantity<'a> {
    /// A bare number, whose unit is UCUM's `1`.
    pub fn bare(value: Decimal) -> Self {
        Self { value, unit: Cow::Borrowed("1"), calendar: false }
    }

    /// Reads `1`, `1.5 'mg'` or `4 days`.
    pub fn parse(text: &str) -> Option<Quantity<'static>> {
        let text = text.trim();
        let cut = text
            .find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '+' | '-' | '.')))
            .unwrap_or(text.len());
        let (number, rest) = text.split_at_checked(cut)?;
        let value = number::decimal(number)?;
        let unit = rest.trim();
        if unit.is_empty() {
            return Some(Quantity::bare(value));
        }
        if let Some(code) = unit.strip_prefix('\'').and_then(|unit| unit.strip_suffix('\'')) {
            let valid = !code.is_empty() && !code.contains(['\'', ' ']);
            let unit = Cow::Owned(code.to_owned());
            return valid.then_some(Quantity { value, unit, calendar: false });
        }
        unit::calendar(unit)?;
        Some(Quantity { value, unit: Cow::Owned(unit.to_owned()), calendar: true })
    }

    fn reduced(&self) -> Option<Reduced> {
        if self.calendar { unit::reduce_calendar(&self.unit) } else { unit::reduce(&self.unit) }
    }

    fn same_unit(&self, other: &Self) -> bool {
        self.calendar == other.calendar && self.unit == other.unit
    }

    /// Both values in one unit; `None` when the units do not compare.
    fn aligned(&self, other: &Self) -> Option<(Decimal, Decimal)> {
        if self.same_unit(other) {
            return Some((self.value, other.value));
        }
        let (own, theirs) = (self.reduced()?, other.reduced()?);
        if own.powers != theirs.powers {
            return None;
        }
        let value = self.value.checked_mul(own.factor)?;
        Some((value, other.value.checked_mul(theirs.factor)?))
    }

    /// Whether the two measure the same thing.
    pub(super) fn comparable(&self, other: &Self) -> bool {
        self.aligned(other).is_some()
    }

    /// Which is more; `None` when the units do not compare.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        self.aligned(other).map(|(own, theirs)| own.cmp(&theirs))
    }

    /// The same, to the precision of the less precise; a calendar year passes for UCUM's.
    pub(super) fn equivalent(&self, other: &Self) -> bool {
        let (own, theirs) = (self.as_code(), other.as_code());
        if own.unit == theirs.unit {
            return number::equivalent(own.value, theirs.value);
        }
        let (Some(unit), Some(target)) = (own.reduced(), theirs.reduced()) else {
            return false;
        };
        if unit.powers != target.powers {
            return false;
        }
        // Measured in the coarser of the two units, where precision is lost first.
        let (coarse, fine, ratio) = if unit.factor >= target.factor {
            (own.value, theirs.value, target.factor.checked_div(unit.factor))
        } else {
            (theirs.value, own.value, unit.factor.checked_div(target.factor))
        };
        match ratio.and_then(|ratio| fine.checked_mul(ratio)) {
            Some(fine) => number::equivalent(coarse, fine),
            None => false,
        }
    }

    fn as_code(&self) -> Quantity<'_> {
        let code = match unit::calendar(&self.unit) {
            Some((_, code)) if self.calendar => code,
            _ => &self.unit,
        };
        Quantity { value: self.value, unit: Cow::Borrowed(code), calendar: false }
    }

    /// The sum, in our unit.
    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        let (own, theirs) = self.aligned(other)?;
        let sum = own.checked_add(theirs)?;
        let value = if self.same_unit(other) { sum } else { sum.checked_div(self.reduced()?.factor)? };
        Some(Self { value, ..self.clone() })
    }

    /// The same with the sign turned.
    pub(super) fn negated(&self) -> Self {
        Self { value: -self.value, ..self.clone() }
    }

    /// The product, in the product of the units.
    pub(super) fn times(&self, other: &Self) -> Option<Self> {
        let value = self.value.checked_mul(other.value)?;
        self.combined(other, value, '.')
    }

    /// The quotient, in the quotient of the units.
    pub(super) fn over(&self, other: &Self) -> Option<Self> {
        let value = self.value.checked_div(other.value)?;
        self.combined(other, value, '/')
    }

    fn combined(&self, other: &Self, value: Decimal, sign: char) -> Option<Self> {
        let (own, theirs) = (self.as_code(), other.as_code());
        let unit = match (own.unit.as_ref(), theirs.unit.as_ref()) {
            (own, "1") => own.to_owned(),
            ("1", theirs) if sign == '.' => theirs.to_owned(),
            (own, theirs) if sign == '/' && own == theirs => "1".to_owned(),
            // Every later part of a divisor has to be divided by as well.
            (own, theirs) if sign == '/' && theirs.contains(['.', '/']) => {
                let turned: String = theirs
                    .chars()
                    .map(|letter| match letter {
                        '.' => '/',
                        '/' => '.',
                        letter => letter,
                    })
                    .collect();
                format!("{own}/{turned}")
            }
            (own, theirs) => format!("{own}{sign}{theirs}"),
        };
        (unit.len() <= 200).then_some(Self { value, unit: Cow::Owned(unit), calendar: false })
    }
}

impl fmt::Display for Quantity<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.calendar {
            write!(out, "{} {}", self.value, self.unit)
        } else {
            write!(out, "{} '{}'", self.value, self.unit)
        }
    }
}
