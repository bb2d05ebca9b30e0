//! Errors as the platform tells them: `success` is false, `description` says why, and `code` is the status, which is also
//! that of the answer itself.

use actix_web::ResponseError;
use actix_web::http::header::HeaderValue;
use serde_json::json;

use crate::error::Issue;
use crate::http::reply::{Failure, JSON};

/// What they number a value that is wrong as, and one that is missing.
const INVALID: u16 = 74;
const REQUIRED: u16 = 77;

pub(in crate::http) fn dress(failure: &Failure) -> (HeaderValue, Vec<u8>) {
    let issues = &failure.error().issues;
    let told: Vec<String> = issues.iter().map(told).collect();
    let mut body = json!({
        "success": false,
        "code": failure.status_code().as_u16(),
        "description": told.join("; "),
    });
    let number = issues.first().and_then(|issue| match issue.code {
        "required" => Some(REQUIRED),
        "value" | "invalid" => Some(INVALID),
        _ => None,
    });
    if let Some(number) = number {
        body["internalCode"] = number.into();
    }
    (JSON, body.to_string().into_bytes())
}

fn told(issue: &Issue) -> String {
    match &issue.expression {
        Some(place) => format!("{}: {}", place.rsplit('.').next().unwrap_or(place), issue.text),
        None => issue.text.clone(),
    }
}
