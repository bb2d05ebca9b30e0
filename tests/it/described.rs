//! `/openapi.json` (<https://spec.openapis.org/oas/v3.1.1.html>) tells of every route, with its verbs, and of every
//! status that any test is answered with: the client of the tests looks each answer up here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use roster::definitions::Definitions;
use serde_json::Value;

use crate::client::PUBLIC_URL;
use crate::coverage::TABLE;

/// The description of a server without definitions of its own.
static DESCRIBED: LazyLock<Described> = LazyLock::new(|| {
    let definitions = Definitions::load(&[]).expect("the definitions are right");
    Described::new(&roster::http::describe(&definitions, PUBLIC_URL))
});

#[derive(Default)]
struct Described {
    /// Verb and statuses of what is at this very place.
    verbs: BTreeMap<String, BTreeSet<String>>,
    below: HashMap<String, Described>,
    any: Option<Box<Described>>,
}

impl Described {
    fn new(document: &Value) -> Self {
        let mut root = Self::default();
        for (path, verbs) in document["paths"].as_object().expect("paths") {
            let mut place = &mut root;
            for step in steps(path) {
                place = match step.starts_with('{') {
                    true => place.any.get_or_insert_default(),
                    false => place.below.entry(step.to_owned()).or_default(),
                };
            }
            for (verb, operation) in verbs.as_object().expect("verbs") {
                let statuses = operation["responses"].as_object().expect("responses").keys();
                place.verbs.insert(verb.clone(), statuses.cloned().collect());
            }
        }
        root
    }

    /// The narrowest place that a path leads to.
    fn find<'d>(&'d self, steps: &[&str]) -> Option<&'d Self> {
        let Some((first, rest)) = steps.split_first() else {
            return (!self.verbs.is_empty()).then_some(self);
        };
        let named = self.below.get(*first).and_then(|place| place.find(rest));
        named.or_else(|| self.any.as_ref().filter(|_| !first.is_empty())?.find(rest))
    }
}

fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split('?').next().unwrap_or_default().split('/').skip(1)
}

fn find(path: &str) -> Option<&'static Described> {
    DESCRIBED.find(&steps(path).collect::<Vec<_>>())
}

/// Why an answer is not as it was described. Of places that are not described only the table of routes knows.
pub fn fault(verb: &str, path: &str, status: u16) -> Option<String> {
    let verb = if verb == "HEAD" { "get".to_owned() } else { verb.to_lowercase() };
    match find(path)?.verbs.get(&verb) {
        Some(statuses) => {
            let declared = statuses.contains(&status.to_string()) || (status >= 500 && statuses.contains("5XX"));
            (!declared).then(|| format!("/openapi.json does not say that {verb} {path} may answer {status}"))
        }
        None => (status < 400).then(|| format!("/openapi.json does not say that there is {verb} {path}")),
    }
}

#[test]
fn every_route_of_the_table_is_described() {
    let mut faults = Vec::new();
    for (verb, route, place, statuses) in TABLE {
        let is_there = !route.is_empty() && *statuses != [405; 5];
        let place = if place.starts_with('/') { (*place).to_owned() } else { format!("/fhir/R4/{place}") };
        if is_there && !find(&place).is_some_and(|found| found.verbs.contains_key(&verb.to_lowercase())) {
            faults.push(format!("{verb} {place} is not described"));
        }
        faults.extend(statuses.iter().filter_map(|status| fault(verb, &place, *status)));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

on_both!(every_described_route_is_there_with_its_verbs, |world| {
    let document = world.anonymous.get("/openapi.json").expect(200).json();
    let mut faults = Vec::new();
    for (path, verbs) in document["paths"].as_object().expect("paths") {
        let mut place = path.clone();
        while let Some((before, rest)) = place.split_once('{') {
            let (_, after) = rest.split_once('}').expect("a closing brace");
            place = format!("{before}x{after}");
        }
        let answer = world.admin.call("BREW", &place).send();
        let allowed: BTreeSet<String> = answer.header("Allow").unwrap_or_default().split(", ").map(str::to_lowercase).collect();
        let mut described: BTreeSet<String> = verbs.as_object().expect("verbs").keys().cloned().collect();
        if described.contains("get") {
            described.insert("head".to_owned());
        }
        if answer.status != 405 || allowed != described {
            faults.push(format!("{path}: {} {allowed:?}, not {described:?}", answer.status));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
});

on_both!(the_description_is_the_same_for_all_and_is_sent_once, |world| {
    let answer = world.anonymous.get("/openapi.json").expect(200);
    assert_eq!(answer.header("Content-Type"), Some("application/json; charset=utf-8"));
    assert_eq!(answer.body, world.admin.get("/openapi.json").expect(200).body);
    let tag = answer.header("ETag").expect("a tag");
    world.anonymous.call("GET", "/openapi.json").header("If-None-Match", tag).send().expect(304);
    world.anonymous.call("GET", "/openapi.json").header("Accept", "application/yaml").send().expect(406);
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], PUBLIC_URL);
    assert!(world.anonymous.get("/").expect(200).text().contains("/openapi.json"));
});

#[test]
fn a_type_is_described_as_it_is_defined() {
    let definitions = Definitions::load(&[]).expect("the definitions are right");
    let document = roster::http::describe(&definitions, PUBLIC_URL);
    insta::assert_json_snapshot!("openapi_user", document["components"]["schemas"]["User"]);
    insta::assert_json_snapshot!("openapi_read_user", document["paths"]["/fhir/R4/User/{id}"]["get"]);
}
