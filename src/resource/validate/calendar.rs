//! Dates and times: their form, and whether the calendar has them.
//!
//! Implements <https://hl7.org/fhir/R4/datatypes.html#dateTime>: a part may only be left out with all that
//! follow it, a time has seconds and a zone, 24:00 is the next day.

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
pub(super) fn is_date(text: &str) -> bool {
    let mut reader = Reader(text.as_bytes());
    reader.date().is_some() && reader.0.is_empty()
}

/// A date, or a full date with time and zone.
pub(super) fn is_date_time(text: &str) -> bool {
    if text.contains('T') { is_instant(text) } else { is_date(text) }
}

/// A full date with time and zone.
pub(super) fn is_instant(text: &str) -> bool {
    let mut reader = Reader(text.as_bytes());
    reader.instant().is_some() && reader.0.is_empty()
}

/// `hh:mm:ss`, with a fraction or without.
pub(super) fn is_time(text: &str) -> bool {
    let mut reader = Reader(text.as_bytes());
    reader.time().is_some() && reader.0.is_empty()
}

#[derive(PartialEq)]
enum Precision {
    Year,
    Month,
    Day,
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn instant(&mut self) -> Option<()> {
        self.date().filter(|precision| *precision == Precision::Day)?;
        self.byte(b'T')?;
        self.time()?;
        self.zone()
    }

    fn date(&mut self) -> Option<Precision> {
        let year = self.digits(4).filter(|year| *year > 0)?;
        if self.byte(b'-').is_none() {
            return Some(Precision::Year);
        }
        let month = self.digits(2).filter(|month| (1..=12).contains(month))?;
        if self.byte(b'-').is_none() {
            return Some(Precision::Month);
        }
        let day = self.digits(2)?;
        (1..=days(year, month)).contains(&day).then_some(Precision::Day)
    }

    fn time(&mut self) -> Option<()> {
        self.digits(2).filter(|hour| *hour < 24)?;
        self.byte(b':')?;
        self.digits(2).filter(|minute| *minute < 60)?;
        self.byte(b':')?;
        // 60 is a leap second.
        self.digits(2).filter(|second| *second <= 60)?;
        if self.byte(b'.').is_some() {
            let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
            self.0 = &self.0[length..];
            (length > 0).then_some(())?;
        }
        Some(())
    }

    fn zone(&mut self) -> Option<()> {
        if self.byte(b'Z').is_some() {
            return Some(());
        }
        self.byte(b'+').or_else(|| self.byte(b'-'))?;
        let hours = self.digits(2)?;
        self.byte(b':')?;
        let minutes = self.digits(2).filter(|minutes| *minutes < 60)?;
        (hours * 60 + minutes <= 14 * 60).then_some(())
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let (now, rest) = self.0.split_at_checked(count)?;
        let mut number = 0;
        for byte in now {
            number = number * 10 + u32::from(byte.is_ascii_digit().then(|| byte - b'0')?);
        }
        self.0 = rest;
        Some(number)
    }

    fn byte(&mut self, wanted: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        (*first == wanted).then(|| self.0 = rest)
    }
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}
