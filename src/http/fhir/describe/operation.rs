//! The operations that `fhir/operation` defines (<https://hl7.org/fhir/R4/operations.html>).

use serde_json::{Value, json};

use super::{BASE, SENT, later, of, usual};
use crate::definitions::{Definitions, Operation, ResourceType, operations, schema};
use crate::http::openapi::{Entry, FHIR, JSON, get, post, shape};

/// Those that may be done in the background.
const LATER: [&str; 3] = ["everything", "expunge", "reindex"];
/// Those that single versions have, too.
const OF_VERSIONS: [&str; 3] = ["meta", "meta-add", "meta-delete"];
const GRAPHQL: &str = "graphql";
const ROTATE: &str = "rotate-secret";

pub(super) fn of_system(definitions: &Definitions) -> Vec<Entry> {
    let all = operations().iter().filter(|one| one.system);
    all.flat_map(|one| entries(definitions, one, &format!("{BASE}/${}", one.code), None)).collect()
}

pub(super) fn of_type(definitions: &Definitions, resource: &ResourceType) -> Vec<Entry> {
    let mut all = Vec::new();
    let types = format!("{BASE}/{}", resource.name);
    for one in operations().iter().filter(|one| one.is_of(&resource.name)) {
        let mut places = Vec::new();
        if one.of_type {
            places.push(format!("{types}/${}", one.code));
        }
        if one.instance {
            places.push(format!("{types}/{{id}}/${}", one.code));
            if OF_VERSIONS.contains(&one.code.as_str()) {
                places.push(format!("{types}/{{id}}/_history/{{version}}/${}", one.code));
            }
        }
        all.extend(places.iter().flat_map(|place| entries(definitions, one, place, Some(&resource.name))));
    }
    all
}

fn entries(definitions: &Definitions, one: &Operation, place: &str, kind: Option<&str>) -> Vec<Entry> {
    let takes_resource = one.given().any(|argument| argument.kind == "Resource");
    // A type has nothing stored that could be meant by an address alone.
    let by_get = !one.affects_state && (!takes_resource || place.contains("{id}"));
    let by_post = one.affects_state || one.given().next().is_some();
    let mut entries = Vec::new();
    if by_get {
        let entry = one.given().filter(|argument| argument.kind != "Resource").fold(
            get(place, &one.title),
            |entry, argument| {
                let of = if argument.max == "1" { "string" } else { "[string]" };
                entry.asks(&argument.name, of, &argument.documentation)
            },
        );
        entries.push(answered(definitions, one, entry));
    }
    if by_post {
        let entry = post(place, &one.title);
        let required = one.given().any(|argument| argument.min > 0) && one.code != GRAPHQL;
        let entry = match one.code.as_str() {
            GRAPHQL => entry.takes_one(&queries(), true),
            _ => entry.takes_one(&[(FHIR, body(kind, takes_resource))], required),
        };
        entries.push(answered(definitions, one, entry).refuses(&SENT));
    }
    entries
}

/// Parameters, or the resource itself where that is what an operation is about.
fn body(kind: Option<&str>, takes_resource: bool) -> Value {
    match kind.filter(|_| takes_resource) {
        Some(kind) => json!({ "anyOf": [schema("Parameters"), schema(kind)] }),
        None => schema("Parameters"),
    }
}

fn queries() -> [(&'static str, Value); 2] {
    let query = "{query?: string, variables?: object, operationName?: string}";
    [(JSON, shape(query)), ("application/graphql", shape("string"))]
}

fn answered(definitions: &Definitions, one: &Operation, entry: Entry) -> Entry {
    let entry = usual(entry);
    if one.code == GRAPHQL {
        let answer = "{data?: any, errors?: [{message: string, *}]}";
        // What is refused is told in the same form, unless it never comes so far.
        let either = |status, entry: Entry| {
            let forms = [(JSON, shape(answer)), (FHIR, schema("OperationOutcome"))];
            entry.gives_one(status, "Refused; the errors say what and where", &forms)
        };
        let entry = entry.gives(200, "The data, and what could not be had of it", JSON, answer);
        return [400, 403, 404, 409, 410, 413, 422]
            .into_iter()
            .fold(entry, |entry, status| either(status, entry));
    }
    let answer = Some(one.answer()).filter(|name| definitions.resource_structure(name).is_some());
    let answer = of(answer.unwrap_or("Parameters"));
    let entry = match one.code.as_str() {
        // The one time that an element is shown which is only written else.
        ROTATE => {
            let shown = "{resourceType: 'ClientApplication', id: string, secret?: string, *}";
            entry.gives(200, "The client, with its new secret", FHIR, shown)
        }
        "init" | "clone" => entry.gives_one(201, "What was made", &answer).heading(201, &["Location"]),
        _ => entry.gives_one(200, "The result", &answer),
    };
    let entry = match one.affects_state {
        true => entry.refuses(&[409, 410, 412, 422, 424]),
        false => entry.refuses(&[410]),
    };
    match LATER.contains(&one.code.as_str()) {
        true => later(entry),
        false => entry,
    }
}
