//! Password hashes in the forms in which others export them, put into the one text that sign-in verifies them by.

use clap::Args;
use serde_json::{Map, Value};

use crate::error::{Error, Result, malformed};
use crate::resource::hash::Hash;

/// What all hashes of a Firebase project share (`firebase auth:export`).
#[derive(Debug, Default, Args)]
pub struct Firebase {
    /// base64_signer_key of the Firebase project
    #[arg(long, env = "ROSTER_FIREBASE_KEY", hide_env_values = true, value_name = "BASE64")]
    firebase_key: Option<String>,
    /// base64_salt_separator
    #[arg(long, value_name = "BASE64", default_value = "Bw==")]
    firebase_separator: String,
    /// rounds
    #[arg(long, value_name = "N", default_value_t = 8)]
    firebase_rounds: u32,
    /// mem_cost
    #[arg(long, value_name = "N", default_value_t = 14)]
    firebase_memory: u32,
}

const FORMATS: &str = "bcrypt, argon2, scrypt, firebase-scrypt, pbkdf2-sha1, pbkdf2-sha256, pbkdf2-sha512, ssha, \
                       ssha256 and ssha512";

/// The hash of a row, taken out of its fields.
pub(super) fn take(fields: &mut Map<String, Value>, firebase: &Firebase) -> Result<Option<String>> {
    let mut text = |name: &str| match fields.shift_remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let (hash, format) = (text("passwordHash"), text("hashFormat"));
    let (salt, rounds) = (text("passwordSalt"), text("hashRounds"));
    let Some(hash) = hash else { return Ok(None) };
    let wrong = |text: &str| malformed(text).coded("value").at("User.passwordHash");
    let salted = || salt.as_deref().ok_or_else(|| wrong("this hash needs a passwordSalt"));
    // It says itself how it was made.
    let whole = hash.starts_with(['$', '{']);
    let made = match format.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None if whole => hash,
        None => return Err(unknown("the form of this hash is not known; say it as hashFormat")),
        Some("firebase-scrypt" | "firescrypt") if !whole => {
            let key = firebase.firebase_key.as_deref();
            let key = key.ok_or_else(|| wrong("a hash of Firebase needs --firebase-key"))?;
            let Firebase {
                firebase_separator: separator,
                firebase_rounds: rounds,
                firebase_memory: memory,
                ..
            } = firebase;
            format!("$firescrypt$ln={memory},r={rounds},p=1${}${hash}${separator}${key}", salted()?)
        }
        Some(digest @ ("pbkdf2-sha1" | "pbkdf2-sha256" | "pbkdf2-sha512")) if !whole => {
            let rounds = rounds.ok_or_else(|| wrong("this hash needs hashRounds"))?;
            format!("${digest}$i={rounds}${}${hash}", salted()?)
        }
        Some(scheme @ ("ssha" | "ssha256" | "ssha512")) if !whole => {
            format!("{{{}}}{hash}", scheme.to_ascii_uppercase())
        }
        Some(
            "bcrypt" | "argon2" | "argon2id" | "argon2i" | "argon2d" | "scrypt" | "firebase-scrypt"
            | "firescrypt" | "pbkdf2" | "pbkdf2-sha1" | "pbkdf2-sha256" | "pbkdf2-sha512" | "ssha"
            | "ssha256" | "ssha512",
        ) if whole => hash,
        Some(_) => return Err(unknown("this is no hash of the form it is said to have")),
    };
    Hash::parse(&made).map_err(|error| error.at("User.passwordHash"))?;
    Ok(Some(made))
}

fn unknown(text: &str) -> Error {
    malformed(format!("{text}; there are {FORMATS}")).coded("value").at("User.passwordHash")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Firebase, take};

    fn taken(fields: serde_json::Value) -> Option<String> {
        let mut fields = fields.as_object().cloned().unwrap_or_default();
        let firebase = Firebase {
            firebase_key: Some("MDEyMzQ1Njc4OWFiY2RlZg==".to_owned()),
            firebase_separator: "Bw==".to_owned(),
            firebase_rounds: 8,
            firebase_memory: 14,
        };
        take(&mut fields, &firebase).ok().flatten()
    }

    #[test]
    fn hashes_are_put_into_one_form() {
        let bcrypt = "$2b$10$BqBONbSxA/aYH0FL2Lm1sOPlg2P5Mair6zp1JEKvp8UXPiACVfHEm";
        assert_eq!(taken(json!({"passwordHash": bcrypt})).as_deref(), Some(bcrypt));
        assert_eq!(
            taken(json!({"passwordHash": "MDEyMzQ1Njc4OWFiY2RlZg==", "passwordSalt": "c2FsdA==", "hashFormat": "firebase-scrypt"}))
                .as_deref(),
            Some("$firescrypt$ln=14,r=8,p=1$c2FsdA==$MDEyMzQ1Njc4OWFiY2RlZg==$Bw==$MDEyMzQ1Njc4OWFiY2RlZg==")
        );
        assert_eq!(
            taken(json!({
                "passwordHash": "MDEyMzQ1Njc4OWFiY2RlZg", "passwordSalt": "c2FsdA", "hashFormat": "pbkdf2-sha256", "hashRounds": "29000"
            }))
            .as_deref(),
            Some("$pbkdf2-sha256$i=29000$c2FsdA$MDEyMzQ1Njc4OWFiY2RlZg")
        );
        assert_eq!(taken(json!({"passwordHash": "secret"})), None);
        assert_eq!(taken(json!({"passwordHash": "secret", "hashFormat": "md5"})), None);
        assert_eq!(taken(json!({"passwordHash": "plain text", "hashFormat": "ssha"})), None);
    }
}
