//! Scopes as they are written (<https://www.rfc-editor.org/rfc/rfc6749#section-3.3>).

use super::{Access, Context, LETTERS, Permission, Scopes};
use crate::error::{Result, malformed};

/// Words that mean something here; others are passed over, and the answer tells which were not.
pub const WORDS: [&str; 9] = [
    "openid",
    "profile",
    "email",
    "fhirUser",
    "launch",
    "launch/patient",
    "offline_access",
    "online_access",
    "offline",
];
/// Characters of all at most.
const LONGEST: usize = 8 * 1024;

/// Reads a list of scopes. What looks like access to resources and is not is refused.
pub fn parse(text: &str) -> Result<Scopes> {
    let refused = |said: String| malformed(said).at("scope").coded("invalid_scope");
    if text.len() > LONGEST {
        return Err(refused("there are too many scopes".to_owned()));
    }
    let legal = |c: char| matches!(c, '\x20'..='\x7e') && !matches!(c, '"' | '\\');
    if !text.chars().all(legal) {
        return Err(refused("a scope has a character that none may have".to_owned()));
    }
    let mut scopes = Scopes::default();
    for one in text.split(' ').filter(|one| !one.is_empty()) {
        let context = Context::ALL.iter().find(|(_, word)| one.split('/').next() == Some(word));
        match context {
            Some((context, _)) => {
                let read = permission(*context, one);
                let read = read.ok_or_else(|| refused(format!("'{one}' is no scope of SMART")))?;
                if !scopes.permissions.contains(&read) {
                    scopes.permissions.push(read);
                }
            }
            None if WORDS.contains(&one) && !scopes.has(one) => scopes.words.push(one.to_owned()),
            None => {}
        }
    }
    Ok(scopes)
}

fn permission(context: Context, text: &str) -> Option<Permission> {
    let (_, rest) = text.split_once('/')?;
    let (what, criteria) = match rest.split_once('?') {
        Some((what, criteria)) => (what, Some(criteria)),
        None => (rest, None),
    };
    let (kind, access) = what.split_once('.')?;
    let is_type = kind.starts_with(|c: char| c.is_ascii_uppercase())
        && kind.chars().all(|c| c.is_ascii_alphanumeric())
        && kind.len() <= 64;
    if kind != "*" && !is_type {
        return None;
    }
    let access = match access {
        "read" => Access::of("rs"),
        "write" => Access::of("cud"),
        "*" => Access::ALL,
        letters if is_in_order(letters) => Access::of(letters),
        _ => return None,
    };
    let narrows = |criteria: &&str| {
        criteria
            .split('&')
            .all(|one| one.split_once('=').is_some_and(|(name, value)| !name.is_empty() && !value.is_empty()))
    };
    let criteria = match criteria {
        None => None,
        Some(criteria) => Some(Some(criteria).filter(narrows)?.to_owned()),
    };
    Some(Permission { context, kind: kind.to_owned(), access, criteria, text: text.to_owned() })
}

/// Some of the letters, each once, in their order.
fn is_in_order(letters: &str) -> bool {
    let mut rest = LETTERS;
    !letters.is_empty()
        && letters.chars().all(|letter| match rest.find(letter) {
            Some(place) => {
                rest = &rest[place + 1..];
                true
            }
            None => false,
        })
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn read(text: &str) -> String {
        parse(text).map_or_else(|error| format!("{error}"), |scopes| scopes.to_string())
    }

    #[test]
    fn both_forms_are_read() {
        for text in [
            "openid fhirUser launch/patient",
            "patient/*.read",
            "user/Patient.cruds",
            "system/*.*",
            "patient/Observation.rs?category=laboratory",
        ] {
            assert_eq!(read(text), text);
        }
        assert_eq!(read("openid  openid unheard-of"), "openid");
    }

    #[test]
    fn what_is_no_scope_is_refused() {
        for text in [
            "patient/Observation",
            "patient/Observation.",
            "patient/Observation.sr",
            "patient/Observation.rr",
            "patient/observation.rs",
            "patient/.rs",
            "patient/*.x",
            "user/Patient.rs?",
            "user/Patient.rs?name",
            "user/Patient.rs?=x",
            "system/",
            "patient",
            "a\"b",
            "ü",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_bound_leaves_what_both_allow() {
        let within = |asked: &str, bound: &str| {
            let (asked, bound) = (parse(asked).expect("scopes"), parse(bound).expect("scopes"));
            asked.within(&bound).to_string()
        };
        assert_eq!(
            within("openid patient/*.rs", "openid patient/Observation.r"),
            "openid patient/Observation.r"
        );
        assert_eq!(within("openid email", "openid"), "openid");
        assert_eq!(within("user/*.cruds", "patient/*.rs"), "");
        assert_eq!(within("openid", "openid user/Patient.r"), "openid user/Patient.r");
        assert_eq!(
            within("user/Patient.rs?active=true", "user/*.r?_tag=x"),
            "user/Patient.r?active=true&_tag=x"
        );
    }
}
