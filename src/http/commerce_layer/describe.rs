//! The routes of this room, for `/openapi.json`. What can be filtered and sorted by is read off the types.

use super::NAME;
use super::kind::{
    APPLICATION_MEMBERSHIPS, By as Found, CREDENTIALS, Kind, MEMBERSHIPS, ORGANIZATIONS, PERMISSIONS, ROLES,
    USERS, WEBHOOKS,
};
use crate::http::openapi::{By, Entry, delete, get, patch, post};

const BASE: &str = "/api";
/// What is sent, and what comes back.
const SENT: &str =
    "{data: {type?: string, id?: string, attributes?: object, relationships?: object, meta?: object, *}, *}";
const DOCUMENT: &str = "{data: any, included?: [object], meta?: object, links?: object}";

/// What every route of the room has in common.
fn usual(entry: Entry) -> Entry {
    entry.by(By::Caller).dressed("RefusedCommerceLayer").refuses(&[400, 401, 403, 404, 406])
}

fn shaped(entry: Entry, kind: &Kind) -> Entry {
    entry.asks("include", "string", "Relations, with dots to go further and commas between them").asks(
        &format!("fields[{}]", kind.name),
        "string",
        "Attributes and relations that are wanted",
    )
}

fn listed(entry: Entry, kind: &Kind) -> Entry {
    let orders: Vec<&str> = kind.sorts.iter().map(|(name, _)| *name).collect();
    let mut entry = shaped(usual(entry), kind)
        .asks("sort", "string", &format!("Of {}; a minus turns one round", orders.join(", ")))
        .asks("page[number]", "integer", "From 1 on")
        .asks("page[size]", "integer", "10 where nobody says, 25 at most");
    for (name, by) in kind.attributes {
        if !matches!(by, Found::Nothing | Found::Object) {
            let about = "And with every other predicate of Ransack";
            entry = entry.asks(&format!("filter[q][{name}_eq]"), "string", about);
        }
    }
    entry.gives(200, "A page of records", NAME, DOCUMENT)
}

fn one(entry: Entry, kind: &Kind) -> Entry {
    shaped(usual(entry), kind).gives(200, "The record", NAME, DOCUMENT)
}

/// With a body.
fn sent(entry: Entry) -> Entry {
    entry.takes(NAME, SENT).refuses(&[409, 412, 413, 415, 422, 424, 429])
}

fn made(entry: Entry, kind: &Kind) -> Entry {
    let entry = sent(shaped(usual(entry), kind));
    entry.gives(201, "The record", NAME, DOCUMENT).heading(201, &["Location"])
}

fn gone(entry: Entry) -> Entry {
    usual(entry).says(204, "It is gone").refuses(&[409, 412, 422])
}

fn version(entry: Entry) -> Entry {
    let entry = usual(entry).asks("fields[versions]", "string", "Attributes that are wanted");
    entry.gives(200, "Versions", NAME, DOCUMENT)
}

fn callback(entry: Entry) -> Entry {
    let entry = usual(entry).asks("fields[event_callbacks]", "string", "Attributes that are wanted");
    entry.refuses(&[410]).gives(200, "Event callbacks", NAME, DOCUMENT)
}

pub(in crate::http) fn describe() -> Vec<Entry> {
    let at = |rest: &str| format!("{BASE}/{rest}");
    let mut entries = vec![
        one(get(at("user"), "Whoever holds the token"), &USERS),
        sent(one(patch(at("user"), "Whoever holds the token changes himself"), &USERS)),
        made(post(at("memberships"), "Invite somebody"), &MEMBERSHIPS),
        sent(one(patch(at("memberships/{id}"), "Give a member another role"), &MEMBERSHIPS)),
        gone(delete(at("memberships/{id}"), "Remove a member")),
        usual(post(at("memberships/{id}/resend"), "Mail an invitation once more"))
            .says(202, "It is mailed")
            .refuses(&[409, 422, 424, 429]),
        sent(one(patch(at("organizations/{id}"), "Name an organization"), &ORGANIZATIONS)),
        sent(usual(patch(at("organizations/{id}/transfer_ownership"), "Give an organization away")))
            .says(202, "It is another's"),
        made(post(at("roles"), "Make a role"), &ROLES),
        sent(one(patch(at("roles/{id}"), "Name a role"), &ROLES)),
        made(post(at("api_credentials"), "Make a credential; its secret is told once"), &CREDENTIALS),
        sent(one(patch(at("api_credentials/{id}"), "Change a credential"), &CREDENTIALS)),
        gone(delete(at("api_credentials/{id}"), "Delete a credential")),
        made(post(at("permissions"), "Allow a role something"), &PERMISSIONS),
        sent(one(patch(at("permissions/{id}"), "Change what a role allows"), &PERMISSIONS)),
        made(
            post(at("application_memberships"), "Give a member a role in one application"),
            &APPLICATION_MEMBERSHIPS,
        ),
        sent(one(
            patch(at("application_memberships/{id}"), "Give a member another role in one application"),
            &APPLICATION_MEMBERSHIPS,
        )),
        gone(delete(at("application_memberships/{id}"), "Take an application from a member")),
        version(get(at("versions"), "The versions of one record"))
            .asks("filter[q][resource_type_eq]", "'memberships'|'roles'", "Must be given")
            .asks("filter[q][resource_id_eq]", "string", "Must be given")
            .asks("page[number]", "integer", "From 1 on")
            .asks("page[size]", "integer", "10 where nobody says, 25 at most"),
        version(get(at("versions/{id}"), "One version")),
    ];
    entries.extend([
        listed(get(at("webhooks"), "The webhooks"), &WEBHOOKS),
        one(get(at("webhooks/{id}"), "A webhook"), &WEBHOOKS),
        made(post(at("webhooks"), "Set up a webhook; its secret is told once"), &WEBHOOKS),
        sent(one(patch(at("webhooks/{id}"), "Change a webhook"), &WEBHOOKS)),
        gone(delete(at("webhooks/{id}"), "Delete a webhook")),
        callback(get(at("webhooks/{id}/last_event_callbacks"), "What a webhook was last told"))
            .asks("page[number]", "integer", "From 1 on")
            .asks("page[size]", "integer", "10 where nobody says, 25 at most"),
        callback(get(at("event_callbacks/{id}"), "One event, and what came of telling it")),
        one(get(at("event_callbacks/{id}/webhook"), "The webhook that was told"), &WEBHOOKS),
    ]);
    for kind in [&MEMBERSHIPS, &APPLICATION_MEMBERSHIPS, &ORGANIZATIONS, &ROLES, &PERMISSIONS, &CREDENTIALS] {
        let name = kind.name;
        entries.push(listed(get(at(name), format!("The {name}")), kind));
        entries.push(one(get(at(&format!("{name}/{{id}}")), format!("One of the {name}")), kind));
        let leads = format!("What one of the {name} leads to");
        let related = usual(get(at(&format!("{name}/{{id}}/{{relation}}")), leads));
        entries.push(related.gives(200, "A record, or a page of them", NAME, DOCUMENT));
    }
    entries
}
