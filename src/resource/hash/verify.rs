//! Whether a password is the one that others made a hash of. Takes as long as they wanted it to.

use aes::Aes256;
use argon2::Argon2;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::{Digest, Form, Stretch};

/// What bcrypt looks at.
const BCRYPT: usize = 72;

pub(super) fn verify(password: &[u8], form: &Form) -> bool {
    made(password, form).unwrap_or(false)
}

fn made(password: &[u8], form: &Form) -> Option<bool> {
    let same = |made: &[u8], hash: &[u8]| Some(bool::from(made.ct_eq(hash)));
    match form {
        // What is ours is of a digest, which is made elsewhere.
        Form::Ours(_) => None,
        Form::Bcrypt(kept) => bcrypt::verify(&password[..password.len().min(BCRYPT)], kept).ok(),
        Form::Argon2 { scheme, version, params, salt, hash } => {
            let mut made = vec![0; hash.len()];
            let argon2 = Argon2::new(*scheme, *version, params.clone());
            argon2.hash_password_into(password, salt, &mut made).ok()?;
            same(&made, hash)
        }
        Form::Scrypt { stretch, salt, hash } => same(&stretched(password, salt, *stretch, hash.len())?, hash),
        Form::Firebase { stretch, salt, hash, key } => {
            let secret = stretched(password, salt, *stretch, 64)?;
            let mut made = key.clone();
            Ctr128BE::<Aes256>::new_from_slices(secret.get(..32)?, &[0; 16]).ok()?.apply_keystream(&mut made);
            same(&made, hash)
        }
        Form::Pbkdf2 { digest, rounds, salt, hash } => {
            let mut made = vec![0; hash.len()];
            match digest {
                Digest::Sha1 => pbkdf2::pbkdf2_hmac::<Sha1>(password, salt, *rounds, &mut made),
                Digest::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, *rounds, &mut made),
                Digest::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, *rounds, &mut made),
            }
            same(&made, hash)
        }
        Form::Salted { digest, salt, hash } => {
            let made = match digest {
                Digest::Sha1 => Sha1::new().chain_update(password).chain_update(salt).finalize().to_vec(),
                Digest::Sha256 => Sha256::new().chain_update(password).chain_update(salt).finalize().to_vec(),
                Digest::Sha512 => Sha512::new().chain_update(password).chain_update(salt).finalize().to_vec(),
            };
            same(&made, hash)
        }
    }
}

fn stretched(password: &[u8], salt: &[u8], stretch: Stretch, length: usize) -> Option<Vec<u8>> {
    let params = scrypt::Params::new(stretch.log, stretch.block, stretch.lanes).ok()?;
    let mut made = vec![0; length];
    scrypt::scrypt(password, salt, &params, &mut made).ok()?;
    Some(made)
}
