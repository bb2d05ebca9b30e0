//! Codes of an authenticator app (<https://www.rfc-editor.org/rfc/rfc6238>): SHA-1, six digits, thirty seconds, as all
//! such apps do. A step before and after is taken; each step once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use qrcode::QrCode;
use qrcode::render::svg;
use sha1::Sha1;
use subtle::ConstantTimeEq;
use url::form_urlencoded::byte_serialize;

const STEP: i64 = 30;
const DIGITS: u32 = 6;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A seed of 160 bits, in base 32 as apps want it.
pub(in crate::identity) fn seed() -> String {
    encode(&rand::random::<[u8; 20]>())
}

/// The step that a code is of, if it is one later than `last`.
pub(in crate::identity) fn step(seed: &str, code: &str, now: i64, last: i64) -> Option<i64> {
    let seed = decode(seed)?;
    let code = code.trim();
    let current = now / STEP;
    let mut found = None;
    for step in [current, current - 1, current + 1] {
        let made = digits(&seed, step)?;
        if bool::from(made.as_bytes().ct_eq(code.as_bytes())) && step > last {
            found = found.or(Some(step));
        }
    }
    found
}

fn digits(seed: &[u8], step: i64) -> Option<String> {
    let mac =
        Hmac::<Sha1>::new_from_slice(seed).ok()?.chain_update(step.to_be_bytes()).finalize().into_bytes();
    let start = usize::from(mac.last()? & 0x0f);
    let bytes: [u8; 4] = mac.get(start..start + 4)?.try_into().ok()?;
    let number = (u32::from_be_bytes(bytes) & 0x7fff_ffff) % 10_u32.pow(DIGITS);
    Some(format!("{number:06}"))
}

/// What an app reads (<https://github.com/google/google-authenticator/wiki/Key-Uri-Format>).
pub(in crate::identity) fn uri(seed: &str, issuer: &str, account: &str) -> String {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let (issuer, account) = (encoded(issuer), encoded(account));
    format!(
        "otpauth://totp/{issuer}:{account}?secret={seed}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    )
}

/// The same as a picture, in an address of its own.
pub(in crate::identity) fn picture(uri: &str) -> Option<String> {
    let code = QrCode::new(uri).ok()?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    Some(format!("data:image/svg+xml;base64,{}", STANDARD.encode(picture)))
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits)) as usize & 31]));
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for char in text.bytes().filter(|char| !matches!(char, b' ' | b'-' | b'=')) {
        let value = ALPHABET.iter().position(|known| *known == char.to_ascii_uppercase())?;
        held = (held << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    (bytes.len() >= 10).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode, digits, encode, step};

    /// Appendix B of the RFC, to six digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let seed = b"12345678901234567890";
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(digits(seed, time / 30).as_deref(), Some(code));
        }
        assert_eq!(decode(&encode(seed)).as_deref(), Some(&seed[..]));
    }

    #[test]
    fn a_step_is_taken_once_and_its_neighbours_too() {
        let seed = encode(b"12345678901234567890");
        for now in [30, 59, 60, 89, 119] {
            assert_eq!(step(&seed, "287082", now.max(30), 0), (now < 90).then_some(1), "{now}");
        }
        assert_eq!(step(&seed, "287082", 59, 1), None);
        assert_eq!(step(&seed, "287082 ", 59, 0), Some(1));
        assert_eq!(step(&seed, "", 59, 0), None);
    }
}
