//! Errors as Commerce Layer tells them: the error objects of <https://jsonapi.org/format/1.0/#errors>.

use actix_web::ResponseError;
use actix_web::http::header::HeaderValue;
use serde_json::{Value, json};

use super::MEDIA;
use crate::error::{Issue, Kind};
use crate::http::reply::Failure;

/// Elements of the store, and the fields that the caller knows them by.
const FIELDS: [(&str, &str); 9] = [
    ("email", "email"),
    ("firstName", "first_name"),
    ("lastName", "last_name"),
    ("timezone", "time_zone"),
    ("identifier", "reference"),
    ("metadata", "metadata"),
    ("name", "name"),
    ("slug", "name"),
    ("redirectUris", "redirect_uri"),
];

pub(in crate::http) fn dress(failure: &Failure) -> (HeaderValue, Vec<u8>) {
    let errors: Vec<Value> = failure.error().issues.iter().map(|issue| error(failure, issue)).collect();
    (MEDIA, json!({ "errors": errors }).to_string().into_bytes())
}

fn error(failure: &Failure, issue: &Issue) -> Value {
    let status = failure.status_code();
    let place = issue.expression.as_deref().map(place);
    let is_parameter = place.as_ref().is_some_and(|(sort, _)| *sort == "parameter");
    let code = match failure.error().kind {
        Kind::Unauthenticated => "INVALID_TOKEN",
        Kind::Forbidden => "UNAUTHORIZED",
        Kind::NotFound | Kind::Deleted => "RECORD_NOT_FOUND",
        Kind::Invalid | Kind::Conflict => "VALIDATION_ERROR",
        Kind::Limited => "TOO_MANY_REQUESTS",
        Kind::Fault => "INTERNAL_SERVER_ERROR",
        _ if status.as_u16() == 405 => "METHOD_NOT_ALLOWED",
        _ if status.as_u16() == 406 => "NOT_ACCEPTABLE",
        _ if status.as_u16() == 415 => "UNSUPPORTED_MEDIA_TYPE",
        _ if issue.expression.as_deref() == Some("/data/id") => "KEY_NOT_INCLUDED_IN_URL",
        _ if issue.expression.as_deref().is_some_and(|place| place.starts_with("filter")) => {
            "FILTER_NOT_ALLOWED"
        }
        _ if is_parameter || issue.code == "not-supported" => "PARAM_NOT_ALLOWED",
        _ => "INVALID_REQUEST",
    };
    let mut error = json!({
        "title": status.canonical_reason().unwrap_or("Error"),
        "detail": issue.text,
        "code": code,
        "status": status.as_str(),
    });
    if let Some((sort, place)) = place {
        error["source"] = json!({ sort: place });
    }
    error["meta"] = json!({ "error": issue.code });
    error
}

/// A place as a pointer into the document, or as the name of a parameter.
fn place(expression: &str) -> (&'static str, String) {
    if expression.starts_with('/') {
        return ("pointer", expression.to_owned());
    }
    let element = expression.rsplit('.').next().unwrap_or(expression);
    let element = element.split('[').next().unwrap_or(element);
    match FIELDS.iter().find(|(known, _)| *known == element && expression.contains('.')) {
        Some((_, field)) => ("pointer", format!("/data/attributes/{field}")),
        None if expression.starts_with(|first: char| first.is_ascii_uppercase()) => {
            ("pointer", "/data".to_owned())
        }
        None => ("parameter", expression.to_owned()),
    }
}
