//! `encode` and `decode`: base64, urlbase64 and hex.
//! Clause: <https://hl7.org/fhirpath/#additional-string-functions>.

use super::super::error::EvalError;
use super::super::evaluate::Outcome;
use super::super::item::Items;
use super::call::{Call, nothing};

const PLAIN: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(super) fn encode<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let (Some(text), Some(format)) = (call.as_string(&input)?, call.string(0)?) else {
        return nothing();
    };
    call.made(match alphabet(call, &format)? {
        Some(alphabet) => to_base64(text.as_bytes(), alphabet),
        None => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
    })
}

pub(super) fn decode<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let (Some(text), Some(format)) = (call.as_string(&input)?, call.string(0)?) else {
        return nothing();
    };
    let bytes = match alphabet(call, &format)? {
        Some(alphabet) => from_base64(text.as_bytes(), alphabet),
        None => from_hex(text.as_bytes()),
    };
    match bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(text) => call.made(text),
        None => nothing(),
    }
}

/// The letters of the format; `None` stands for hex.
fn alphabet(call: &Call<'_, '_>, format: &str) -> Result<Option<&'static [u8; 64]>, EvalError> {
    match format {
        "base64" => Ok(Some(PLAIN)),
        "urlbase64" => Ok(Some(URL)),
        "hex" => Ok(None),
        _ => Err(call.wrong("the format `hex`, `base64` or `urlbase64`")),
    }
}

fn to_base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let index = (bits >> (18 - 6 * place)) & 63;
            let letter = alphabet.get(index as usize).filter(|_| place <= chunk.len());
            text.push(char::from(*letter.unwrap_or(&b'=')));
        }
    }
    text
}

fn from_base64(text: &[u8], alphabet: &[u8; 64]) -> Option<Vec<u8>> {
    let text = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.chunks(4) {
        if chunk.len() == 1 {
            return None;
        }
        let mut bits = 0_u32;
        for letter in chunk {
            let index = alphabet.iter().position(|own| own == letter)?;
            bits = bits << 6 | u32::try_from(index).ok()?;
        }
        bits <<= 6 * (4 - chunk.len());
        let [_, whole @ ..] = bits.to_be_bytes();
        bytes.extend_from_slice(whole.get(..chunk.len() - 1)?);
    }
    Some(bytes)
}

fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    text.chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
            _ => None,
        })
        .collect()
}
