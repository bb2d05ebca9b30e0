//! `/openapi.json` (<https://spec.openapis.org/oas/v3.1.1.html>) tells of every route, with its verbs, and of every
//! status and form that any test is answered with: the client of the tests looks each answer up here.

mod form;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{LazyLock, Mutex};

use roster::definitions::Definitions;
use serde_json::Value;

use crate::client::PUBLIC_URL;
use crate::coverage::table;

/// The description of a server without definitions of its own.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let definitions = Definitions::load(&[]).expect("the definitions are right");
    roster::http::describe(&definitions, PUBLIC_URL)
});
static PLACES: LazyLock<Place> = LazyLock::new(|| Place::all(&DOCUMENT));
/// Servers that have other definitions.
static OTHERS: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// What is at a place, and below it.
#[derive(Default)]
struct Place {
    verbs: BTreeMap<String, &'static Value>,
    below: HashMap<String, Place>,
    any: Option<Box<Place>>,
}

impl Place {
    fn all(document: &'static Value) -> Self {
        let mut root = Self::default();
        for (path, verbs) in document["paths"].as_object().expect("paths") {
            let mut place = &mut root;
            for step in steps(path) {
                place = match step.starts_with('{') {
                    true => place.any.get_or_insert_default(),
                    false => place.below.entry(step.to_owned()).or_default(),
                };
            }
            place.verbs =
                verbs.as_object().expect("verbs").iter().map(|(verb, one)| (verb.clone(), one)).collect();
        }
        root
    }

    /// The narrowest place that a path leads to.
    fn find<'p>(&'p self, steps: &[&str]) -> Option<&'p Self> {
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

fn find(path: &str) -> Option<&'static Place> {
    PLACES.find(&steps(path).collect::<Vec<_>>())
}

fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(&reference[1..]).expect("a component"),
        None => value,
    }
}

/// A server at this address has definitions of its own, which the description here knows nothing of.
pub fn except(address: &str) {
    OTHERS.lock().expect("a list").insert(address.to_owned());
}

/// Why an answer is not as it was described. Of places that are not described only the table of routes knows.
pub fn fault(verb: &str, url: &str, status: u16, answer: Option<(&str, &[u8])>) -> Option<String> {
    let (address, path) = match url.match_indices('/').nth(2) {
        Some((at, _)) if url.starts_with("http") => url.split_at(at),
        _ => ("", url),
    };
    // A preflight is answered for every place.
    let place = find(path).filter(|_| verb != "OPTIONS")?;
    if OTHERS.lock().expect("a list").contains(address) {
        return None;
    }
    let is_head = verb == "HEAD";
    let verb = if is_head { "get".to_owned() } else { verb.to_lowercase() };
    let Some(operation) = place.verbs.get(&verb) else {
        return (status < 400).then(|| format!("/openapi.json does not say that there is {verb} {path}"));
    };
    let responses = &operation["responses"];
    let response =
        responses.get(status.to_string()).or_else(|| responses.get("5XX").filter(|_| status >= 500));
    let Some(response) = response else {
        return Some(format!("/openapi.json does not say that {verb} {path} may answer {status}"));
    };
    let (media, body) = answer.filter(|(_, body)| !body.is_empty() && !is_head)?;
    let essence = media.split(';').next().unwrap_or_default().trim();
    let Some(form) = resolved(response)["content"].get(essence) else {
        return Some(format!(
            "/openapi.json does not say that {verb} {path} may answer {status} with '{media}'"
        ));
    };
    if !essence.ends_with("json") || essence.ends_with("ndjson") {
        return None;
    }
    let body: Value = serde_json::from_slice(body).ok()?;
    let wrong = form::wrong(&form["schema"], &body, "it")?;
    Some(format!("{verb} {path} answered {status} and not as /openapi.json says: {wrong}"))
}

#[test]
fn every_route_of_the_table_is_described() {
    let mut faults = Vec::new();
    for (verb, route, place, statuses) in table() {
        let is_there = !route.is_empty() && *statuses != [405; 5];
        let place = if place.starts_with('/') { (*place).to_owned() } else { format!("/fhir/R4/{place}") };
        if is_there && !find(&place).is_some_and(|found| found.verbs.contains_key(&verb.to_lowercase())) {
            faults.push(format!("{verb} {place} is not described"));
        }
        faults.extend(statuses.iter().filter_map(|status| fault(verb, &place, *status, None)));
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
        let allowed: BTreeSet<String> =
            answer.header("Allow").unwrap_or_default().split(", ").map(str::to_lowercase).collect();
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
    insta::assert_json_snapshot!("openapi_user", DOCUMENT["components"]["schemas"]["User"]);
    insta::assert_json_snapshot!("openapi_read_user", DOCUMENT["paths"]["/fhir/R4/User/{id}"]["get"]);
}
