//! The routes of this room, for `/openapi.json`.

use super::schema::{Resource, resources};
use crate::http::openapi::{By, Entry, JSON, delete, get, patch, post, put, shape};

const BASE: &str = "/scim/v2";
const SCIM: &str = "application/scim+json";
const LIST: &str = "{schemas: [string], totalResults: integer, itemsPerPage: integer, startIndex?: integer, \
    Resources: [object], nextCursor?: string, previousCursor?: string}";
const SEARCH: &str = "{schemas?: [string], filter?: string, sortBy?: string, sortOrder?: 'ascending'|'descending', \
    startIndex?: integer, count?: integer, cursor?: string, attributes?: [string], excludedAttributes?: [string]}";
const PATCH: &str = "{schemas?: [string], Operations: [{op: string, path?: string, value?: any}]}";
const BULK: &str = "{schemas?: [string], failOnErrors?: integer, \
    Operations: [{method: string, path: string, bulkId?: string, version?: string, data?: object}]}";
const DONE: &str = "{schemas: [string], Operations: [{method: string, bulkId?: string, location?: string, \
    version?: string, status: string, response?: object}]}";

fn open(entry: Entry) -> Entry {
    entry.dressed("RefusedScim").refuses(&[400, 403, 404])
}

fn usual(entry: Entry) -> Entry {
    entry.by(By::Caller).dressed("RefusedScim").refuses(&[400, 401, 403, 404, 429])
}

/// How much of a resource is wanted.
fn shaped(entry: Entry) -> Entry {
    entry.asks("attributes", "string", "Attributes that are wanted, with commas between them").asks(
        "excludedAttributes",
        "string",
        "Attributes that are not",
    )
}

/// With a body.
fn sent(entry: Entry, of: &str) -> Entry {
    entry.takes_one(&[(SCIM, shape(of)), (JSON, shape(of))], true).refuses(&[409, 412, 413, 415])
}

fn bound(entry: Entry) -> Entry {
    entry.parameter("header", "If-Match", "string", "The version that is known, as an ETag").refuses(&[412])
}

fn shown(entry: Entry) -> Entry {
    entry.gives(200, "The resource", SCIM, "object").heading(200, &["ETag"])
}

/// The verbs of one resource.
fn one(place: &str, what: &str) -> Vec<Entry> {
    vec![
        shown(shaped(usual(get(place, format!("Read {what}")))))
            .parameter("header", "If-None-Match", "string", "A version that need not be sent again")
            .says(304, "It is the version that is known"),
        shown(bound(sent(shaped(usual(put(place, format!("Replace {what}")))), "object"))),
        shown(bound(sent(shaped(usual(patch(place, format!("Change {what}")))), PATCH)))
            .says(204, "It is changed"),
        bound(usual(delete(place, format!("Delete {what}")))).says(204, "It is gone"),
    ]
}

fn listed(entry: Entry) -> Entry {
    entry.gives(200, "A page", SCIM, LIST)
}

fn of(kind: &Resource) -> Vec<Entry> {
    let (all, name) = (format!("{BASE}{}", kind.endpoint), kind.name.to_lowercase());
    let mut entries = vec![
        listed(shaped(usual(get(&all, format!("List {name}s")))))
            .asks("filter", "string", "A filter, as RFC 7644 has it")
            .asks("sortBy", "string", "An attribute")
            .asks("sortOrder", "'ascending'|'descending'", "The direction")
            .asks("startIndex", "integer", "The first resource of the page, from 1 on")
            .asks("count", "integer", "Resources of a page")
            .asks("cursor", "string", "Where the page begins; empty for the first"),
        sent(shaped(usual(post(&all, format!("Create a {name}")))), "object")
            .gives(201, "The resource", SCIM, "object")
            .heading(201, &["ETag", "Location"]),
        listed(sent(usual(post(format!("{all}/.search"), format!("Search {name}s"))), SEARCH)),
    ];
    entries.extend(one(&format!("{all}/{{id}}"), &format!("a {name}")));
    entries
}

pub(in crate::http) fn describe() -> Vec<Entry> {
    let at = |place: &str| format!("{BASE}/{place}");
    let discovered = |entry: Entry, of: &str| open(entry).gives(200, "What is offered", SCIM, of);
    let mut entries = vec![
        discovered(get(at("ServiceProviderConfig"), "What the service offers"), "object"),
        discovered(get(at("ResourceTypes"), "Types of resources"), LIST),
        discovered(get(at("ResourceTypes/{id}"), "A type of resources"), "object"),
        discovered(get(at("Schemas"), "Schemas"), LIST),
        discovered(get(at("Schemas/{id}"), "A schema"), "object"),
        usual(post(at("Me"), "Not offered: an admin makes users")).refuses(&[501]),
        listed(sent(usual(post(at(".search"), "Search users and groups")), SEARCH)),
        sent(usual(post(at("Bulk"), "Many changes")), BULK).gives(200, "What came of each", SCIM, DONE),
    ];
    entries.extend(one(&at("Me"), "the user whose token it is"));
    entries.extend(resources().iter().flat_map(of));
    entries
}
