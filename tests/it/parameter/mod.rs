//! Search parameters that are defined at run time: <https://hl7.org/fhir/R4/searchparameter.html>.

mod agreement;
mod change;
mod define;
mod index;
mod nodes;
mod refuse;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, id, place};
use crate::world::World;

/// A definition that nothing is wrong with.
pub fn parameter(base: &str, code: &str, kind: &str, expression: &str) -> Value {
    json!({
        "resourceType": "SearchParameter", "url": format!("https://example.com/SearchParameter/{base}-{code}"),
        "name": "Custom", "status": "active", "description": "Made by a test", "code": code, "base": [base],
        "type": kind, "expression": expression
    })
}

/// What is said of a SearchParameter: the values by name.
pub fn status(client: &Client, parameter: &Value) -> Value {
    let answer = client.get(&format!("{}/$status", place(parameter))).expect(200).json();
    let mut status = json!({});
    for part in answer["parameter"].as_array().expect("parameters") {
        let name = part["name"].as_str().expect("a name");
        let values = part.as_object().expect("an object").iter().filter(|(key, _)| key.starts_with("value"));
        status[name] = values.map(|(_, value)| value.clone()).next().expect("a value");
    }
    status
}

/// Looks until it is so; a test that waits a minute has failed.
#[track_caller]
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !so() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::yield_now();
    }
}

/// Looks until its state is this.
#[track_caller]
pub fn settled(client: &Client, parameter: &Value, state: &str) {
    until(state, || status(client, parameter)["state"] == state);
}

/// Defines a parameter that must be taken, and waits for it.
#[track_caller]
pub fn defined(client: &Client, definition: &Value) -> Value {
    let parameter = client.create(definition);
    settled(client, &parameter, "active");
    parameter
}

/// Fails the test unless a search finds these and no others, in this order.
#[track_caller]
pub fn finds(client: &Client, query: &str, expected: &[&String]) {
    assert_eq!(client.found(query).iter().collect::<Vec<_>>(), expected, "{query}");
}

/// Patients by the name of their city, many at once: their ids in order.
pub fn patients(client: &Client, cities: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for cities in cities.chunks(100) {
        let entries: Vec<Value> = cities
            .iter()
            .map(|city| json!({"resource": patient(city), "request": {"method": "POST", "url": "Patient"}}))
            .collect();
        let bundle = json!({"resourceType": "Bundle", "type": "transaction", "entry": entries});
        let answer = client.post("", &bundle).expect(200).json();
        ids.extend(answer["entry"].as_array().expect("entries").iter().map(|entry| id(&entry["resource"])));
    }
    ids
}

pub fn patient(city: &str) -> Value {
    json!({"resourceType": "Patient", "address": [{"city": city}]})
}

/// A parameter that no other has.
pub fn town() -> Value {
    parameter("Patient", "town", "string", "Patient.address.city")
}

/// The names under which it is indexed, and how many rows there are.
pub fn rows(world: &World, code: &str) -> usize {
    let table = |table: &str| {
        format!(
            "SELECT 'x' AS line FROM {table} i JOIN param p ON p.number = i.param WHERE p.code LIKE '{code}#%'"
        )
    };
    ["string_index", "term_index", "range_index"]
        .iter()
        .map(|name| world.database.lines(&table(name)).len())
        .sum()
}
