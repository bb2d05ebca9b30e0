//! Answers: media type, Location, ETag, and what goes on condition of a version
//! (<https://www.rfc-editor.org/rfc/rfc7644#section-3.14>).

use actix_web::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::super::extract;
use super::super::reply;
use super::refusal::Result;
use crate::error::precondition;

/// The message that lists are sent in.
pub(super) const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// Something without a version.
pub(super) fn show(request: &HttpRequest, body: &Value) -> Result<HttpResponse> {
    Ok(reply::scim(request, reply::ok(), body))
}

/// A resource as it is by now.
pub(super) fn resource(request: &HttpRequest, tag: &str, body: &Value) -> Result<HttpResponse> {
    let mut answer = reply::ok();
    answer.insert_header((ETAG, tag));
    Ok(reply::scim(request, answer, body))
}

/// A resource that was read, unless the client has this version.
pub(super) fn read(request: &HttpRequest, tag: &str, body: &Value) -> Result<HttpResponse> {
    if extract::header(request, &IF_NONE_MATCH)?.is_some_and(|tags| names(&tags, tag)) {
        return Ok(reply::not_modified().insert_header((ETAG, tag)).finish());
    }
    resource(request, tag, body)
}

pub(super) fn created(request: &HttpRequest, place: &str, tag: &str, body: &Value) -> Result<HttpResponse> {
    let mut answer = reply::created(place);
    answer.insert_header((ETAG, tag));
    Ok(reply::scim(request, answer, body))
}

/// The versions that a write is bound to.
pub(super) fn if_match(request: &HttpRequest) -> Result<Option<String>> {
    Ok(extract::header(request, &IF_MATCH)?)
}

/// Fails unless this is a version that the client knows.
pub(super) fn must_match(tags: Option<&str>, tag: &str) -> Result<()> {
    match tags {
        Some(tags) if !names(tags, tag) => {
            Err(precondition(format!("the version is {tag} by now")).at("If-Match").into())
        }
        _ => Ok(()),
    }
}

/// Whether a list of tags has this one, be it weak or not.
fn names(tags: &str, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').to_owned();
    tags.split(',').any(|one| one.trim() == "*" || bare(one) == bare(tag))
}

/// It was changed, and is not sent back.
pub(super) fn changed(tag: &str) -> HttpResponse {
    reply::no_content().insert_header((ETAG, tag)).finish()
}
