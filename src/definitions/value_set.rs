//! Closed lists of codes, and the few that only a syntax can describe.
//!
//! Implements <https://hl7.org/fhir/R4/valueset.html#compositions> for lists, whole code systems and other
//! value sets. The syntaxes: <https://www.rfc-editor.org/rfc/rfc5646#section-2.1>,
//! <https://www.rfc-editor.org/rfc/rfc6838#section-4.2>, <https://ucum.org/ucum>, ISO 4217.

use std::collections::HashMap;

#[derive(Debug, Default)]
pub struct ValueSet {
    pub url: String,
    pub name: String,
    /// Code to the systems that have it.
    pub(super) codes: HashMap<String, Vec<String>>,
    /// Systems of which nothing but the name is known: their codes cannot be refused.
    pub(super) open: Vec<String>,
    pub(super) syntax: Option<Syntax>,
}

impl ValueSet {
    /// Whether a bare code is in the set.
    pub fn contains_code(&self, code: &str) -> bool {
        match self.syntax {
            Some(syntax) => syntax.holds(code),
            None => !self.open.is_empty() || self.codes.contains_key(code),
        }
    }

    /// Whether a code of a system is in the set.
    pub fn contains(&self, system: &str, code: &str) -> bool {
        if self.open.iter().any(|open| open == system) {
            return self.syntax.is_none_or(|syntax| syntax.holds(code));
        }
        self.codes.get(code).is_some_and(|systems| systems.iter().any(|own| own == system))
    }

    /// All codes with their systems; nothing where they cannot be listed.
    pub fn all(&self) -> Option<Vec<(&str, &str)>> {
        if !self.open.is_empty() || self.syntax.is_some() {
            return None;
        }
        let codes = self.codes.iter();
        Some(codes.flat_map(|(code, of)| of.iter().map(|system| (system.as_str(), code.as_str()))).collect())
    }

    /// The codes, for a message, when they are few.
    pub fn listed(&self) -> Option<Vec<&str>> {
        if !self.open.is_empty() || self.codes.len() > 12 {
            return None;
        }
        let mut codes: Vec<&str> = self.codes.keys().map(String::as_str).collect();
        codes.sort_unstable();
        Some(codes)
    }
}

/// How the codes of a set are checked that cannot be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    LanguageTag,
    MediaType,
    Unit,
    Currency,
}

impl Syntax {
    /// By the code of the extension `syntax`.
    pub fn of(code: &str) -> Option<Self> {
        Some(match code {
            "bcp-47" => Self::LanguageTag,
            "media-type" => Self::MediaType,
            "ucum" => Self::Unit,
            "iso-4217" => Self::Currency,
            _ => return None,
        })
    }

    pub fn holds(self, code: &str) -> bool {
        match self {
            Self::LanguageTag => is_language_tag(code),
            Self::MediaType => is_media_type(code),
            Self::Unit => is_unit(code),
            Self::Currency => code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()),
        }
    }
}

/// Subtags of 1 to 8 letters and digits; the first is a language, or starts a private or old tag.
fn is_language_tag(code: &str) -> bool {
    let mut subtags = code.split('-');
    let first = subtags.next().unwrap_or_default();
    let opens = first.bytes().all(|b| b.is_ascii_alphabetic())
        && match first.len() {
            2..=8 => true,
            1 => matches!(first, "x" | "X" | "i" | "I") && code.len() > 2,
            _ => false,
        };
    // A tag does not end in a singleton: something must follow it.
    let ends = code
        .rsplit('-')
        .next()
        .is_some_and(|last| last.len() > 1 || last.as_bytes().first().is_some_and(u8::is_ascii_digit));
    opens
        && ends
        && subtags.all(|tag| matches!(tag.len(), 1..=8) && tag.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// `type/subtype`, with parameters or without.
fn is_media_type(code: &str) -> bool {
    let (essence, parameters) = code.split_once(';').map_or((code, None), |(a, b)| (a, Some(b)));
    let name = |text: &str| {
        text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
            && text.len() <= 127
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    let essential = match essence.trim_end().split_once('/') {
        Some((kind, sub)) => name(kind) && name(sub),
        // The short names that the standard itself has for its formats.
        None => matches!(code, "json" | "xml" | "ttl"),
    };
    let parameter = |text: &str| {
        text.split_once('=').is_some_and(|(key, value)| name(key.trim()) && !value.trim().is_empty())
    };
    essential && parameters.is_none_or(|list| list.split(';').all(parameter))
}

/// The characters and brackets of a UCUM expression; whether its atoms exist is not looked up.
fn is_unit(code: &str) -> bool {
    let mut open = Vec::new();
    for byte in code.bytes() {
        if !(33..=126).contains(&byte) {
            return false;
        }
        let in_annotation = open.last() == Some(&b'}');
        match byte {
            b'{' if in_annotation => return false,
            b'{' => open.push(b'}'),
            b'}' if !in_annotation => return false,
            b'}' => _ = open.pop(),
            _ if in_annotation => {}
            b'[' => open.push(b']'),
            b'(' => open.push(b')'),
            b']' | b')' if open.pop() != Some(byte) => return false,
            _ => {}
        }
    }
    !code.is_empty() && open.is_empty()
}
