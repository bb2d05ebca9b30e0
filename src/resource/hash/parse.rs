//! The texts in which hashes of passwords are written
//! (<https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md> where they have a common form at all).

use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Digest, Form, OURS, Stretch};

/// Characters at most.
const LONGEST: usize = 2048;
/// Bounds of what verifying may cost, since it is done at a sign-in: about ten seconds and half a gigabyte.
const MOST_COST: u32 = 16;
const MOST_ROUNDS: u32 = 5_000_000;
const MOST_BYTES: u64 = 512 << 20;
const MOST_LANES: u32 = 16;
const MOST_PASSES: u32 = 64;
/// Bytes of a hash.
const SIZES: std::ops::RangeInclusive<usize> = 16..=128;

type Read<T> = Result<T, &'static str>;

pub(super) fn form(text: &str) -> Read<Form> {
    if text.len() > LONGEST {
        return Err("it is too long");
    }
    if let Some(ours) = text.strip_prefix(OURS) {
        return bcrypt(ours).map(Form::Ours);
    }
    if let Some((scheme, rest)) = text.strip_prefix('{').and_then(|text| text.split_once('}')) {
        return salted(scheme, rest);
    }
    let (scheme, rest) = text
        .strip_prefix('$')
        .and_then(|text| text.split_once('$'))
        .ok_or("it does not say how it is made")?;
    let parts: Vec<&str> = rest.split('$').collect();
    match scheme {
        "2a" | "2b" | "2x" | "2y" => bcrypt(text).map(Form::Bcrypt),
        "argon2id" => argon2(argon2::Algorithm::Argon2id, &parts),
        "argon2i" => argon2(argon2::Algorithm::Argon2i, &parts),
        "argon2d" => argon2(argon2::Algorithm::Argon2d, &parts),
        "scrypt" => scrypt(&parts),
        "firescrypt" => firescrypt(&parts),
        "firebase-scrypt" => firebase(&parts),
        _ => {
            pbkdf2(scheme.strip_prefix("pbkdf2").ok_or("it is made in a way that is not known here")?, &parts)
        }
    }
}

fn bcrypt(text: &str) -> Read<String> {
    let wrong = "a bcrypt hash is $2b$, a cost of two digits, $ and 53 characters";
    let parts: Vec<&str> = text.split('$').collect();
    let ["", "2a" | "2b" | "2x" | "2y", cost, rest] = parts[..] else { return Err(wrong) };
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'/';
    if cost.len() != 2 || rest.len() != 53 || !rest.bytes().all(legal) {
        return Err(wrong);
    }
    match cost.parse() {
        Ok(4..=MOST_COST) => Ok(text.to_owned()),
        _ => Err("the cost of a bcrypt hash is from 4 to 16"),
    }
}

fn argon2(scheme: argon2::Algorithm, parts: &[&str]) -> Read<Form> {
    let (version, parts) = match parts {
        [version, rest @ ..] if version.starts_with("v=") => (number(version, "v")?, rest),
        rest => (0x10, rest),
    };
    let version = argon2::Version::try_from(version).map_err(|_| "this version of argon2 is not known")?;
    let [settings, salt, hash] = parts else { return Err("an argon2 hash has settings, salt and hash") };
    let (memory, passes, lanes) = (number(settings, "m")?, number(settings, "t")?, number(settings, "p")?);
    if settings.split(',').count() != 3 {
        return Err("argon2 is set by m, t and p alone");
    }
    if u64::from(memory) * 1024 > MOST_BYTES || passes > MOST_PASSES || lanes > MOST_LANES {
        return Err("it costs too much to verify");
    }
    let (salt, hash) = (decode(salt)?, sized(decode(hash)?)?);
    if !(8..=64).contains(&salt.len()) {
        return Err("the salt of argon2 has 8 to 64 bytes");
    }
    let params = argon2::Params::new(memory, passes, lanes, Some(hash.len()));
    let params = params.map_err(|_| "argon2 cannot be set so")?;
    Ok(Form::Argon2 { scheme, version, params, salt, hash })
}

fn scrypt(parts: &[&str]) -> Read<Form> {
    let (settings, salt, hash) = match parts {
        ["v=1", settings, salt, hash] | [settings, salt, hash] => (*settings, salt, hash),
        _ => return Err("a scrypt hash has settings, salt and hash"),
    };
    let log = match setting(settings, "n") {
        Some(_) => power(number(settings, "n")?)?,
        None => number(settings, "ln")?,
    };
    let hash = sized(decode(hash)?)?;
    if setting(settings, "kl").is_some_and(|length| length.parse() != Ok(hash.len())) {
        return Err("the hash is not as long as it says");
    }
    let stretch = stretch(log, number(settings, "r")?, number(settings, "p")?)?;
    Ok(Form::Scrypt { stretch, salt: decode(salt)?, hash })
}

fn firescrypt(parts: &[&str]) -> Read<Form> {
    let [settings, salt, hash, separator, key] = parts else {
        return Err("a hash of Firebase has settings, salt, hash, separator and key");
    };
    let stretch = stretch(number(settings, "ln")?, number(settings, "r")?, number(settings, "p")?)?;
    fired(stretch, salt, hash, separator, key)
}

fn firebase(parts: &[&str]) -> Read<Form> {
    let named = |name: &str| {
        let found = parts.iter().find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        found.ok_or("a hash of Firebase has hash, salt, sk, ss, r and m")
    };
    let count = |name: &str| named(name)?.parse().map_err(|_| "r and m of Firebase are numbers");
    let stretch = stretch(count("m")?, count("r")?, 1)?;
    fired(stretch, named("salt")?, named("hash")?, named("ss")?, named("sk")?)
}

fn fired(stretch: Stretch, salt: &str, hash: &str, separator: &str, key: &str) -> Read<Form> {
    let (mut salt, hash, key) = (decode(salt)?, sized(decode(hash)?)?, decode(key)?);
    if key.len() != hash.len() {
        return Err("the key of Firebase is as long as the hash");
    }
    salt.extend(decode(separator)?);
    Ok(Form::Firebase { stretch, salt, hash, key })
}

fn stretch(log: u32, block: u32, lanes: u32) -> Read<Stretch> {
    let log = u8::try_from(log).ok().filter(|log| (1..=30).contains(log)).ok_or("scrypt cannot be set so")?;
    let bytes = (128_u64 << log).saturating_mul(u64::from(block));
    if bytes > MOST_BYTES || lanes > MOST_LANES {
        return Err("it costs too much to verify");
    }
    scrypt::Params::new(log, block, lanes).map_err(|_| "scrypt cannot be set so")?;
    Ok(Stretch { log, block, lanes })
}

fn pbkdf2(digest: &str, parts: &[&str]) -> Read<Form> {
    let [settings, salt, hash] = parts else { return Err("a pbkdf2 hash has rounds, salt and hash") };
    let named = digest.strip_prefix('-').or_else(|| setting(settings, "d"));
    let digest = match named {
        Some("sha1") => Digest::Sha1,
        Some("sha256") => Digest::Sha256,
        Some("sha512") => Digest::Sha512,
        None if digest.is_empty() => Digest::Sha1,
        _ => return Err("pbkdf2 is known with sha1, sha256 and sha512"),
    };
    let rounds =
        setting(settings, "i").unwrap_or(settings).parse().map_err(|_| "its rounds are no number")?;
    if !(1..=MOST_ROUNDS).contains(&rounds) {
        return Err("it costs too much to verify");
    }
    // Some write a dot for the plus sign.
    let part = |text: &str| decode(&text.replace('.', "+"));
    let (salt, hash) = (part(salt)?, sized(part(hash)?)?);
    if setting(settings, "l").is_some_and(|length| length.parse() != Ok(hash.len())) {
        return Err("the hash is not as long as it says");
    }
    Ok(Form::Pbkdf2 { digest, rounds, salt, hash })
}

fn salted(scheme: &str, rest: &str) -> Read<Form> {
    let digest = match scheme {
        "SSHA" => Digest::Sha1,
        "SSHA256" => Digest::Sha256,
        "SSHA512" => Digest::Sha512,
        _ => return Err("it is made in a way that is not known here"),
    };
    let kept = decode(rest)?;
    match kept.split_at_checked(digest.size()) {
        Some((hash, salt)) if !salt.is_empty() => {
            Ok(Form::Salted { digest, salt: salt.to_vec(), hash: hash.to_vec() })
        }
        _ => Err("it is too short for hash and salt"),
    }
}

/// `name=value` among others.
fn setting<'s>(settings: &'s str, name: &str) -> Option<&'s str> {
    settings.split(',').find_map(|one| one.strip_prefix(name)?.strip_prefix('='))
}

fn number(settings: &str, name: &str) -> Read<u32> {
    let value = setting(settings, name).and_then(|value| value.parse().ok());
    value.ok_or("a setting is missing or no number")
}

/// The logarithm of a power of two.
fn power(number: u32) -> Read<u32> {
    if number.is_power_of_two() { Ok(number.trailing_zeros()) } else { Err("n of scrypt is a power of two") }
}

fn sized(hash: Vec<u8>) -> Read<Vec<u8>> {
    if SIZES.contains(&hash.len()) { Ok(hash) } else { Err("a hash has 16 to 128 bytes") }
}

/// Base64 of either alphabet, padded or not.
fn decode(text: &str) -> Read<Vec<u8>> {
    const ANY: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let by = |alphabet: &Alphabet| GeneralPurpose::new(alphabet, ANY).decode(text).ok();
    by(&STANDARD).or_else(|| by(&URL_SAFE)).ok_or("a part of it is no base64")
}
