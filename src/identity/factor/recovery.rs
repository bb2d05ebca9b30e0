//! Codes for who has lost the other factor: ten, shown once, kept hashed, each good once.

use serde_json::Value;

use crate::error::Result;
use crate::resource::secret;

const MANY: usize = 10;
/// Without letters that look like others.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const LENGTH: usize = 20;

/// New codes, and what to keep of them.
pub(in crate::identity) fn fresh() -> Result<(Vec<String>, String)> {
    let codes: Vec<String> = (0..MANY).map(|_| code()).collect();
    let kept: Vec<String> = codes.iter().map(|code| secret::digest(&plain(code))).collect::<Result<_>>()?;
    Ok((codes, Value::from(kept).to_string()))
}

/// What is left to keep when this code was used; nothing if it is none.
pub(in crate::identity) fn used(kept: &str, code: &str) -> Option<String> {
    let mut kept: Vec<String> = serde_json::from_str(kept).ok()?;
    let code = plain(code);
    let place = kept.iter().position(|kept| secret::matches(&code, kept))?;
    kept.remove(place);
    Some(Value::from(kept).to_string())
}

/// How many are left.
pub(in crate::identity) fn left(kept: &str) -> usize {
    serde_json::from_str::<Vec<String>>(kept).map_or(0, |kept| kept.len())
}

/// Whether it has the form of one: a code of an app has not.
pub(in crate::identity) fn is_one(code: &str) -> bool {
    plain(code).len() == LENGTH
}

fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// 99 bits, in groups of five.
fn code() -> String {
    let mut code = String::new();
    while code.len() < LENGTH + LENGTH / 5 - 1 {
        if code.len() % 6 == 5 {
            code.push('-');
        }
        let byte = usize::from(rand::random::<u8>());
        // What is left over would make some letters likelier.
        if byte < 256 / ALPHABET.len() * ALPHABET.len() {
            code.push(char::from(ALPHABET[byte % ALPHABET.len()]));
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::{fresh, is_one, left, used};

    #[test]
    fn a_code_is_good_once_in_any_spelling() {
        let (codes, kept) = fresh().expect("codes");
        assert!(codes.iter().all(|code| is_one(code)), "{codes:?}");
        assert!(!is_one("123456"));
        let rest = used(&kept, &codes[3].to_uppercase().replace('-', " ")).expect("it is one");
        assert_eq!(left(&rest), 9);
        assert_eq!(used(&rest, &codes[3]), None);
        assert!(!kept.contains(&codes[0]));
    }
}
