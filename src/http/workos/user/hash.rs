//! Password hashes of others, from the spellings that WorkOS takes to those that sign-in verifies.

use std::collections::HashMap;

/// The hash as it is kept; nothing for one that is not understood, or in a form that is not.
pub(super) fn kept(hash: &str, kind: &str, salt: Option<&str>) -> Option<String> {
    // Only the digest of the password followed by its salt can be verified here.
    if salt.is_some_and(|place| place != "suffix") {
        return None;
    }
    let begins = |marks: &[&str]| marks.iter().any(|mark| hash.starts_with(mark)).then(|| hash.to_owned());
    match kind {
        "bcrypt" => begins(&["$2a$", "$2b$", "$2x$", "$2y$"]).filter(|hash| hash.len() == 60),
        "argon2" => begins(&["$argon2id$", "$argon2i$", "$argon2d$"]),
        "ssha" => begins(&["{SSHA}"]),
        "ssha256" => begins(&["{SSHA256}"]),
        "scrypt" => scrypt(hash),
        "firebase-scrypt" => firebase(hash),
        "pbkdf2" => pbkdf2(hash),
        _ => None,
    }
}

/// `name=value` among others.
fn settings(text: &str) -> HashMap<&str, &str> {
    text.split(',').filter_map(|one| one.split_once('=')).collect()
}

/// `$scrypt$v=1$n=16384,r=8,p=1,kl=64$salt$hash`, or with `ln` and without a version.
fn scrypt(hash: &str) -> Option<String> {
    let rest = hash.strip_prefix("$scrypt$")?;
    if rest.starts_with("ln=") {
        return Some(hash.to_owned());
    }
    let rest = rest.strip_prefix("v=1$").unwrap_or(rest);
    let [costs, salt, digest] = rest.split('$').collect::<Vec<_>>()[..] else { return None };
    let costs = settings(costs);
    let n: u32 = costs.get("n")?.parse().ok().filter(|n: &u32| n.is_power_of_two())?;
    Some(format!("$scrypt$ln={},r={},p={}${salt}${digest}", n.ilog2(), costs.get("r")?, costs.get("p")?))
}

/// `$firebase-scrypt$hash=…$salt=…$sk=…$ss=…$r=8$m=14`
fn firebase(hash: &str) -> Option<String> {
    let rest = hash.strip_prefix("$firebase-scrypt$")?;
    let parts: HashMap<&str, &str> = rest.split('$').filter_map(|part| part.split_once('=')).collect();
    let part = |name: &str| parts.get(name).copied();
    Some(format!(
        "$firescrypt$ln={},r={},p=1${}${}${}${}",
        part("m")?,
        part("r")?,
        part("salt")?,
        part("hash")?,
        part("ss")?,
        part("sk")?
    ))
}

/// `$pbkdf2-sha256$i=…,l=…$salt$hash`, or with the digest among the settings.
fn pbkdf2(hash: &str) -> Option<String> {
    if ["$pbkdf2-sha1$", "$pbkdf2-sha256$", "$pbkdf2-sha512$"].iter().any(|mark| hash.starts_with(mark)) {
        return Some(hash.to_owned());
    }
    let [costs, salt, digest] = hash.strip_prefix("$pbkdf2$")?.split('$').collect::<Vec<_>>()[..] else {
        return None;
    };
    let costs = settings(costs);
    let kind = costs.get("d").filter(|kind| ["sha1", "sha256", "sha512"].contains(kind))?;
    Some(format!("$pbkdf2-{kind}$i={}${salt}${digest}", costs.get("i")?))
}
