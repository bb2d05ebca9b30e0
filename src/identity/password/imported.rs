//! Hashes that other systems made, in the forms that they are exported in. Each is verified once, and replaced then.
//!
//! - `$2a$ $2b$ $2x$ $2y$`: bcrypt, of the first 72 bytes
//! - `$argon2id$ $argon2i$ $argon2d$`: <https://github.com/P-H-C/phc-winner-argon2>
//! - `$scrypt$ln=N,r=R,p=P$salt$hash`
//! - `$firescrypt$ln=N,r=R,p=1$salt$hash$separator$key`: <https://github.com/firebase/scrypt>
//! - `$pbkdf2-sha1$`, `$pbkdf2-sha256$`, `$pbkdf2-sha512$`, each with `i=N,l=L$salt$hash` or `N$salt$hash`
//! - `{SSHA} {SSHA256} {SSHA512}`: <https://www.rfc-editor.org/rfc/rfc2307>

use aes::Aes256;
use argon2::{Argon2, PasswordVerifier};
use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

/// What bcrypt looks at.
const BCRYPT: usize = 72;
/// Rounds of PBKDF2 and the logarithm of scrypt's at most: a hash that takes a minute is nobody's.
const MOST_ROUNDS: u32 = 5_000_000;
const MOST_LOG: u8 = 20;

/// Whether `kept` was made of this password; not for what is no hash.
pub(super) fn verify(password: &str, kept: &str) -> bool {
    check(password.as_bytes(), kept).unwrap_or(false)
}

fn check(password: &[u8], kept: &str) -> Option<bool> {
    if let Some((scheme, rest)) = kept.strip_prefix('{').and_then(|kept| kept.split_once('}')) {
        return salted(password, scheme, rest);
    }
    let (scheme, rest) = kept.strip_prefix('$')?.split_once('$')?;
    match scheme {
        "2a" | "2b" | "2x" | "2y" => {
            let end = password.len().min(BCRYPT);
            bcrypt::verify(&password[..end], kept).ok()
        }
        "argon2id" | "argon2i" | "argon2d" => Some(Argon2::default().verify_password(password, kept).is_ok()),
        "scrypt" => scrypt(password, rest),
        "firescrypt" => firebase(password, rest),
        _ => pbkdf2(password, scheme.strip_prefix("pbkdf2-")?, rest),
    }
}

fn scrypt(password: &[u8], rest: &str) -> Option<bool> {
    let mut parts = rest.split('$');
    let (settings, salt, hash) = (parts.next()?, decode(parts.next()?)?, decode(parts.next()?)?);
    let made = stretched(password, &salt, settings, hash.len())?;
    Some(made.ct_eq(&hash).into())
}

fn firebase(password: &[u8], rest: &str) -> Option<bool> {
    let mut parts = rest.split('$');
    let settings = parts.next()?;
    let (mut salt, hash) = (decode(parts.next()?)?, decode(parts.next()?)?);
    salt.extend(decode(parts.next()?)?);
    let mut made = decode(parts.next()?)?;
    let key = stretched(password, &salt, settings, 64)?;
    let mut cipher = Ctr128BE::<Aes256>::new_from_slices(key.get(..32)?, &[0; 16]).ok()?;
    cipher.apply_keystream(&mut made);
    Some(made.ct_eq(&hash).into())
}

fn stretched(password: &[u8], salt: &[u8], settings: &str, length: usize) -> Option<Vec<u8>> {
    let log = setting(settings, "ln")?.parse().ok().filter(|log| *log <= MOST_LOG)?;
    let block = setting(settings, "r")?.parse().ok().filter(|block: &u32| *block <= 64)?;
    let lanes = setting(settings, "p")?.parse().ok().filter(|lanes: &u32| *lanes <= 16)?;
    let params = scrypt::Params::new(log, block, lanes).ok()?;
    let mut made = vec![0; Some(length).filter(|length| (16..=128).contains(length))?];
    scrypt::scrypt(password, salt, &params, &mut made).ok()?;
    Some(made)
}

fn pbkdf2(password: &[u8], digest: &str, rest: &str) -> Option<bool> {
    let mut parts = rest.split('$');
    let settings = parts.next()?;
    let rounds = setting(settings, "i").unwrap_or(settings).parse().ok().filter(|n| *n <= MOST_ROUNDS)?;
    // Some write a dot for the plus sign.
    let part = |text: &str| decode(&text.replace('.', "+"));
    let (salt, hash) = (part(parts.next()?)?, part(parts.next()?)?);
    let mut made = vec![0; Some(hash.len()).filter(|length| (16..=128).contains(length))?];
    match digest {
        "sha1" => pbkdf2::pbkdf2_hmac::<Sha1>(password, &salt, rounds, &mut made),
        "sha256" => pbkdf2::pbkdf2_hmac::<Sha256>(password, &salt, rounds, &mut made),
        "sha512" => pbkdf2::pbkdf2_hmac::<Sha512>(password, &salt, rounds, &mut made),
        _ => return None,
    }
    Some(made.ct_eq(&hash).into())
}

/// `name=value` among others.
fn setting<'s>(settings: &'s str, name: &str) -> Option<&'s str> {
    settings.split(',').find_map(|one| one.strip_prefix(name)?.strip_prefix('='))
}

/// Base64 of either alphabet, padded or not.
fn decode(text: &str) -> Option<Vec<u8>> {
    const ANY: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let by = |alphabet: &Alphabet| GeneralPurpose::new(alphabet, ANY).decode(text).ok();
    by(&STANDARD).or_else(|| by(&URL_SAFE))
}

fn salted(password: &[u8], scheme: &str, rest: &str) -> Option<bool> {
    let kept = decode(rest)?;
    let size = match scheme {
        "SSHA" => 20,
        "SSHA256" => 32,
        "SSHA512" => 64,
        _ => return None,
    };
    let (digest, salt) = kept.split_at_checked(size)?;
    let made = match size {
        20 => Sha1::new().chain_update(password).chain_update(salt).finalize().to_vec(),
        32 => Sha256::new().chain_update(password).chain_update(salt).finalize().to_vec(),
        _ => Sha512::new().chain_update(password).chain_update(salt).finalize().to_vec(),
    };
    Some(made.ct_eq(digest).into())
}

#[cfg(test)]
mod tests {
    use super::verify;

    /// Made by other programs: Python's hashlib, Firebase's own example.
    const HASHES: &[(&str, &str)] = &[
        ("password", "{SSHA}Ixeqctr6CgfwWvR7qi44j5Xc9vMxMjM0NTY3OA=="),
        (
            "password",
            "{SSHA512}o9FQwV8amk4H05j62UVoRg47BEVwtjK/Z+J9OiMaBOSTGq2ho772vZTQiAHODGhP7UUHBYZ99vB/oKOVxCVgcTEyMzQ1Njc4",
        ),
        ("password", "$pbkdf2-sha256$1000$MTIzNDU2Nzg$exLYjwRK+QM6UdO5e36eDVMGMMeu1lm6iLgzlAlmLd8"),
        ("password", "$pbkdf2-sha256$i=1000,l=32$MTIzNDU2Nzg$exLYjwRK+QM6UdO5e36eDVMGMMeu1lm6iLgzlAlmLd8"),
        ("password", "$scrypt$ln=10,r=8,p=1$MTIzNDU2Nzg$sc/CTVajxV6pdehBrR3yIgkmSR/ycBZgmsdZDhiCzWc"),
        (
            "user1password",
            "$firescrypt$ln=14,r=8,p=1$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==$Bw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
        ),
    ];

    #[test]
    fn hashes_of_other_programs_are_understood() {
        for (password, kept) in HASHES {
            assert!(verify(password, kept), "{kept}");
            assert!(!verify("another", kept), "{kept}");
        }
    }

    #[test]
    fn what_is_no_hash_is_no_match() {
        for kept in [
            "",
            "$",
            "{}",
            "{SSHA}",
            "$2b$",
            "$scrypt$ln=40,r=8,p=1$AAAA$AAAA",
            "$pbkdf2-sha256$x$y$z",
            "plain",
        ] {
            assert!(!verify("plain", kept) && !verify("", kept), "{kept}");
        }
    }
}
