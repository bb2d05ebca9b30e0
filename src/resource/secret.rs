//! Secrets that machines choose: kept as a salted digest, compared in constant time.
//!
//! A plain digest is enough only for what cannot be guessed, so that short ones are refused; passwords of
//! people go through bcrypt instead.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::{Result, invalid};

const SCHEME: &str = "sha256";
pub const SHORTEST: usize = 16;

/// What to keep of a secret: `sha256$salt$digest`.
pub fn digest(secret: &str) -> Result<String> {
    if secret.chars().count() < SHORTEST {
        return Err(invalid(format!("a secret has at least {SHORTEST} characters")).coded("value"));
    }
    let salt: [u8; 16] = rand::random();
    Ok(format!("{SCHEME}${}${}", STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(salted(&salt, secret))))
}

/// Whether this is the secret that was kept.
pub fn matches(secret: &str, kept: &str) -> bool {
    let mut parts = kept.split('$');
    let (Some(SCHEME), Some(salt), Some(digest), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Ok(salt), Ok(digest)) = (STANDARD_NO_PAD.decode(salt), STANDARD_NO_PAD.decode(digest)) else {
        return false;
    };
    salted(&salt, secret).ct_eq(&digest).into()
}

fn salted(salt: &[u8], secret: &str) -> Vec<u8> {
    Sha256::new().chain_update(salt).chain_update(secret).finalize().to_vec()
}
