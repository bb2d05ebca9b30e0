//! Separators in a parameter's value, and how they are escaped: `,` between alternatives, `|` between
//! system and code, `$` between components, each after a backslash when it is meant as itself.
//!
//! <https://hl7.org/fhir/R4/search.html#escaping>

use std::borrow::Cow;

const ESCAPABLE: [char; 4] = [',', '$', '|', '\\'];

/// The pieces between unescaped separators, still escaped.
pub fn split(text: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((piece, after)) = split_once(rest, separator) {
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

/// The two sides of the first unescaped separator, still escaped.
pub fn split_once(text: &str, separator: char) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, char) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if char == '\\' {
            escaped = true;
        } else if char == separator {
            return Some((&text[..at], &text[at + char.len_utf8()..]));
        }
    }
    None
}

/// The text as a value that means just that.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if ESCAPABLE.contains(&char) {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// The text meant. A backslash before anything but the four separators stands for itself: the
/// specification gives it no other meaning, and `ACME\bob` is a name.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match chars.peek() {
            Some(next) if char == '\\' && ESCAPABLE.contains(next) => {
                plain.push(*next);
                chars.next();
            }
            _ => plain.push(char),
        }
    }
    Cow::Owned(plain)
}
