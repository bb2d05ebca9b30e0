//! String parameters: <https://hl7.org/fhir/R4/search.html#string>. Without case and accents, from the
//! start of a text or of a part of a name or an address; `:contains` anywhere, `:exact` as written.

use serde_json::Value;

use super::{Asking, Entries, Found, Modifier, bad_value, no_such_modifier};
use crate::error::Issue;
use crate::search::{EntryValue, Facet, Test, escape, fold};

/// The parts of HumanName and Address: no name is in both with different meanings.
const PARTS: [&str; 11] = [
    "text",
    "family",
    "given",
    "prefix",
    "suffix",
    "line",
    "city",
    "district",
    "state",
    "postalCode",
    "country",
];

/// Ends the written form of an entry that is not the whole text. No text that may be asked ends so, so that
/// `:exact` never finds such an entry.
const NOT_WHOLE: char = '\u{FFFF}';

/// Further words of a part of a name; a text of more is no name.
const MOST_WORDS: usize = 16;

pub fn index(found: &Found, entries: &mut Entries) {
    match &*found.json {
        Value::String(text) => whole(Facet::Value, text, entries),
        Value::Number(number) => whole(Facet::Value, &number.to_string(), entries),
        Value::Bool(truth) => whole(Facet::Value, if *truth { "true" } else { "false" }, entries),
        Value::Object(object) => {
            for part in PARTS.iter().filter_map(|part| object.get(*part)) {
                match part {
                    Value::String(text) => words(Facet::Value, text, entries),
                    Value::Array(list) => {
                        list.iter()
                            .filter_map(Value::as_str)
                            .for_each(|text| words(Facet::Value, text, entries));
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// A text that is found from its start only.
fn whole(facet: Facet, text: &str, entries: &mut Entries) {
    entries.add(facet, entry(text));
}

/// A text that is also found from the start of each of its words: `van der Berg` by `berg`.
pub(super) fn words(facet: Facet, text: &str, entries: &mut Entries) {
    whole(facet, text, entries);
    for word in fold::cut(text).0.split_whitespace().skip(1).take(MOST_WORDS) {
        let folded = fold::fold(word);
        if !folded.is_empty() {
            entries.add(
                facet,
                EntryValue::Text { folded: fold::cut(&folded).0.to_owned(), exact: NOT_WHOLE.to_string() },
            );
        }
    }
}

fn entry(text: &str) -> EntryValue {
    let folded = fold::fold(text);
    let (written, long) = fold::cut(text);
    let exact = match text == folded {
        true if !long => String::new(),
        // PostgreSQL cannot hold U+0000 in a text.
        _ => written.chars().filter(|char| *char != '\0').chain(long.then_some(NOT_WHOLE)).collect(),
    };
    EntryValue::Text { folded: fold::cut(&folded).0.to_owned(), exact }
}

pub fn ask(asking: &Asking, value: &str) -> Result<Vec<Test>, Issue> {
    let written = escape::unescape(value);
    let test = match asking.modifier {
        Modifier::None => Test::Prefix(asked(&written)?),
        Modifier::Contains => Test::Contains(asked(&written)?),
        Modifier::Exact => {
            let folded = asked(&written)?;
            // Both halves are as an entry has them, so that each compares with its own column.
            let exact = if *written == folded { String::new() } else { written.into_owned() };
            Test::Exact { folded, exact }
        }
        _ => return Err(no_such_modifier()),
    };
    Ok(vec![test])
}

/// The folded form of an asked text.
pub(super) fn asked(written: &str) -> Result<String, Issue> {
    let folded = fold::fold(written);
    if folded.is_empty() {
        return Err(bad_value("the value has no letter to search for"));
    }
    if fold::cut(&folded).1 || fold::cut(written).1 {
        return Err(bad_value(format!("no more than {} characters can be searched for", fold::LONGEST)));
    }
    Ok(folded)
}
