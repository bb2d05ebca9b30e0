//! Errors as Truto tells them: the status once more, its name, and one message.

use actix_web::ResponseError;
use actix_web::http::header::HeaderValue;
use serde_json::json;

use super::JSON;
use crate::http::reply::Failure;

pub(in crate::http) fn dress(failure: &Failure) -> (HeaderValue, Vec<u8>) {
    let status = failure.status_code();
    let issues = failure.error().issues.iter();
    let told: Vec<String> = issues
        .map(|issue| match &issue.expression {
            Some(place) => format!("{}: {}", spoken(place), issue.text),
            None => issue.text.clone(),
        })
        .collect();
    let body = json!({
        "statusCode": status.as_u16(),
        "error": status.canonical_reason().unwrap_or("Error"),
        "message": told.join("; "),
    });
    (JSON, body.to_string().into_bytes())
}

/// The name that the caller knows a place by.
fn spoken(place: &str) -> &str {
    match place {
        "_cursor" => "next_cursor",
        "_count" => "limit",
        "_sort" => "sort_by",
        place => place,
    }
}
