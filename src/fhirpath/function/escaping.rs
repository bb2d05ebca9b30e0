//! `escape` and `unescape`: html and json.
//! Clause: <https://hl7.org/fhirpath/#additional-string-functions>.

use super::super::evaluate::Outcome;
use super::super::item::Items;
use super::call::{Call, nothing};
use serde_json::Value;

/// The ampersand comes first to escape, and last to unescape.
const ENTITIES: &[(char, &str)] =
    &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#39;")];

pub(super) fn escape<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let (Some(text), Some(format)) = (call.as_string(&input)?, call.string(0)?) else {
        return nothing();
    };
    match format.as_ref() {
        "html" => {
            let mut escaped = String::with_capacity(text.len());
            for letter in text.chars() {
                match ENTITIES.iter().find(|(own, _)| *own == letter) {
                    Some((_, entity)) => escaped.push_str(entity),
                    None => escaped.push(letter),
                }
            }
            call.made(escaped)
        }
        "json" => {
            let quoted = Value::String(text.into_owned()).to_string();
            let inner = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            call.made(inner.unwrap_or_default().to_owned())
        }
        _ => Err(call.wrong("the format `html` or `json`")),
    }
}

pub(super) fn unescape<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let (Some(text), Some(format)) = (call.as_string(&input)?, call.string(0)?) else {
        return nothing();
    };
    match format.as_ref() {
        "html" => {
            let plain = ENTITIES.iter().rev().fold(text.into_owned(), |text, (letter, entity)| {
                text.replace(entity, letter.encode_utf8(&mut [0; 4]))
            });
            call.made(plain)
        }
        "json" => {
            // A quotation mark that was never escaped is let through as it is.
            let quoted = format!("\"{}\"", text.replace("\\\"", "\"").replace('"', "\\\""));
            match serde_json::from_str::<String>(&quoted) {
                Ok(text) => call.made(text),
                Err(_) => nothing(),
            }
        }
        _ => Err(call.wrong("the format `html` or `json`")),
    }
}
