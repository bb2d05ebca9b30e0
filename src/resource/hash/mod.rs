//! Hashes of passwords, ours and those that other systems export: read once as they are written, so that what could
//! never be verified, or would take a minute to be, is refused there; and verified at the sign-in, which replaces them.
//!
//! - `roster$` and a bcrypt hash: ours
//! - `$2a$ $2b$ $2x$ $2y$`: bcrypt, of the first 72 bytes
//! - `$argon2id$ $argon2i$ $argon2d$`: <https://github.com/P-H-C/phc-winner-argon2>
//! - `$scrypt$ln=L,r=R,p=P$salt$hash` and `$scrypt$v=1$n=N,r=R,p=P,kl=K$salt$hash`
//! - `$firescrypt$ln=L,r=R,p=1$salt$hash$separator$key` and
//!   `$firebase-scrypt$hash=…$salt=…$sk=…$ss=…$r=R$m=L`: <https://github.com/firebase/scrypt>
//! - `$pbkdf2-sha1$`, `$pbkdf2-sha256$`, `$pbkdf2-sha512$`, each with `i=N,l=L$salt$hash` or `N$salt$hash`, and
//!   `$pbkdf2$i=N,d=sha256$salt$hash`
//! - `{SSHA} {SSHA256} {SSHA512}`: <https://www.rfc-editor.org/rfc/rfc2307>

mod parse;
mod verify;

use crate::error::{Result, invalid};

/// In front of a hash of ours.
pub const OURS: &str = "roster$";

/// A hash that can be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hash(Form);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// Of the digest that `identity` makes of a password.
    Ours(String),
    Bcrypt(String),
    Argon2 {
        scheme: argon2::Algorithm,
        version: argon2::Version,
        params: argon2::Params,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
    Scrypt {
        stretch: Stretch,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
    Firebase {
        stretch: Stretch,
        /// With the separator at its end.
        salt: Vec<u8>,
        hash: Vec<u8>,
        key: Vec<u8>,
    },
    Pbkdf2 {
        digest: Digest,
        rounds: u32,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
    Salted {
        digest: Digest,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
}

/// What scrypt costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    log: u8,
    block: u32,
    lanes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

impl Digest {
    fn size(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

impl Hash {
    /// Fails for what no password could be verified by. Says neither the text nor a part of it.
    pub fn parse(text: &str) -> Result<Self> {
        parse::form(text).map(Self).map_err(|why| {
            let known = "bcrypt, argon2, scrypt, firebase-scrypt, pbkdf2 and salted SHA are known";
            invalid(format!("this is no hash of a password: {why}; {known}")).coded("value")
        })
    }

    /// The bcrypt hash of ours, if it is one of ours.
    pub fn ours(&self) -> Option<&str> {
        match &self.0 {
            Form::Ours(hash) => Some(hash),
            _ => None,
        }
    }

    /// Whether a hash that others made is of this password. Takes long.
    pub fn verify(&self, password: &str) -> bool {
        verify::verify(password.as_bytes(), &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Hash;

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
            let hash = Hash::parse(kept).unwrap_or_else(|error| panic!("{kept}: {error}"));
            assert!(hash.verify(password), "{kept}");
            assert!(!hash.verify("another"), "{kept}");
        }
    }

    #[test]
    fn what_could_not_be_verified_is_refused() {
        for kept in [
            "",
            "$",
            "{}",
            "{SSHA}",
            "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
            "$2b$",
            "$2b$99$BqBONbSxA/aYH0FL2Lm1sOPlg2P5Mair6zp1JEKvp8UXPiACVfHEm",
            "$scrypt$ln=40,r=8,p=1$AAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=20,r=64,p=1$AAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$pbkdf2-sha256$x$y$z",
            "roster$",
            "roster$plain",
            "plain",
        ] {
            assert!(Hash::parse(kept).is_err(), "{kept}");
        }
    }
}
