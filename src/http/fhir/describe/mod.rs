//! The FHIR part of `/openapi.json`: each interaction and operation of each type, derived from the definitions
//! (<https://hl7.org/fhir/R4/http.html>).

mod kind;
mod operation;
mod parameter;

use serde_json::{Map, Value, json};

pub(in crate::http) use parameter::parameters;

use crate::definitions::{self, Definitions};
use crate::http::openapi::{By, Entry, FHIR, FORM, delete, get, post};

const BASE: &str = "/fhir/R4";

/// What may be refused to whoever asks, and besides to whoever sends a body.
const ASKED: [u16; 5] = [400, 401, 403, 404, 406];
const SENT: [u16; 3] = [413, 415, 422];

/// How a resource is answered whose schema is this.
fn of(name: &str) -> [(&'static str, Value); 1] {
    [(FHIR, definitions::schema(name))]
}

/// What all of FHIR have in common.
fn usual(entry: Entry) -> Entry {
    entry.by(By::Caller).with("_format").with("_pretty").refuses(&ASKED)
}

/// It may be answered later (<https://hl7.org/fhir/R4/async.html>).
fn later(entry: Entry) -> Entry {
    let later = of("OperationOutcome");
    entry
        .with("Prefer")
        .gives_one(202, "It is done in the background", &later)
        .heading(202, &["Content-Location"])
}

/// A form of search parameters.
fn search_form() -> [(&'static str, Value); 1] {
    let value =
        json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] });
    [(FORM, json!({ "type": "object", "additionalProperties": value }))]
}

/// The system, then each type: name, what it is, and its routes.
pub(in crate::http) fn describe(definitions: &Definitions) -> Vec<(String, String, Vec<Entry>)> {
    let system = "All types at once, batches and transactions".to_owned();
    let mut rooms = vec![("FHIR".to_owned(), system, system_entries(definitions))];
    let examples = examples(definitions);
    for resource in definitions.resources.values().filter(|resource| resource.served) {
        let mut entries = kind::entries(definitions, resource, examples.get(&resource.name).is_some());
        entries.extend(operation::of_type(definitions, resource));
        rooms.push((resource.name.clone(), resource.structure.description.clone(), entries));
    }
    rooms
}

fn system_entries(definitions: &Definitions) -> Vec<Entry> {
    let mut entries = vec![
        get(format!("{BASE}/metadata"), "What the server can do")
            .with("_format")
            .with("_pretty")
            .with("If-None-Match")
            .gives_one(200, "The statement", &of("CapabilityStatement"))
            .heading(200, &["ETag"])
            .says(304, "It is as it was")
            .refuses(&[400, 406]),
        usual(get(format!("{BASE}/_history"), "Versions of all resources, latest first"))
            .with("_count")
            .with("_since")
            .with("_at")
            .gives_one(200, "A page of versions", &of("Bundle")),
        later(usual(post(format!("{BASE}/_search"), "Search all types")))
            .takes_one(&search_form(), false)
            .gives_one(200, "A page of what was found", &of("Bundle"))
            .refuses(&[413, 415]),
        usual(get(format!("{BASE}/_async/{{job}}"), "The answer to a request in the background"))
            .gives_one(200, "The answer, as the only entry", &of("Bundle"))
            .says(202, "It is still under way"),
        usual(delete(format!("{BASE}/_async/{{job}}"), "Gives a request in the background up"))
            .says(202, "It is given up"),
    ];
    // With a slash at its end, and without.
    for base in [BASE.to_owned(), format!("{BASE}/")] {
        entries.push(search_of_all(later(usual(get(base.clone(), "Search all types")))).gives_one(
            200,
            "A page of what was found",
            &of("Bundle"),
        ));
        entries.push(
            later(usual(post(base, "A batch or a transaction")))
                .takes_one(&of("Bundle"), true)
                .gives_one(200, "The answers, one for each entry", &of("Bundle"))
                .refuses(&SENT)
                .refuses(&[405, 409, 410, 412, 424, 429, 501]),
        );
    }
    entries.extend(operation::of_system(definitions));
    entries
}

fn search_of_all(entry: Entry) -> Entry {
    let entry = entry.asks("_type", "string", "The types, with commas between them");
    parameter::of_search().fold(entry, Entry::with)
}

/// The first valid example of each type.
pub(in crate::http) fn examples(definitions: &Definitions) -> Value {
    let mut all = Map::new();
    // What is embedded can be read, as a test proves.
    for example in definitions::examples(&[]).unwrap_or_default() {
        let Some((kind, name)) = example.name.split_once('/') else { continue };
        let served = definitions.resources.get(kind).is_some_and(|resource| resource.served);
        if served
            && name.starts_with("valid-")
            && !all.contains_key(kind)
            && let Ok(body) = serde_json::from_slice::<Value>(&example.bytes)
        {
            all.insert(kind.to_owned(), json!({ "value": body }));
        }
    }
    Value::Object(all)
}
