//! Primitive values: JSON type and format.
//!
//! Implements <https://hl7.org/fhir/R4/datatypes.html#primitive>.

use serde_json::Value;

use super::{Walk, calendar, xhtml};
use crate::definitions::{Element, ElementType, Primitive};

/// Characters in a string, by <https://hl7.org/fhir/R4/datatypes.html#string>.
const MAX_STRING: usize = 1024 * 1024;
pub const MAX_ID: usize = 64;

impl<'a> Walk<'a> {
    pub(super) fn primitive(
        &mut self,
        primitive: Primitive,
        element: &'a Element,
        option: &'a ElementType,
        value: &'a Value,
        shadow: Option<&'a Value>,
    ) {
        let name = primitive.name();
        let fault = match (primitive, value) {
            (Primitive::Boolean, Value::Bool(_)) => None,
            (Primitive::Boolean, _) => {
                return self.issue("structure", "it must be true or false, without quotes");
            }
            (Primitive::Decimal, Value::Number(_)) => None,
            (Primitive::Integer | Primitive::UnsignedInt | Primitive::PositiveInt, Value::Number(number)) => {
                integer(primitive, number.as_str())
            }
            (
                Primitive::Decimal | Primitive::Integer | Primitive::UnsignedInt | Primitive::PositiveInt,
                _,
            ) => return self.issue("structure", format!("it must be a number ({name}), without quotes")),
            (_, Value::String(text)) if text.is_empty() => {
                Some("a text may not be empty; leave the property out".to_owned())
            }
            (Primitive::Xhtml, Value::String(text)) => match xhtml::check(text) {
                Ok(()) => None,
                Err(xhtml::Fault::Malformed(text)) => Some(text),
                Err(xhtml::Fault::Forbidden(text)) => return self.issue("invariant", text),
            },
            (_, Value::String(text)) => string(primitive, text),
            _ => return self.issue("structure", format!("it must be a text ({name}) in quotes")),
        };
        if let Some(text) = fault {
            return self.issue("value", text);
        }
        if let (Some(set), Some(code)) = (&element.binding, value.as_str()) {
            self.bound_code(set, code);
        }
        if !element.invariants.is_empty() {
            self.invariants(&element.invariants, value, shadow, &option.code);
        }
    }
}

/// An integer of 32 bits, as written: no fraction, no exponent, no zero in front.
fn integer(primitive: Primitive, text: &str) -> Option<String> {
    let least = match primitive {
        Primitive::UnsignedInt => 0,
        Primitive::PositiveInt => 1,
        _ => i32::MIN,
    };
    let number = text.parse::<i32>().ok().filter(|number| *number >= least && text != "-0");
    number.is_none().then(|| format!("'{text}' is not a whole number from {least} to {}", i32::MAX))
}

/// What is wrong with a text of this format, or nothing.
fn string(primitive: Primitive, text: &str) -> Option<String> {
    use Primitive as P;
    let wrong = |what: &str| Some(format!("'{}' is not {what}", shortened(text)));
    let format = match primitive {
        P::String | P::Markdown => return string_content(text),
        P::Code => (is_code(text), "a code: no spaces at its ends, no two in a row"),
        P::Id => (is_id(text), "an id: 1 to 64 letters, digits, '-' and '.'"),
        P::Uri | P::Url | P::Canonical => (is_uri(text), "a URI: it has a space or control character"),
        P::Oid => (text.strip_prefix("urn:oid:").is_some_and(is_oid), "an oid, as urn:oid:1.2.3"),
        P::Uuid => {
            (text.strip_prefix("urn:uuid:").is_some_and(is_uuid), "a uuid in small letters, as urn:uuid:..")
        }
        P::Base64Binary => (is_base64(text), "base64"),
        P::Date => (calendar::is_date(text), "a date: YYYY, YYYY-MM or YYYY-MM-DD, and in the calendar"),
        P::DateTime => {
            (calendar::is_date_time(text), "a dateTime: a date, or YYYY-MM-DDThh:mm:ss with a zone")
        }
        P::Instant => (calendar::is_instant(text), "an instant: YYYY-MM-DDThh:mm:ss with a zone"),
        P::Time => (calendar::is_time(text), "a time: hh:mm:ss, without a zone"),
        P::Boolean | P::Decimal | P::Integer | P::UnsignedInt | P::PositiveInt | P::Xhtml => return None,
    };
    if format.0 { None } else { wrong(format.1) }
}

fn string_content(text: &str) -> Option<String> {
    // Bytes bound the characters from above: most texts need no count.
    if text.len() > MAX_STRING && text.chars().count() > MAX_STRING {
        return Some(format!("the text is longer than {MAX_STRING} characters"));
    }
    if text.chars().any(|c| c < ' ' && !matches!(c, '\t' | '\n' | '\r')) {
        return Some("the text has a control character".to_owned());
    }
    text.trim().is_empty().then(|| "the text has spaces only".to_owned())
}

fn is_code(text: &str) -> bool {
    let mut before = ' ';
    for c in text.chars() {
        if c.is_ascii_whitespace() && (c != ' ' || before == ' ') || c.is_control() {
            return false;
        }
        before = c;
    }
    before != ' '
}

fn is_uri(text: &str) -> bool {
    !text.chars().any(|c| c.is_ascii_whitespace() || c.is_control())
}

/// Also for the id within a reference.
pub(super) fn is_id(text: &str) -> bool {
    (1..=MAX_ID).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

fn is_oid(text: &str) -> bool {
    let mut arcs = text.split('.');
    let first = arcs.next().is_some_and(|arc| matches!(arc, "0" | "1" | "2"));
    let whole = |arc: &str| {
        arc == "0" || !arc.starts_with('0') && !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit())
    };
    first && text.contains('.') && arcs.all(whole)
}

fn is_uuid(text: &str) -> bool {
    let small_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    text.len() == 36
        && text
            .bytes()
            .enumerate()
            .all(|(at, b)| if matches!(at, 8 | 13 | 18 | 23) { b == b'-' } else { small_hex(b) })
}

/// Groups of four, the last one filled up; white space may stand anywhere.
fn is_base64(text: &str) -> bool {
    let (mut digits, mut fill) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'=' => fill += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if fill == 0 => digits += 1,
            _ => return false,
        }
    }
    digits > 0 && fill <= 2 && (digits + fill).is_multiple_of(4)
}

/// For a message.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}..", &text[..cut]),
        None => text.to_owned(),
    }
}
