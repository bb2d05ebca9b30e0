//! Parameters of searches (<https://hl7.org/fhir/R4/search.html>) and headers, as components of the description.

use serde_json::{Map, Value, json};

use crate::definitions::{Definitions, Param};

/// Name, place, schema and description of those that are no search parameters of a type.
const OURS: [(&str, &str, &str, &str); 19] = [
    ("_format", "query", "string", "Form of the answer: `json`"),
    ("_pretty", "query", "string", "`true` for indented JSON"),
    ("_count", "query", "string", "Entries of a page"),
    ("_cursor", "query", "string", "A place between two pages, from a link"),
    ("_sort", "query", "string", "Up to four parameters, `-` in front of one for descending order"),
    ("_total", "query", "string", "`none`, `estimate` or `accurate`"),
    ("_summary", "query", "string", "`true`, `text`, `data`, `count` or `false`"),
    ("_elements", "query", "string", "Elements that are wanted, with commas between them"),
    (
        "_include",
        "query",
        "list",
        "Resources that are referred to: `Type:parameter`, `:iterate` behind the name",
    ),
    ("_revinclude", "query", "list", "Resources that refer to what is found: `Type:parameter`"),
    ("_contained", "query", "string", "`false`, `true` or `both`"),
    ("_containedType", "query", "string", "`container` or `contained`"),
    ("_since", "query", "string", "Versions since then"),
    ("_at", "query", "string", "Versions that were current then"),
    ("If-Match", "header", "string", "The version that must be the current one: `W/\"1\"`"),
    ("If-None-Match", "header", "string", "The version that the client has; on an update `*`"),
    ("If-Modified-Since", "header", "string", "When the client had it"),
    ("If-None-Exist", "header", "string", "A search that must find nothing"),
    (
        "Prefer",
        "header",
        "string",
        "`return=minimal|representation|OperationOutcome`, `handling=strict|lenient`, `respond-async`",
    ),
];

/// Those that every search has.
const SEARCH: [&str; 10] = [
    "_count",
    "_cursor",
    "_sort",
    "_total",
    "_summary",
    "_elements",
    "_include",
    "_revinclude",
    "_contained",
    "_containedType",
];

pub(super) fn of_search() -> impl Iterator<Item = &'static str> {
    SEARCH.into_iter()
}

/// All of them, by name.
pub(in crate::http) fn parameters(definitions: &Definitions) -> Value {
    let mut all = Map::new();
    for (name, place, of, description) in OURS {
        let schema = match of {
            "list" => list(),
            of => json!({ "type": of }),
        };
        let parameter = json!({ "name": name, "in": place, "description": description, "schema": schema });
        all.insert(name.to_owned(), parameter);
    }
    for resource in definitions.resources.values().filter(|resource| resource.served) {
        for param in resource.params.values().filter(|param| param.is_offered()) {
            all.insert(name(param), parameter(param));
        }
    }
    Value::Object(all)
}

/// What a search parameter is called among the components.
pub(super) fn name(param: &Param) -> String {
    format!("{}.{}", param.resource, param.code)
}

fn parameter(param: &Param) -> Value {
    let kind = param.kind.code();
    let description = match param.description.is_empty() {
        true => format!("({kind})"),
        false => format!("{} ({kind})", param.description),
    };
    json!({ "name": param.code, "in": "query", "description": description, "schema": list() })
}

/// Given more than once, each has to hold; with commas in it, any of its parts.
fn list() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}
