//! Uri parameters: <https://hl7.org/fhir/R4/search.html#uri>. The whole of it, as written; `:below` finds
//! what lies under a URL, `:above` what a URL lies under.

use serde_json::Value;

use super::{Asking, Entries, Found, Modifier, bad_value, no_such_modifier};
use crate::error::Issue;
use crate::search::{EntryValue, Facet, Test, digest};

/// No URI has a system.
const NO_SYSTEM: i64 = 0;
/// A URL of more steps than this is not asked `:above` for.
const DEEPEST: usize = 32;

pub fn index(found: &Found, entries: &mut Entries) {
    if let Value::String(uri) = &*found.json {
        entries.add(Facet::Value, EntryValue::Term { value: digest::term(uri), qualifier: NO_SYSTEM });
    }
}

pub fn ask(asking: &Asking, uri: &str) -> Result<Vec<Test>, Issue> {
    match asking.modifier {
        Modifier::None => Ok(vec![term(uri)]),
        Modifier::Below => below(uri),
        Modifier::Above => above(uri),
        _ => Err(no_such_modifier()),
    }
}

fn term(uri: &str) -> Test {
    Test::Term { value: Some(digest::term(uri)), qualifier: Some(NO_SYSTEM) }
}

/// The URL itself and all that go on from it with a further step.
fn below(uri: &str) -> Result<Vec<Test>, Issue> {
    let uri = url(uri)?;
    let start = format!("{uri}/");
    // Longer ones are indexed by their digest, which has no beginning in common with anything.
    if start.chars().count() > digest::KEPT_OF_LONG_TERM {
        return Err(bad_value(format!(
            "`:below` takes no URL longer than {} characters",
            digest::KEPT_OF_LONG_TERM - 1
        )));
    }
    Ok(vec![term(uri), Test::TermPrefix { value: start, qualifier: Some(NO_SYSTEM) }])
}

/// The URL itself and all it goes on from, each with and without the slash at its end.
fn above(uri: &str) -> Result<Vec<Test>, Issue> {
    let mut uri = url(uri)?;
    let authority = uri.find("://").map_or(0, |at| at + 3);
    let mut tests = Vec::new();
    loop {
        tests.push(term(uri));
        tests.push(term(&format!("{uri}/")));
        if tests.len() > 2 * DEEPEST {
            return Err(bad_value(format!("`:above` takes no URL of more than {DEEPEST} steps")));
        }
        match uri[authority..].rfind('/') {
            Some(at) => uri = &uri[..authority + at],
            None => return Ok(tests),
        }
    }
}

/// The hierarchy is that of URLs; a URN has none.
fn url(uri: &str) -> Result<&str, Issue> {
    if !uri.contains("://") {
        return Err(bad_value("`:above` and `:below` take a URL"));
    }
    Ok(uri.trim_end_matches('/'))
}
