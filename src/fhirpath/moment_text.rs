//! Reads dates, dateTimes and times, from literals and from JSON.
//! Clause: <https://hl7.org/fhirpath/N1/#time-literals>, <https://hl7.org/fhirpath/N1/#datetime>.

use super::moment::{Moment, MomentKind, Precision};
use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

/// Reads a moment from the start of the text, without the `@`, and says how many bytes it took.
pub(super) fn scan(text: &str) -> Option<(Moment, usize)> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    let moment = if reader.take(b'T') {
        reader.clock(NaiveDate::default(), MomentKind::Time)?
    } else {
        reader.date()?
    };
    Some((moment, reader.at))
}

/// Reads the whole text as a date: `2015`, `2015-02` or `2015-02-04`.
pub(super) fn date(text: &str) -> Option<Moment> {
    whole(text).filter(|moment| moment.kind == MomentKind::Date)
}

/// Reads the whole text as a dateTime; a bare date is one, to the day.
pub(super) fn date_time(text: &str) -> Option<Moment> {
    let moment = whole(text).filter(|moment| moment.kind != MomentKind::Time)?;
    Some(Moment { kind: MomentKind::DateTime, ..moment })
}

/// Reads the whole text as a time of day, with or without the leading `T`.
pub(super) fn time(text: &str) -> Option<Moment> {
    let text = text.strip_prefix('T').unwrap_or(text);
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    let moment = reader.clock(NaiveDate::default(), MomentKind::Time)?;
    (reader.at == text.len()).then_some(moment)
}

fn whole(text: &str) -> Option<Moment> {
    let (moment, length) = scan(text)?;
    (length == text.len()).then_some(moment)
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn take(&mut self, wanted: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&wanted);
        self.at += usize::from(found);
        found
    }

    /// The number behind a separator, when both are there; otherwise nothing is consumed.
    fn part(&mut self, separator: u8, digits: usize) -> Option<u32> {
        let start = self.at;
        if !self.take(separator) {
            return None;
        }
        let number = self.number(digits);
        if number.is_none() {
            self.at = start;
        }
        number
    }

    fn number(&mut self, digits: usize) -> Option<u32> {
        let found = self.bytes.get(self.at..self.at + digits)?;
        if !found.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.at += digits;
        Some(found.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
    }

    fn date(&mut self) -> Option<Moment> {
        let year = i32::try_from(self.number(4)?).ok()?;
        let month = self.part(b'-', 2);
        let day = month.and_then(|_| self.part(b'-', 2));
        let precision = match (month, day) {
            (None, _) => Precision::Year,
            (_, None) => Precision::Month,
            _ => Precision::Day,
        };
        let date = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1))?;
        if self.take(b'T') {
            let next_is_digit = self.bytes.get(self.at).is_some_and(u8::is_ascii_digit);
            if precision == Precision::Day && next_is_digit {
                return self.clock(date, MomentKind::DateTime);
            }
            return Some(moment(date.and_time(NaiveTime::MIN), precision, MomentKind::DateTime));
        }
        Some(moment(date.and_time(NaiveTime::MIN), precision, MomentKind::Date))
    }

    fn clock(&mut self, date: NaiveDate, kind: MomentKind) -> Option<Moment> {
        let hour = self.number(2)?;
        let minute = self.part(b':', 2);
        let second = minute.and_then(|_| self.part(b':', 2));
        let (fraction, nanos) = match second {
            Some(_) => self.fraction(),
            None => (0, 0),
        };
        let precision = match (minute, second) {
            (None, _) => Precision::Hour,
            (_, None) => Precision::Minute,
            _ => Precision::Second,
        };
        // A leap second is written :60, and chrono keeps it as a long 59th.
        let (second, nanos) = match second.unwrap_or(0) {
            60 => (59, nanos + 1_000_000_000),
            second => (second, nanos),
        };
        let time = NaiveTime::from_hms_nano_opt(hour, minute.unwrap_or(0), second, nanos)?;
        let offset = match kind {
            MomentKind::DateTime => self.offset()?,
            _ => None,
        };
        Some(Moment { offset, fraction, ..moment(date.and_time(time), precision, kind) })
    }

    fn fraction(&mut self) -> (u8, u32) {
        let start = self.at;
        if !self.take(b'.') || !self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at = start;
            return (0, 0);
        }
        let (mut digits, mut nanos) = (0_u8, 0_u32);
        while let Some(digit) = self.bytes.get(self.at).filter(|byte| byte.is_ascii_digit()) {
            if digits < 9 {
                nanos = nanos * 10 + u32::from(digit - b'0');
                digits += 1;
            }
            self.at += 1;
        }
        (digits, nanos * 10_u32.pow(u32::from(9 - digits)))
    }

    /// The offset, if one is written; the outer `None` says that what is written is not one.
    fn offset(&mut self) -> Option<Option<FixedOffset>> {
        let sign = match self.bytes.get(self.at) {
            Some(b'Z') => {
                self.at += 1;
                return Some(FixedOffset::east_opt(0));
            }
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Some(None),
        };
        // In `@2015-02-04T14 - 2 hours` the sign belongs to the expression.
        let digits = self.bytes.get(self.at + 1..self.at + 3);
        if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_digit)) {
            return Some(None);
        }
        self.at += 1;
        let hours = i32::try_from(self.number(2)?).ok()?;
        let minutes = i32::try_from(self.part(b':', 2)?).ok()?;
        if hours > 14 || minutes > 59 {
            return None;
        }
        FixedOffset::east_opt(sign * (hours * 60 + minutes) * 60).map(Some)
    }
}

fn moment(local: NaiveDateTime, precision: Precision, kind: MomentKind) -> Moment {
    Moment { local, precision, offset: None, fraction: 0, kind }
}
