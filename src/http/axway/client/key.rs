//! Keys of service accounts: a public key in PEM (<https://www.rfc-editor.org/rfc/rfc7468#section-13>) as the JSON of a
//! key (<https://www.rfc-editor.org/rfc/rfc7517>) and back, and a pair that is made here.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::pkcs8::{DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::asked::wrong;
use crate::error::{Result, fault};

const HEAD: &str = "-----BEGIN PUBLIC KEY-----";
const FOOT: &str = "-----END PUBLIC KEY-----";
/// `AlgorithmIdentifier` of RSA: rsaEncryption, NULL (<https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1>).
const RSA: [u8; 15] = [0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
/// Bits of a modulus at least, and at most.
const SIZES: std::ops::RangeInclusive<usize> = 2_048..=8_192;

/// A set of this one key.
pub(super) fn read(pem: &str) -> Result<String> {
    let wrong = || wrong("publicKey", "this is no public key of RSA (2048 bits or more) or P-256 in PEM");
    let inner = pem.trim().strip_prefix(HEAD).and_then(|rest| rest.strip_suffix(FOOT)).ok_or_else(wrong)?;
    let bare: String = inner.chars().filter(|char| !char.is_whitespace()).collect();
    let bytes = STANDARD.decode(bare).map_err(|_| wrong())?;
    let mut key = match p256::PublicKey::from_public_key_der(&bytes) {
        Ok(key) => of_curve(&key),
        Err(_) => of_rsa(&bytes).ok_or_else(wrong)?,
    };
    key["kid"] = URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes)).into();
    key["use"] = "sig".into();
    Ok(json!({ "keys": [key] }).to_string())
}

fn of_curve(key: &p256::PublicKey) -> Value {
    serde_json::to_value(key.to_jwk()).map_or(Value::Null, |mut jwk| {
        jwk["alg"] = "ES256".into();
        jwk
    })
}

/// `SubjectPublicKeyInfo` around `RSAPublicKey`: a modulus and an exponent.
fn of_rsa(bytes: &[u8]) -> Option<Value> {
    let (info, rest) = part(bytes, 0x30)?;
    let bits = info.strip_prefix(&RSA[..])?;
    let (bits, after) = part(bits, 3)?;
    // No bit of the last byte is left over.
    let (numbers, behind) = part(bits.strip_prefix(&[0])?, 0x30)?;
    let (modulus, exponent) = part(numbers, 2)?;
    let (exponent, end) = part(exponent, 2)?;
    if ![rest, after, behind, end].iter().all(|left| left.is_empty()) {
        return None;
    }
    let bare = |number: &[u8]| -> Vec<u8> { number.iter().copied().skip_while(|byte| *byte == 0).collect() };
    let (modulus, exponent) = (bare(modulus), bare(exponent));
    if !SIZES.contains(&(modulus.len() * 8)) || exponent.is_empty() || exponent.len() > 4 {
        return None;
    }
    let text = |number: &[u8]| URL_SAFE_NO_PAD.encode(number);
    Some(json!({ "kty": "RSA", "alg": "RS256", "n": text(&modulus), "e": text(&exponent) }))
}

/// The content of an element of DER with this tag, and what comes after it.
fn part(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let rest = bytes.strip_prefix(&[tag])?;
    let (length, rest) = match rest {
        [short, rest @ ..] if *short < 0x80 => (usize::from(*short), rest),
        [0x81, length, rest @ ..] => (usize::from(*length), rest),
        [0x82, high, low, rest @ ..] => (usize::from(*high) << 8 | usize::from(*low), rest),
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// The name of the first key of a set, and the key in PEM.
pub(super) fn shown(jwks: &str) -> Option<(String, String)> {
    let set: Value = serde_json::from_str(jwks).ok()?;
    let key = set.get("keys")?.as_array()?.first()?;
    let kid = key.get("kid").and_then(Value::as_str).unwrap_or_default().to_owned();
    let bytes = match key.get("kty")?.as_str()? {
        "RSA" => {
            let number = |name: &str| -> Option<Vec<u8>> {
                let mut bytes = URL_SAFE_NO_PAD.decode(key.get(name)?.as_str()?).ok()?;
                // A number is not negative.
                if bytes.first().is_some_and(|first| *first >= 0x80) {
                    bytes.insert(0, 0);
                }
                Some(wrapped(2, &bytes))
            };
            let numbers = wrapped(0x30, &[number("n")?, number("e")?].concat());
            let bits = wrapped(3, &[&[0][..], &numbers].concat());
            wrapped(0x30, &[&RSA[..], &bits].concat())
        }
        "EC" => {
            // What says how the key is used is no part of it.
            let point = json!({ "kty": "EC", "crv": key["crv"], "x": key["x"], "y": key["y"] });
            let key = p256::PublicKey::from_jwk_str(&point.to_string()).ok()?;
            key.to_public_key_der().ok()?.as_bytes().to_vec()
        }
        _ => return None,
    };
    let text = STANDARD.encode(bytes);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    Some((kid, format!("{HEAD}\n{}\n{FOOT}\n", lines.join("\n"))))
}

fn wrapped(tag: u8, content: &[u8]) -> Vec<u8> {
    let [.., third, high, low] = content.len().to_be_bytes();
    let mut bytes = match (third, high, low) {
        (0, 0, 0..0x80) => vec![tag, low],
        (0, 0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    bytes.extend(content);
    bytes
}

/// A new pair: the public key in PEM, and the private one, which is shown once.
pub(super) fn make() -> Result<(String, String)> {
    let secret = loop {
        // All but a few in 2^32 are keys.
        if let Ok(secret) = p256::SecretKey::from_slice(&rand::random::<[u8; 32]>()) {
            break secret;
        }
    };
    let public =
        secret.public_key().to_public_key_pem(LineEnding::LF).map_err(|error| fault(error.to_string()))?;
    let private = secret.to_pkcs8_pem(LineEnding::LF).map_err(|error| fault(error.to_string()))?;
    Ok((public, private.to_string()))
}
