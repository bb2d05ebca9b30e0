//! What the platform calls an act, by the word that it is recorded under and what it was done to.

use serde_json::Value;

use super::super::record::list;

/// Word of the record, whether it succeeded where that matters, type of what it was done to where that matters; name of
/// the event and its context. The first that fits counts.
const EVENTS: [(&str, Option<bool>, &str, &str, &str); 28] = [
    ("login", Some(false), "", "platform.login.failed", "auth"),
    ("login", None, "", "platform.login", "auth"),
    ("logout", None, "", "platform.logout", "auth"),
    ("refresh", None, "", "platform.session.create", "auth"),
    ("accept-terms", None, "", "platform.terms.accept", "user"),
    ("reset-password", None, "", "platform.user.password.reset", "user"),
    ("set-password", None, "", "platform.user.password.change", "user"),
    ("reset-factor", None, "", "platform.user.mfa.disabled", "user"),
    ("register", None, "", "platform.user.create", "user"),
    ("create-user", None, "", "platform.user.create", "user"),
    ("invite", None, "", "platform.org.user.add", "org"),
    ("update-member", None, "", "platform.org.user.role.update", "org"),
    ("remove-member", None, "", "platform.org.user.remove", "org"),
    ("set-project", None, "", "platform.org.update", "org"),
    ("create-project", None, "", "platform.org.create", "org"),
    ("create-client", None, "", "platform.client.create", "org"),
    ("update-client", None, "", "platform.client.update", "org"),
    ("create", None, "User", "platform.user.create", "user"),
    ("update", None, "User", "platform.user.update", "user"),
    ("delete", None, "User", "platform.user.remove", "user"),
    ("create", None, "Group", "platform.team.create", "team"),
    ("update", None, "Group", "platform.team.update", "team"),
    ("delete", None, "Group", "platform.team.remove", "team"),
    ("create", None, "ClientApplication", "platform.client.create", "org"),
    ("update", None, "ClientApplication", "platform.client.update", "org"),
    ("delete", None, "ClientApplication", "platform.client.remove", "org"),
    ("update", None, "Project", "platform.org.update", "org"),
    ("delete", None, "ProjectMembership", "platform.org.user.remove", "org"),
];

/// Name and context of the event that a record is of. What the platform has no name for keeps the word of the record.
pub(super) fn of(record: &Value) -> (String, &'static str) {
    let word = record.pointer("/subtype/0/code").and_then(Value::as_str).unwrap_or_default();
    let success = record["outcome"] == "0";
    let about = |kind: &str| {
        list(record, "entity").iter().any(|one| {
            let reference = one.pointer("/what/reference").and_then(Value::as_str).unwrap_or_default();
            reference.split_once('/').is_some_and(|(own, _)| own == kind)
        })
    };
    let found = EVENTS.iter().find(|(own, wanted, kind, ..)| {
        *own == word && wanted.is_none_or(|wanted| wanted == success) && (kind.is_empty() || about(kind))
    });
    match found {
        Some((_, _, _, name, context)) => ((*name).to_owned(), context),
        None => (format!("platform.{}", word.replace('-', ".")), "org"),
    }
}

/// All names, once each.
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = EVENTS.iter().map(|(_, _, _, name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    names
}
