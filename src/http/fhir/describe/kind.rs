//! The interactions of a type (<https://hl7.org/fhir/R4/http.html#summary>).

use serde_json::{Value, json};

use super::{BASE, SENT, later, of, parameter, search_form, usual};
use crate::definitions::{Definitions, ResourceType, schema};
use crate::http::openapi::{Entry, FHIR, delete, get, patch, post, put};

/// Another version, or another resource, stands in the way.
const RACED: [u16; 2] = [409, 412];
const VERSION: [&str; 2] = ["ETag", "Last-Modified"];

pub(super) fn entries(definitions: &Definitions, resource: &ResourceType, exemplified: bool) -> Vec<Entry> {
    let name = resource.name.as_str();
    let types = format!("{BASE}/{name}");
    let one = format!("{types}/{{id}}");
    let mut entries = vec![
        searches(later(usual(get(&types, format!("Search {name}")))), resource).gives_one(
            200,
            "A page of what was found",
            &of("Bundle"),
        ),
        later(usual(post(format!("{types}/_search"), format!("Search {name} by a form"))))
            .takes_one(&search_form(), false)
            .gives_one(200, "A page of what was found", &of("Bundle"))
            .refuses(&[413, 415]),
        written(usual(post(&types, format!("Create a {name}"))).with("If-None-Exist"), name, true)
            .takes_one(&of(name), true),
        written(usual(put(&types, format!("Update or create the {name} that a search finds"))), name, true)
            .with("If-Match")
            .takes_one(&of(name), true),
        written(usual(patch(&types, format!("Patch the {name} that a search finds"))), name, false)
            .with("If-Match")
            .takes_one(&patches(), true),
        usual(delete(&types, format!("Delete the {name} that a search finds")))
            .says(204, "There is none any more")
            .refuses(&RACED)
            .refuses(&[422]),
        usual(get(format!("{types}/_history"), format!("Versions of all {name}, latest first")))
            .with("_count")
            .with("_since")
            .with("_at")
            .gives_one(200, "A page of versions", &of("Bundle")),
        reads(usual(get(&one, format!("Read a {name}"))), name)
            .with("If-None-Match")
            .with("If-Modified-Since")
            .says(304, "It is as it was")
            .refuses(&[410]),
        written(usual(put(&one, format!("Update a {name}, or create it under this id"))), name, true)
            .with("If-Match")
            .takes_one(&of(name), true),
        written(usual(patch(&one, format!("Patch a {name}"))), name, false)
            .with("If-Match")
            .takes_one(&patches(), true)
            .refuses(&[410]),
        usual(delete(&one, format!("Delete a {name}")))
            .with("If-Match")
            .says(204, "It is gone, or there was none")
            .refuses(&RACED)
            .refuses(&[422]),
        usual(get(format!("{one}/_history"), format!("Versions of a {name}, latest first")))
            .with("_count")
            .with("_since")
            .with("_at")
            .gives_one(200, "A page of versions", &of("Bundle")),
        reads(usual(get(format!("{one}/_history/{{version}}"), format!("Read a version of a {name}"))), name)
            .refuses(&[410]),
    ];
    if exemplified {
        let exemplified = |entry: Entry| match matches!(entry.method, "post" | "put") {
            true if !entry.path.ends_with("_search") => entry.exemplified(name),
            _ => entry,
        };
        entries = entries.into_iter().map(exemplified).collect();
    }
    if let Some(compartment) = definitions.compartments.get(name) {
        let served = |kind: &&String| definitions.resources.get(*kind).is_some_and(|one| one.served);
        let kinds: Vec<&str> = compartment.keys().filter(served).map(String::as_str).chain(["*"]).collect();
        let among = || json!({ "type": "string", "enum": kinds });
        let place = format!("{one}/{{kind}}");
        entries.push(
            parameter::of_search()
                .fold(later(usual(get(&place, format!("Search what belongs to a {name}")))), Entry::with)
                .among("kind", among())
                .gives_one(200, "A page of what was found", &of("Bundle")),
        );
        entries.push(
            later(usual(post(
                format!("{place}/_search"),
                format!("Search what belongs to a {name} by a form"),
            )))
            .among("kind", among())
            .takes_one(&search_form(), false)
            .gives_one(200, "A page of what was found", &of("Bundle"))
            .refuses(&[413, 415]),
        );
    }
    entries
}

fn searches(entry: Entry, resource: &ResourceType) -> Entry {
    let entry = parameter::of_search().fold(entry, Entry::with);
    let offered = resource.params.values().filter(|param| param.is_offered());
    offered.fold(entry, |entry, param| entry.with(&parameter::name(param)))
}

fn reads(entry: Entry, name: &str) -> Entry {
    entry.with("_summary").with("_elements").gives_one(200, "The resource", &of(name)).heading(200, &VERSION)
}

/// What a write is answered with: the resource, or as much as was preferred.
fn written(entry: Entry, name: &str, creates: bool) -> Entry {
    let shown = || {
        let preferred = json!({ "anyOf": [schema(name), schema("OperationOutcome")] });
        [(FHIR, preferred)]
    };
    let entry = entry
        .with("Prefer")
        .gives_one(200, "As it is now", &shown())
        .heading(200, &VERSION)
        .refuses(&SENT)
        .refuses(&RACED);
    match creates {
        true => entry
            .gives_one(201, "It was created", &shown())
            .heading(201, &["ETag", "Last-Modified", "Location"]),
        false => entry,
    }
}

fn patches() -> [(&'static str, Value); 2] {
    [("application/json-patch+json", schema("JsonPatch")), (FHIR, schema("Parameters"))]
}
