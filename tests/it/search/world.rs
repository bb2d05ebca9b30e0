//! Definitions, a resource type with an element of every datatype (`Probe`), and questions to it.

use std::sync::LazyLock;

use roster::definitions::Definitions;
use roster::error::Result;
use roster::search::{self, Entry, Options, Query};
use serde_json::{Value, json};

pub const BASE: &str = "https://roster.test/fhir/R4";

pub static DEFINITIONS: LazyLock<Definitions> =
    LazyLock::new(|| Definitions::load(&["tests/it/search/fhir".into()]).expect("the definitions load"));

/// `a=1&b=2` as decoded pairs, without decoding.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect()
}

pub fn ask_as(resource: &str, query: &str, lenient: bool) -> Result<Query> {
    let options = Options {
        lenient,
        base_url: BASE,
        max_count: 1000,
        default_count: 20,
        compartment: None,
        terminology: &search::NoTerminology,
    };
    search::parse(&DEFINITIONS, resource, &pairs(query), &options)
}

pub fn ask(query: &str) -> Result<Query> {
    ask_as("Probe", query, false)
}

pub fn entries(resource: &Value) -> Vec<Entry> {
    let kind = &DEFINITIONS.resources[resource["resourceType"].as_str().expect("a resource")];
    search::index::entries(&DEFINITIONS, kind, resource, BASE).expect("the resource can be indexed")
}

/// A Probe with these elements.
pub fn probe(elements: Value) -> Value {
    let mut probe = json!({"resourceType": "Probe", "id": "p1"});
    let elements = elements.as_object().expect("elements").clone();
    probe.as_object_mut().expect("an object").extend(elements);
    probe
}

pub fn found(query: &str, resource: &Value) -> bool {
    let kind = resource["resourceType"].as_str().expect("a resource");
    let asked = ask_as(kind, query, false).unwrap_or_else(|error| panic!("{query}: {error}"));
    search::matches(
        &asked.clauses,
        resource["id"].as_str().expect("an id"),
        &entries(resource),
        &search::Alone,
    )
}

/// Asks each question of the resource, and tells all wrong answers at once.
pub fn check(resource: Value, expected: &[(&str, bool)]) {
    let wrong: Vec<_> = expected
        .iter()
        .filter(|(query, hit)| found(query, &resource) != *hit)
        .map(|(query, hit)| (query, *hit))
        .collect();
    assert!(wrong.is_empty(), "of {resource} these answers were expected: {wrong:?}");
}

/// Asks questions that are none, and tells all that were taken.
pub fn refused(queries: &[&str]) {
    for lenient in [false, true] {
        for query in queries {
            match ask_as("Probe", query, lenient) {
                Ok(query) => panic!("taken (lenient: {lenient}): {:?}", query.used),
                Err(error) => {
                    let (name, _) = query.split_once('=').expect("a name and a value");
                    let at = error.issues[0].expression.as_deref();
                    assert_eq!(at, Some(name), "{query}: {error}");
                    assert_eq!(error.kind, roster::error::Kind::Malformed, "{query}");
                }
            }
        }
    }
}
