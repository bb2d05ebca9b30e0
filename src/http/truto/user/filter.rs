//! What users are filtered and sorted by. A status is made of three records (the user, his membership, his invitation), and
//! so is the filter for it; what speaks of invitations and groups cannot be asked of guests, and finds none of them.

use crate::http::truto::collection::{Ask, Collection};

pub(in crate::http::truto) const USERS: Collection = Collection {
    kind: "User",
    filters: &[
        ("id", Ask::Is("_id")),
        ("first_name", Ask::Is("given:exact")),
        ("last_name", Ask::Is("family:exact")),
        ("emails[email]", Ask::Filter(email)),
        ("external_id", Ask::Is("external-id:exact")),
        ("status", Ask::Filter(status)),
        ("user_type", Ask::Filter(kind)),
        ("group_id", Ask::Filter(group)),
        ("organization_id", Ask::Filter(project)),
        ("workspace_id", Ask::Filter(project)),
        ("created_at", Ask::Moment("created")),
        ("updated_at", Ask::Moment("_lastUpdated")),
    ],
    sorts: &[
        ("created_at", "created"),
        ("updated_at", "_lastUpdated"),
        ("first_name", "given"),
        ("last_name", "family"),
        ("id", "_id"),
    ],
    order: "_id",
};

/// Switched off as such, or without a membership that lets him in.
const INACTIVE: &str = "(active eq false or not (_has:ProjectMembership:user[active ne false]))";
/// He has not answered, and nothing else has proved his address.
const WAITING: &str = "(email-verified ne true and \
    _has:UserSecurityRequest:user[type eq invite and used ne true and revoked ne true])";

fn status(value: &str) -> Result<String, &'static str> {
    match value {
        "inactive" => Ok(INACTIVE.to_owned()),
        "invited" => Ok(format!("not {INACTIVE} and {WAITING}")),
        "active" => Ok(format!("not {INACTIVE} and not {WAITING}")),
        "deleted" => Err("who was deleted is not listed; his history is in FHIR"),
        _ => Err("a status is active, inactive or invited"),
    }
}

fn kind(value: &str) -> Result<String, &'static str> {
    match value {
        "admin" => Ok("_has:ProjectMembership:user[admin eq true]".to_owned()),
        "member" => Ok("not (_has:ProjectMembership:user[admin eq true])".to_owned()),
        _ => Err("a user_type is admin or member"),
    }
}

/// The address to sign in with, or a further one.
fn email(value: &str) -> Result<String, &'static str> {
    let text = text(&value.to_lowercase())?;
    Ok(format!("email eq {text} or telecom eq {text}"))
}

fn group(value: &str) -> Result<String, &'static str> {
    Ok(format!("_has:Group:member[_id eq {}]", id(value)?))
}

fn project(value: &str) -> Result<String, &'static str> {
    Ok(format!("_has:ProjectMembership:user[project eq {}]", text(&format!("Project/{}", id(value)?))?))
}

/// An id cannot end the filter that it stands in.
fn id(value: &str) -> Result<&str, &'static str> {
    let is_id = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    if is_id && value.len() <= 64 { Ok(value) } else { Err("this is no id") }
}

/// A text as a filter quotes it.
fn text(value: &str) -> Result<String, &'static str> {
    serde_json::to_string(value).map_err(|_| "this is no text")
}
