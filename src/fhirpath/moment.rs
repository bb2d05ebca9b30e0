//! Dates, dateTimes and times: known to a precision, with or without an offset.
//! Clause: <https://hl7.org/fhirpath/N1/#date>, <https://hl7.org/fhirpath/N1/#datetime-equality>.

use chrono::{DateTime, Duration, FixedOffset, Months, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use std::cmp::Ordering;
use std::fmt;

/// How far a moment is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// Four digits.
    Year,
    /// Year and month.
    Month,
    /// A whole day.
    Day,
    /// Hour, without minutes.
    Hour,
    /// Hour and minute.
    Minute,
    /// Seconds, with any fraction.
    Second,
}

/// Which of the three temporal types a moment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MomentKind {
    /// A calendar date.
    Date,
    /// A date with a time of day.
    DateTime,
    /// A time of day.
    Time,
}

/// A point in time as far as it is known.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The wall clock, with the parts that are not known at their lowest; a time lies on 1970-01-01.
    pub local: NaiveDateTime,
    /// How far it is known.
    pub precision: Precision,
    /// Distance from UTC, where it was written.
    pub offset: Option<FixedOffset>,
    /// Digits written after the seconds.
    pub fraction: u8,
    /// Date, dateTime or time.
    pub kind: MomentKind,
}

impl Moment {
    /// An instant, to the millisecond.
    pub fn instant(now: DateTime<Utc>) -> Self {
        Self {
            local: now.naive_utc(),
            precision: Precision::Second,
            offset: FixedOffset::east_opt(0),
            fraction: 3,
            kind: MomentKind::DateTime,
        }
    }

    /// The day it falls on.
    pub fn date_part(self) -> Self {
        Self {
            local: self.local.date().and_time(NaiveTime::MIN),
            precision: self.precision.min(Precision::Day),
            offset: None,
            fraction: 0,
            kind: MomentKind::Date,
        }
    }

    /// The time of day it falls on.
    pub fn time_part(self) -> Self {
        Self {
            local: NaiveDate::default().and_time(self.local.time()),
            offset: None,
            kind: MomentKind::Time,
            ..self
        }
    }

    /// The last wall-clock moment that still reads the same.
    pub(super) fn latest_local(&self) -> Option<NaiveDateTime> {
        let next = match self.precision {
            Precision::Year => self.local.checked_add_months(Months::new(12))?,
            Precision::Month => self.local.checked_add_months(Months::new(1))?,
            Precision::Day => self.local.checked_add_signed(Duration::days(1))?,
            Precision::Hour => self.local.checked_add_signed(Duration::hours(1))?,
            Precision::Minute => self.local.checked_add_signed(Duration::minutes(1))?,
            Precision::Second => return Some(self.local),
        };
        next.checked_sub_signed(Duration::nanoseconds(1))
    }

    /// Which comes first; `None` where the precision or a missing offset leaves it open.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        let (ours, theirs) = (self.offset, other.offset);
        if self.precision == other.precision && ours.is_some() == theirs.is_some() {
            return Some(shifted(self.local, ours)?.cmp(&shifted(other.local, theirs)?));
        }
        // Only one of them says where on Earth it is: the other may be anywhere.
        let unsure = ours.is_some() != theirs.is_some();
        let (from, to) = self.span(unsure)?;
        let (other_from, other_to) = other.span(unsure)?;
        if to < other_from {
            Some(Ordering::Less)
        } else if from > other_to {
            Some(Ordering::Greater)
        } else {
            None
        }
    }

    fn span(&self, unsure: bool) -> Option<(NaiveDateTime, NaiveDateTime)> {
        let (from, to) = (self.local, self.latest_local()?);
        match self.offset {
            None if unsure => Some((
                from.checked_sub_signed(Duration::hours(14))?,
                to.checked_add_signed(Duration::hours(12))?,
            )),
            offset => Some((shifted(from, offset)?, shifted(to, offset)?)),
        }
    }
}

fn shifted(local: NaiveDateTime, offset: Option<FixedOffset>) -> Option<NaiveDateTime> {
    match offset {
        Some(offset) => local.checked_sub_offset(offset),
        None => Some(local),
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind != MomentKind::Time {
            let days = match self.precision {
                Precision::Year => "%Y",
                Precision::Month => "%Y-%m",
                _ => "%Y-%m-%d",
            };
            write!(out, "{}", self.local.format(days))?;
            if self.kind == MomentKind::DateTime && self.precision > Precision::Day {
                out.write_str("T")?;
            }
        }
        if self.kind == MomentKind::Date || self.precision <= Precision::Day {
            return Ok(());
        }
        let hours = match self.precision {
            Precision::Hour => "%H",
            Precision::Minute => "%H:%M",
            _ => "%H:%M:%S",
        };
        write!(out, "{}", self.local.format(hours))?;
        if self.precision == Precision::Second && self.fraction > 0 {
            let nanos = self.local.and_utc().timestamp_subsec_nanos() % 1_000_000_000;
            let digits = format!("{nanos:09}");
            let shown = digits.get(..usize::from(self.fraction.min(9))).unwrap_or(&digits);
            write!(out, ".{shown}")?;
        }
        match self.offset {
            Some(offset) if offset.local_minus_utc() == 0 => out.write_str("Z"),
            Some(offset) => write!(out, "{offset}"),
            None => Ok(()),
        }
    }
}
