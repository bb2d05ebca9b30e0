//! Passwords of people: how they are kept, and that checking them holds nobody up.
//!
//! Kept is `roster$` and a bcrypt hash of a digest of the password in NFKC, so that the whole of a long one counts
//! (<https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>).

mod pool;
mod strength;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Result, fault, malformed};
use crate::resource::hash::{Hash, OURS};
pub(super) use pool::Pool;
pub use strength::Demands;
pub(super) use strength::{Person, judge};

/// Keeps a digest made here from being of use anywhere else.
const PURPOSE: &[u8] = b"roster password";
/// Bytes of a password at most: nobody has longer ones, and hashing costs.
const LONGEST: usize = 1024;

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Wrong,
    Right,
    /// Right, but kept in another way than passwords are by now.
    Outdated,
}

/// Fails for what is no password of anybody.
pub(super) fn acceptable(password: &str, place: &str) -> Result<()> {
    if password.len() > LONGEST {
        let text = format!("a password has no more than {LONGEST} bytes");
        return Err(malformed(text).coded("too-long").at(place));
    }
    Ok(())
}

/// What to keep of a password. Takes long.
pub(super) fn hash(password: &str, cost: u32) -> Result<String> {
    bcrypt::hash(digest(password), cost).map(|hash| format!("{OURS}{hash}")).map_err(fault)
}

/// Whether this is the password that `kept` was made of. Takes long.
fn verify(password: &str, kept: &str, cost: u32) -> Verdict {
    // What is no hash is nobody's password.
    let Ok(read) = Hash::parse(kept) else { return Verdict::Wrong };
    let Some(ours) = read.ours() else {
        return if read.verify(password) { Verdict::Outdated } else { Verdict::Wrong };
    };
    if !bcrypt::verify(digest(password), ours).unwrap_or(false) {
        return Verdict::Wrong;
    }
    if is_of_today(kept, cost) { Verdict::Right } else { Verdict::Outdated }
}

/// Whether it is kept as passwords are by now.
fn is_of_today(kept: &str, cost: u32) -> bool {
    let parts = kept.strip_prefix(OURS).and_then(|ours| ours.parse::<bcrypt::HashParts>().ok());
    parts.is_some_and(|parts| parts.get_cost() == cost)
}

/// Of any length, 43 characters without a zero byte.
fn digest(password: &str) -> String {
    let normal: String = password.nfkc().collect();
    // A key of any length is a key.
    let mac = Hmac::<Sha256>::new_from_slice(PURPOSE).map(|mac| mac.chain_update(normal.as_bytes()));
    mac.map(|mac| STANDARD_NO_PAD.encode(mac.finalize().into_bytes())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Verdict, hash, verify};

    #[test]
    fn every_byte_and_every_form_of_a_password_counts() {
        let long = "x".repeat(72);
        let kept = hash(&format!("{long}a"), 4).expect("a hash");
        assert_eq!(verify(&format!("{long}a"), &kept, 4), Verdict::Right);
        assert_eq!(verify(&format!("{long}b"), &kept, 4), Verdict::Wrong);
        assert_eq!(verify(&format!("{long}a"), &kept, 5), Verdict::Outdated);
        let kept = hash("cafe\u{301} \u{fb01}", 4).expect("a hash");
        assert_eq!(verify("caf\u{e9} fi", &kept, 4), Verdict::Right);
        assert_eq!(verify("Caf\u{e9} fi", &kept, 4), Verdict::Wrong);
    }
}
