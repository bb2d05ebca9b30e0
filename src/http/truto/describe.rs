//! The routes of this room, for `/openapi.json`. What can be filtered and sorted by is read off the collections.

use super::activity::ACTIVITIES;
use super::collection::{Ask, Collection};
use super::group::GROUPS;
use super::project::PROJECTS;
use super::role::ROLES;
use super::user::USERS;
use crate::http::openapi::{By, Entry, JSON, delete, get, patch, post, shape};

const BASE: &str = "/unified/user-directory";
const LINES: &str = "application/x-ndjson";
/// What may be written of a user, and what of a role.
const WRITTEN: &str = "first_name?: string|null, last_name?: string|null, title?: string|null, name?: string|null, \
    username?: string|null, external_id?: string|null, is_email_verified?: boolean, \
    emails?: [{email: string, type?: string, is_primary?: boolean}], phones?: [{number: string, extension?: string, type?: string}], \
    urls?: [{url: string, type?: string}], status?: 'active'|'inactive'|'invited', roles?: [any], user_type?: 'admin'|'member', \
    avatar?: string|null, timezone?: string|null, languages?: [string], remote_data?: object";
const ROLE: &str = "name?: string, description?: string|null";

/// What every route of the room has in common.
fn usual(entry: Entry) -> Entry {
    entry
        .by(By::Caller)
        .dressed("RefusedTruto")
        .required("integrated_account_id", "The id of the key's project")
        .asks(
            "truto_response_format",
            "'unified'|'raw'|'normalized'|'stream'|'debug'",
            "Another form; `raw` is FHIR",
        )
        .asks("truto_exclude_fields", "string", "Fields that are left out, with commas between them")
        .asks("truto_ignore_remote_data", "boolean", "Leaves the record beneath out")
        .refuses(&[400, 401, 403, 404])
}

fn many(name: &str, collection: &Collection, summary: &str) -> Entry {
    let mut entry = usual(get(format!("{BASE}/{name}"), summary))
        .asks("limit", "integer", "Records of a page")
        .asks("next_cursor", "string", "Where the page begins")
        .asks("truto_key_by", "string", "A field that the records are found by")
        .asks("truto_ignore_limit", "boolean", "As many as a page can have");
    for (name, ask) in collection.filters {
        let description = match ask {
            Ask::Moment(_) => "A moment; also with `[gt]`, `[gte]`, `[lt]` or `[lte]`",
            _ => "A filter",
        };
        entry = entry.asks(name, "string", description);
    }
    for (name, _) in collection.sorts {
        entry = entry.asks(&format!("sort_by[{name}]"), "'asc'|'desc'", "An order");
    }
    let records = "{result?: any, next_cursor?: string|null, result_count?: integer, debug?: object, *}";
    entry.gives_one(200, "A page of records", &[(JSON, shape(records)), (LINES, shape("string"))])
}

fn one(entry: Entry) -> Entry {
    usual(entry).gives(200, "The record", JSON, "object")
}

/// With a body.
fn sent(entry: Entry, of: &str) -> Entry {
    entry.takes(JSON, &format!("{{{of}}}")).refuses(&[409, 410, 412, 413, 415, 422, 424, 429])
}

fn made(entry: Entry, of: &str) -> Entry {
    sent(usual(entry), of).gives(201, "The record", JSON, "object").heading(201, &["Location"])
}

fn gone(entry: Entry) -> Entry {
    usual(entry).says(204, "It is gone").refuses(&[409, 412, 422])
}

/// Webhooks have no account in their address: it is that of the key.
fn webhooks() -> Vec<Entry> {
    let usual = |entry: Entry| entry.by(By::Caller).dressed("RefusedTruto").refuses(&[400, 401, 403, 404]);
    let sent = "is_active?: boolean, event_types?: [string]|null";
    let it = "id: string, target_url: string, is_active: boolean, event_types: [string], environment_id: string, \
        created_at: string, updated_at: string";
    let refused = [409, 412, 413, 415, 422, 429];
    vec![
        usual(get("/webhook", "Webhooks"))
            .asks("limit", "integer", "Webhooks of a page")
            .asks("next_cursor", "string", "Where the page begins")
            .gives(
                200,
                "A page of webhooks",
                JSON,
                &format!("{{result: [{{{it}}}], next_cursor: string|null}}"),
            ),
        usual(post("/webhook", "Set up a webhook; its secret is told once"))
            .takes(JSON, &format!("{{target_url: string, {sent}}}"))
            .refuses(&refused)
            .gives(201, "The webhook", JSON, &format!("{{{it}, secret: string}}"))
            .heading(201, &["Location"]),
        usual(get("/webhook/{id}", "A webhook")).gives(200, "The webhook", JSON, &format!("{{{it}}}")),
        usual(patch("/webhook/{id}", "Change a webhook"))
            .takes(JSON, &format!("{{target_url?: string, {sent}}}"))
            .refuses(&refused)
            .gives(200, "The webhook", JSON, &format!("{{{it}}}")),
        usual(delete("/webhook/{id}", "Delete a webhook")).says(204, "It is gone").refuses(&[409, 412, 422]),
    ]
}

pub(in crate::http) fn describe() -> Vec<Entry> {
    let (users, user) = (format!("{BASE}/users"), format!("{BASE}/users/{{id}}"));
    let (roles, role) = (format!("{BASE}/roles"), format!("{BASE}/roles/{{id}}"));
    let nothing = Collection { kind: "", filters: &[], sorts: &[], order: "" };
    let mut entries = vec![
        many("me", &USERS, "Whoever holds the token, as a list of one"),
        made(post(users, "Create a user and his membership"), WRITTEN),
        sent(one(patch(&user, "Change a user")), WRITTEN),
        gone(delete(&user, "Delete a user")),
        made(post(roles, "Create a role"), ROLE),
        sent(one(patch(&role, "Change a role")), ROLE),
        gone(delete(&role, "Delete a role")),
    ];
    let collections = [
        ("users", &USERS, "Users", "A user"),
        ("roles", &ROLES, "Roles: access policies", "A role"),
        ("groups", &GROUPS, "Groups", "A group"),
        ("organizations", &PROJECTS, "Organizations: projects", "An organization"),
        ("workspaces", &PROJECTS, "Workspaces: projects", "A workspace"),
        ("activities", &ACTIVITIES, "Activities: the record of acts", "An activity"),
        ("licenses", &nothing, "Licences, of which there are none", "A licence"),
    ];
    entries.extend(webhooks());
    for (name, collection, plural, singular) in collections {
        entries.push(many(name, collection, plural));
        entries.push(one(get(format!("{BASE}/{name}/{{id}}"), singular)));
    }
    entries
}
