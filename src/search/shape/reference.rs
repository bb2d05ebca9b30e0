//! Reference parameters: <https://hl7.org/fhir/R4/search.html#reference>. A reference to one of ours is a
//! term of its id within its type, however it was written; any other is its URL.

use serde_json::Value;

use super::{
    Asking, Entries, Found, Modifier, bad_value, is_id, no_such_modifier, quoted, string, text, token,
};
use crate::error::Issue;
use crate::search::{EntryValue, Facet, Test, digest, escape, qualifier};

/// The qualifier of what is not ours.
const ELSEWHERE: i64 = 0;

/// Where a reference points.
#[derive(Debug, PartialEq, Eq)]
enum Target<'a> {
    Local { kind: &'a str, id: &'a str },
    Elsewhere(&'a str),
}

/// Reads a literal reference; `None` when it points nowhere that can be searched for: into the resource
/// itself, or to a place that only a transaction knows.
fn target<'a>(reference: &'a str, base_url: &str) -> Option<Target<'a>> {
    if reference.is_empty() || reference.starts_with('#') || reference.starts_with("urn:") {
        return None;
    }
    let own = reference
        .strip_prefix(base_url.trim_end_matches('/'))
        .and_then(|rest| rest.strip_prefix('/'))
        .filter(|_| !base_url.is_empty());
    let mut parts = own.unwrap_or(reference).split('/');
    let (kind, id) = (parts.next()?, parts.next());
    if let Some(id) = id.filter(|id| is_type(kind) && is_id(id)) {
        // A version does not make it another target.
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => return Some(Target::Local { kind, id }),
            (Some("_history"), Some(version), None) if is_id(version) => {
                return Some(Target::Local { kind, id });
            }
            _ => {}
        }
    }
    Some(Target::Elsewhere(reference))
}

/// The form of a type's name.
pub(super) fn is_type(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

pub fn index(found: &Found, entries: &mut Entries) {
    match &*found.json {
        Value::String(url) => add(url, entries),
        Value::Object(object) => {
            match (text(object, "reference"), text(object, "resourceType"), text(object, "id")) {
                (Some(reference), ..) => add(reference, entries),
                // The expression led to the resource itself: the first entry of a Bundle.
                (None, Some(kind), Some(id)) => local(kind, id, entries),
                // `:missing` asks for the element, and it is there.
                _ => term("", ELSEWHERE, entries),
            }
            if let Some(identifier) = object.get("identifier").and_then(Value::as_object) {
                token::identifier(identifier, Facet::Identifier, entries);
            }
            if let Some(words) = text(object, "display") {
                string::words(Facet::Text, words, entries);
            }
        }
        _ => {}
    }
}

fn add(reference: &str, entries: &mut Entries) {
    match target(reference, entries.base_url) {
        Some(Target::Local { kind, id }) => local(kind, id, entries),
        Some(Target::Elsewhere(url)) => {
            term(url, ELSEWHERE, entries);
            // A canonical reference is found without its version as well.
            if let Some((url, _)) = url.rsplit_once('|') {
                term(url, ELSEWHERE, entries);
            }
        }
        None => term("", ELSEWHERE, entries),
    }
}

fn local(kind: &str, id: &str, entries: &mut Entries) {
    // A list leads to one type as a rule, and a digest costs more than the rest.
    let number = match &entries.target {
        Some((known, number)) if known == kind => *number,
        _ => {
            let number = qualifier(kind);
            entries.target = Some((kind.to_owned(), number));
            number
        }
    };
    term(id, number, entries);
}

fn term(value: &str, qualifier: i64, entries: &mut Entries) {
    entries.add(Facet::Value, EntryValue::Term { value: digest::term(value), qualifier });
}

pub fn ask(asking: &Asking, value: &str) -> Result<Vec<Test>, Issue> {
    let text = escape::unescape(value);
    let kind = match asking.modifier {
        Modifier::None => None,
        Modifier::Type(kind) => Some(kind),
        Modifier::Text => return Ok(vec![Test::Prefix(string::asked(&text)?)]),
        Modifier::Identifier => return token::ask_plain(value),
        _ => return Err(no_such_modifier()),
    };
    let test = |value: &str, qualifier| Test::Term { value: Some(digest::term(value)), qualifier };
    if is_id(&text) {
        return Ok(vec![test(&text, kind.map(qualifier))]);
    }
    match target(&text, asking.base_url) {
        Some(Target::Local { kind: asked, id }) if kind.is_none_or(|kind| kind == asked) => {
            Ok(vec![test(id, Some(qualifier(asked)))])
        }
        Some(Target::Elsewhere(url)) if kind.is_none() && url.contains(':') => {
            Ok(vec![test(url, Some(ELSEWHERE))])
        }
        _ => Err(bad_value(match kind {
            Some(kind) => format!("{} is no reference to a {kind}", quoted(&text)),
            None => format!("{} is no reference: give an id, `Type/id` or a URL", quoted(&text)),
        })),
    }
}
