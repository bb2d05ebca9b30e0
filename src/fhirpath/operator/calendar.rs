//! Moves dates and times by a quantity of time.
//! Clause: <https://hl7.org/fhirpath/N1/#datetime-arithmetic>.

use super::super::error::EvalError;
use super::super::moment::{Moment, MomentKind, Precision};
use super::super::quantity::Quantity;
use super::super::unit;
use chrono::{Duration, Months};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The moment, moved forward, or with a sign of -1 backward. `None` when it leaves the calendar.
pub(super) fn moved(moment: Moment, by: &Quantity<'_>, sign: i64) -> Result<Option<Moment>, EvalError> {
    let word = word(by)?;
    if moment.kind == MomentKind::Time && matches!(word, "year" | "month" | "week" | "day") {
        return Err(EvalError::invalid(format!("a time does not move by a {word}")));
    }
    Ok(by_word(moment, word, by.value * Decimal::from(sign)))
}

/// The calendar word a quantity of time stands for. UCUM's years and months are fractions of the
/// mean solar year, with which no calendar can be moved.
fn word(by: &Quantity<'_>) -> Result<&'static str, EvalError> {
    let word = match by.unit.as_ref() {
        "wk" => Some("week"),
        "d" => Some("day"),
        "h" => Some("hour"),
        "min" => Some("minute"),
        "s" => Some("second"),
        "ms" => Some("millisecond"),
        written => unit::calendar(written).map(|(word, _)| word),
    };
    word.ok_or_else(|| EvalError::invalid(format!("a date does not move by '{}'", by.unit)))
}

fn by_word(moment: Moment, word: &str, amount: Decimal) -> Option<Moment> {
    if word == "year" || word == "month" {
        let each = if word == "year" { 12 } else { 1 };
        let months = amount.trunc().to_i64()?.checked_mul(each)?;
        // A year has no months to move by: only whole years count.
        let months = match moment.precision {
            Precision::Year => months - months % 12,
            _ => months,
        };
        let size = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
        let local = if months < 0 {
            moment.local.checked_sub_months(size)?
        } else {
            moment.local.checked_add_months(size)?
        };
        return Some(Moment { local, ..moment });
    }
    let millis: i64 = match word {
        "week" => 604_800_000,
        "day" => 86_400_000,
        "hour" => 3_600_000,
        "minute" => 60_000,
        "second" => 1_000,
        _ => 1,
    };
    // Only seconds have fractions worth counting.
    let total = match word {
        "second" => amount.checked_mul(Decimal::from(millis))?.trunc().to_i64()?,
        _ => amount.trunc().to_i64()?.checked_mul(millis)?,
    };
    let days = total / 86_400_000;
    match moment.precision {
        Precision::Year => by_word(moment, "year", Decimal::from(days / 365)),
        Precision::Month => by_word(moment, "month", Decimal::from(days / 30)),
        precision => {
            let step = match precision {
                Precision::Day => 86_400_000,
                Precision::Hour => 3_600_000,
                Precision::Minute => 60_000,
                _ => 1,
            };
            let by = Duration::try_milliseconds(total - total % step)?;
            let fraction = match total % 1000 {
                0 => moment.fraction,
                _ => moment.fraction.max(3),
            };
            let local = moment.local.checked_add_signed(by)?;
            let moved = Moment { local, fraction, ..moment };
            // A time has no day to run over into.
            Some(if moment.kind == MomentKind::Time { moved.time_part() } else { moved })
        }
    }
}
