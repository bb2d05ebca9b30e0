//! Token parameters: <https://hl7.org/fhir/R4/search.html#token>. A value within a system, compared as
//! written; only the truth values, e-mail addresses and telephone numbers of contact points are folded.
//!
//! The system of a plain `code` is not indexed: it is implied by what the definition binds the element to.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{Asking, Entries, Found, Modifier, Shape, bad_value, no_such_modifier, objects, string, text};
use crate::error::Issue;
use crate::search::{EntryValue, Facet, Test, digest, escape, qualifier};

/// The qualifier of what has no system.
const NO_SYSTEM: i64 = 0;

pub fn index(found: &Found, entries: &mut Entries) {
    match &*found.json {
        Value::String(value) => add(entries, Facet::Value, value, NO_SYSTEM),
        Value::Bool(truth) => add(entries, Facet::Value, if *truth { "true" } else { "false" }, NO_SYSTEM),
        Value::Number(number) => add(entries, Facet::Value, &number.to_string(), NO_SYSTEM),
        Value::Object(object) => {
            let before = entries.all.len();
            match found.kind {
                "CodeableConcept" => concept(object, entries),
                "ContactPoint" => contact_point(object, entries),
                "Identifier" => identifier(object, Facet::Value, entries),
                "Coding" => coding(object, entries),
                _ if object.contains_key("coding") => concept(object, entries),
                _ if object.contains_key("name") => pair(object, entries),
                _ if object.contains_key("code") => coding(object, entries),
                _ => identifier(object, Facet::Value, entries),
            }
            // `:missing` asks for the element, and it is there: words alone are a value of no code.
            if !entries.all[before..].iter().any(|entry| entry.key.facet == Facet::Value) {
                add(entries, Facet::Value, "", NO_SYSTEM);
            }
        }
        _ => {}
    }
}

fn add(entries: &mut Entries, facet: Facet, value: &str, qualifier: i64) {
    entries.add(facet, EntryValue::Term { value: digest::term(value), qualifier });
}

fn concept(object: &Map<String, Value>, entries: &mut Entries) {
    for one in objects(object, "coding") {
        coding(one, entries);
    }
    if let Some(words) = text(object, "text") {
        string::words(Facet::Text, words, entries);
    }
}

fn coding(object: &Map<String, Value>, entries: &mut Entries) {
    within(object, "code", Facet::Value, entries);
    if let Some(words) = text(object, "display") {
        string::words(Facet::Text, words, entries);
    }
}

/// An identifier, of an element or (under the facet `Identifier`) of a reference.
pub(super) fn identifier(object: &Map<String, Value>, facet: Facet, entries: &mut Entries) {
    within(object, "value", facet, entries);
    if facet == Facet::Value {
        of_type(object, entries);
    }
    if facet == Facet::Value
        && let Some(words) = object.get("type").and_then(Value::as_object).and_then(|kind| text(kind, "text"))
    {
        string::words(Facet::Text, words, entries);
    }
}

/// An identifier under each code of its type: what `:of-type` asks
/// (<https://hl7.org/fhir/R4/search.html#token>).
fn of_type(object: &Map<String, Value>, entries: &mut Entries) {
    let Some(value) = text(object, "value") else { return };
    let Some(kind) = object.get("type").and_then(Value::as_object) else { return };
    for coding in objects(kind, "coding") {
        if let Some(code) = text(coding, "code") {
            let system = text(coding, "system").map_or(NO_SYSTEM, qualifier);
            add(entries, Facet::OfType, &typed(code, value), system);
        }
    }
}

/// Code and value as one term; no code has a line break in it.
fn typed(code: &str, value: &str) -> String {
    format!("{code}\n{value}")
}

/// `system|code|value`: the type of an identifier, and its value.
fn ask_of_type(asked: &str) -> Result<Vec<Test>, Issue> {
    let pieces: Vec<Cow<str>> = escape::split(asked, '|').into_iter().map(escape::unescape).collect();
    let [system, code, value] = pieces.as_slice() else {
        return Err(bad_value(
            "`:of-type` takes `system|code|value`, the first two of the identifier's type",
        ));
    };
    if code.is_empty() || value.is_empty() {
        return Err(bad_value("`:of-type` needs a code and a value"));
    }
    let system = if system.is_empty() { NO_SYSTEM } else { qualifier(system) };
    Ok(vec![term(Some(&typed(code, value)), Some(system))])
}

/// A value and its system. With a system alone there is still something that `system|` finds.
fn within(object: &Map<String, Value>, value: &str, facet: Facet, entries: &mut Entries) {
    let system = text(object, "system");
    let value = text(object, value);
    if system.is_some() || value.is_some() {
        add(entries, facet, value.unwrap_or_default(), system.map_or(NO_SYSTEM, qualifier));
    }
}

/// A name with its value, as `User.metadata` has them: the name takes the place of the system.
fn pair(object: &Map<String, Value>, entries: &mut Entries) {
    let Some(name) = text(object, "name") else { return };
    let value = object.iter().find(|(member, _)| member.starts_with("value")).map(|(_, value)| value);
    let value: Cow<str> = match value {
        Some(Value::String(text)) => Cow::Borrowed(text),
        Some(Value::Bool(_) | Value::Number(_)) => {
            Cow::Owned(value.map(Value::to_string).unwrap_or_default())
        }
        _ => Cow::Borrowed(""),
    };
    add(entries, Facet::Value, &value, qualifier(name));
}

/// A contact point is found as written, and folded where people write the same in many ways.
fn contact_point(object: &Map<String, Value>, entries: &mut Entries) {
    let Some(value) = text(object, "value") else { return };
    add(entries, Facet::Value, value, NO_SYSTEM);
    let folded = match text(object, "system") {
        Some("email") => value.to_lowercase(),
        Some("phone" | "fax" | "pager" | "sms") => digits(value),
        _ => return,
    };
    if !folded.is_empty() && folded != value {
        add(entries, Facet::Value, &folded, NO_SYSTEM);
    }
}

/// A telephone number without its punctuation. The `+` goes too: in a query it is often lost to a space.
fn digits(value: &str) -> String {
    value.chars().filter(char::is_ascii_digit).collect()
}

pub fn ask(shape: &impl Shape, asking: &Asking, value: &str) -> Result<Vec<Test>, Issue> {
    match asking.modifier {
        Modifier::Text => return Ok(vec![Test::Prefix(string::asked(&escape::unescape(value))?)]),
        Modifier::OfType => return ask_of_type(value),
        Modifier::None => {}
        _ => return Err(no_such_modifier()),
    }
    let mut tests = ask_plain(value)?;
    let Some((system, code)) = escape::split_once(value, '|') else {
        return ask_code(shape, value, tests);
    };
    let (system, code) = (escape::unescape(system), escape::unescape(code));
    for set in shape.implied().iter().filter(|_| !system.is_empty()) {
        if !code.is_empty() && set.contains(&system, &code) {
            tests.push(term(Some(&code), Some(NO_SYSTEM)));
        } else if code.is_empty() {
            let own = set.all().unwrap_or_default().into_iter().filter(|(of, _)| *of == system);
            tests.extend(own.map(|(_, code)| term(Some(code), Some(NO_SYSTEM))));
        }
    }
    Ok(tests)
}

/// A code without a system.
fn ask_code(shape: &impl Shape, value: &str, mut tests: Vec<Test>) -> Result<Vec<Test>, Issue> {
    if shape.is_truth() && !value.eq_ignore_ascii_case("true") && !value.eq_ignore_ascii_case("false") {
        return Err(bad_value("this is either `true` or `false`"));
    }
    if let Some(other) = folded(shape, &escape::unescape(value)) {
        tests.push(term(Some(&other), None));
    }
    Ok(tests)
}

/// A token as written, without the folding of contact points.
pub(super) fn ask_plain(value: &str) -> Result<Vec<Test>, Issue> {
    let Some((system, code)) = escape::split_once(value, '|') else {
        return Ok(vec![term(Some(&escape::unescape(value)), None)]);
    };
    if escape::split_once(code, '|').is_some() {
        return Err(bad_value(
            "a token is `code`, `system|code`, `|code` or `system|`; escape a `|` as `\\|`",
        ));
    }
    let (system, code) = (escape::unescape(system), escape::unescape(code));
    let qualifier = if system.is_empty() { NO_SYSTEM } else { qualifier(&system) };
    match (system.is_empty(), code.is_empty()) {
        (true, true) => Err(bad_value("a token needs a system or a code beside the `|`")),
        (false, true) => Ok(vec![term(None, Some(qualifier))]),
        (_, false) => Ok(vec![term(Some(&code), Some(qualifier))]),
    }
}

fn term(value: Option<&str>, qualifier: Option<i64>) -> Test {
    Test::Term { value: value.map(digest::term), qualifier }
}

/// The other form under which a value may be indexed.
fn folded(shape: &impl Shape, value: &str) -> Option<String> {
    if value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false") {
        return Some(value.to_ascii_lowercase()).filter(|lower| lower != value);
    }
    // Only where contact points are: elsewhere `A@B` and `a@b` are two codes.
    if !shape.text().contains("telecom") {
        return None;
    }
    let phone =
        value.len() >= 3 && value.chars().all(|char| char.is_ascii_digit() || " +-./()".contains(char));
    let folded = if phone { digits(value) } else { value.to_lowercase() };
    Some(folded).filter(|folded| !folded.is_empty() && folded != value)
}
