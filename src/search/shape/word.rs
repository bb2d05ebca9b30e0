//! Words anywhere in a resource (`_content`), or in its narrative (`_text`):
//! <https://hl7.org/fhir/R4/search.html#content>. Without case and accents; all words of a value have to be
//! there, in any order.

use serde_json::{Map, Value};

use super::{Entries, bad_value};
use crate::error::Issue;
use crate::search::{EntryValue, Facet, escape, fold};

/// Different words of one resource that are indexed.
const MOST_WORDS: usize = 20_000;
/// Words of one question.
const MOST_ASKED: usize = 32;
/// What is for machines: addresses, and bytes.
const NO_WORDS: [&str; 8] =
    ["resourceType", "id", "meta", "system", "url", "reference", "data", "contentType"];

/// The codes of the parameters, which have no expression.
pub fn is_words(code: &str) -> bool {
    matches!(code, "_content" | "_text")
}

pub fn index(narrative: bool, resource: &Value, entries: &mut Entries) {
    let mut words = Vec::new();
    let narrated = resource.get("text").and_then(|text| text.get("div")).and_then(Value::as_str);
    if let Some(markup) = narrated {
        split(&plain(markup), &mut words);
    }
    if let (false, Value::Object(object)) = (narrative, resource) {
        members(object, &mut words);
    }
    words.sort_unstable();
    words.dedup();
    for word in words.into_iter().take(MOST_WORDS) {
        entries.add(Facet::Value, EntryValue::Word { narrative, word });
    }
}

/// The mark of a resource that has another of this type inside. No word looks so.
pub fn mark(kind: &str) -> String {
    format!("\u{1}{kind}")
}

/// The marks of all that is inside.
pub fn index_contained(resource: &Value, entries: &mut Entries) {
    let contained = resource.get("contained").and_then(Value::as_array).into_iter().flatten();
    for kind in contained.filter_map(|one| one.get("resourceType")?.as_str()) {
        entries.add(Facet::Value, EntryValue::Word { narrative: false, word: mark(kind) });
    }
}

fn members(object: &Map<String, Value>, words: &mut Vec<String>) {
    for (name, value) in object {
        if name != "div" && !NO_WORDS.contains(&name.as_str()) {
            inside(value, words);
        }
    }
}

fn inside(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) => split(text, words),
        Value::Array(list) => list.iter().for_each(|one| inside(one, words)),
        Value::Object(object) => members(object, words),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Narrative without its tags; the few entities that XHTML has of itself stand between words.
fn plain(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut inside = false;
    for char in markup.chars() {
        match char {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            _ if inside => {}
            _ => text.push(char),
        }
    }
    text
}

fn split(text: &str, words: &mut Vec<String>) {
    let folded = fold::fold(text);
    let found = folded.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    words.extend(found.map(|word| fold::cut(word).0.to_owned()));
}

/// The words of each alternative.
pub fn ask(value: &str) -> Result<Vec<Vec<String>>, Issue> {
    let mut any = Vec::new();
    for alternative in escape::split(value, ',') {
        let mut words = Vec::new();
        split(&escape::unescape(alternative), &mut words);
        if words.is_empty() || words.len() > MOST_ASKED {
            return Err(bad_value(format!("give one to {MOST_ASKED} words")));
        }
        any.push(words);
    }
    Ok(any)
}
