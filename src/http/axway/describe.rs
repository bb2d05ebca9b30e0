//! The routes of this room, for `/openapi.json`.

use crate::http::openapi::{Entry, JSON, get};

const BASE: &str = "/api/v1";

/// What every route of the room has in common.
fn usual(entry: Entry) -> Entry {
    entry
        .dressed("RefusedAxway")
        .asks("fields", "[string]", "Fields that are wanted")
        .asks("exclude_fields", "[string]", "Fields that are not")
        .asks("add_fields", "[string]", "Fields besides")
        .refuses(&[400])
}

fn result(entry: Entry, of: &str) -> Entry {
    entry.gives(200, "The result", JSON, &format!("{{success: boolean, result: {of}}}"))
}

pub(in crate::http) fn describe() -> Vec<Entry> {
    vec![
        result(
            usual(get(format!("{BASE}/auth/password_policy"), "What is asked of a password")),
            "{length?: integer, max_length?: integer, lockout?: integer}",
        )
        .asks("provider_guid", "string", "The same for all")
        .asks("user_guid", "string", "The same for all"),
    ]
}
