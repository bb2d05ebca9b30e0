//! Refusals as WorkOS words them: `message` and `code`, the fields that are wrong in `errors`; of a grant, the words of
//! OAuth (<https://www.rfc-editor.org/rfc/rfc6749#section-5.2>).

use std::fmt;

use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Value, json};

use crate::error::{Error, Issue, Kind, Limit};
use crate::http::reply::{self, FHIR_JSON, Failure};

/// What addresses of this dialect begin with.
const OURS: [&str; 9] = [
    "/user_management",
    "/organizations",
    "/organization_domains",
    "/authorization",
    "/auth/factors",
    "/auth/challenges",
    "/sso",
    "/events",
    "/webhook_endpoints",
];

#[derive(Debug)]
pub(in crate::http) enum Refusal {
    Said {
        kind: Kind,
        body: Box<Value>,
        limit: Option<Limit>,
    },
    /// Told as everywhere else; put into these words by `dressed` on its way out.
    Other(Box<Failure>),
}

/// A refusal with a code of theirs.
pub(super) fn said(kind: Kind, code: &str, message: impl Into<String>) -> Refusal {
    let body = json!({ "message": message.into(), "code": code });
    Refusal::Said { kind, body: Box::new(body), limit: None }
}

/// A request that its code makes a bad one.
pub(super) fn bad(code: &str, message: impl Into<String>) -> Refusal {
    said(Kind::Malformed, code, message)
}

/// What is not there: what is another project's, too.
pub(super) fn missing(what: &str, id: &str) -> Refusal {
    said(Kind::NotFound, "entity_not_found", format!("Could not find {what}: '{id}'."))
        .with("entity_id", json!(id))
}

/// Fields that are wrong: name, code and what is wrong with it.
pub(super) fn unprocessable(faults: Vec<(String, &'static str, String)>) -> Refusal {
    let errors: Vec<Value> = faults
        .into_iter()
        .map(|(field, code, message)| json!({ "field": field, "code": code, "message": message }))
        .collect();
    said(Kind::Invalid, "invalid_request_parameters", "Validation failed.").with("errors", json!(errors))
}

/// A refusal of one field.
pub(super) fn wrong(field: &str, code: &'static str, message: impl Into<String>) -> Refusal {
    unprocessable(vec![(field.to_owned(), code, message.into())])
}

/// A refusal in the words of OAuth.
pub(super) fn oauth(kind: Kind, error: &str, description: &str) -> Refusal {
    let body = json!({ "error": error, "error_description": description });
    Refusal::Said { kind, body: Box::new(body), limit: None }
}

impl Refusal {
    /// Where nobody is told in these words.
    pub fn into_error(self) -> Error {
        match self {
            Self::Said { kind, body, .. } => {
                Error::new(kind, vec![Issue::error("processing", body.to_string())])
            }
            Self::Other(failure) => failure.into_error(),
        }
    }

    /// Says more.
    pub fn with(mut self, name: &str, value: Value) -> Self {
        if let Self::Said { body, .. } = &mut self {
            body[name] = value;
        }
        self
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match (error.kind, error.limit.as_deref().copied()) {
            // What was there once is not there.
            (Kind::NotFound | Kind::Deleted, _) => {
                let text = error.issues.first().map(|issue| issue.text.clone()).unwrap_or_default();
                said(Kind::NotFound, "entity_not_found", text)
            }
            (Kind::Limited, Some(limit)) => Self::Said {
                kind: Kind::Limited,
                body: Box::new(json!({
                    "message": "Too many requests; wait.",
                    "code": "too_many_requests",
                    "error": "too_many_requests",
                    "error_description": "Too many requests; wait.",
                })),
                limit: Some(limit),
            },
            _ => Self::from(Failure::from(error)),
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Other(Box::new(failure))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said { body, .. } => body.fmt(f),
            Self::Other(failure) => failure.fmt(f),
        }
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Said { kind, .. } => reply::status(*kind),
            Self::Other(failure) => failure.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Other(failure) => failure.error_response(),
            Self::Said { kind, body, limit } => {
                let mut answer = reply::page(Some(*kind));
                if let Some(limit) = limit {
                    answer
                        .insert_header(reply::rate(*limit))
                        .insert_header((RETRY_AFTER, limit.seconds.to_string()))
                        .insert_header(("x-ratelimit-remaining", limit.remaining.to_string()))
                        .insert_header(("x-ratelimit-reset", limit.seconds.to_string()));
                }
                answer.json(body)
            }
        }
    }
}

/// A handler broke off in the middle of a request.
pub(in crate::http) fn panicked() -> Refusal {
    said(Kind::Fault, "internal_server_error", "The server failed to do this.")
}

/// Whether an address is of this dialect.
pub(in crate::http) fn owns(path: &str) -> bool {
    OURS.iter()
        .any(|stem| path.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// An answer in the words of this dialect: what was refused in FHIR's, by whatever layer, is put into them.
pub(in crate::http) fn dressed(response: ServiceResponse) -> ServiceResponse {
    let told_in_fhir = response.headers().get(CONTENT_TYPE) == Some(&FHIR_JSON);
    if !told_in_fhir || response.status().is_success() || response.status().is_redirection() {
        return response;
    }
    let status = response.status();
    let mut response = response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => {
            let outcome: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            actix_web::body::BoxBody::new(reworded(status.as_u16(), &outcome).to_string())
        }
        Err(body) => body,
    });
    response.headers_mut().insert(CONTENT_TYPE, reply::JSON);
    response
}

/// A refusal of FHIR in these words.
fn reworded(status: u16, outcome: &Value) -> Value {
    let issues = outcome.get("issue").and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |issue: &Value| {
        issue.pointer("/details/text").and_then(Value::as_str).unwrap_or("the request was refused").to_owned()
    };
    let code = match status {
        401 => "unauthorized",
        403 => "forbidden",
        404 | 410 => "entity_not_found",
        409 => "conflict",
        422 => "invalid_request_parameters",
        429 => "too_many_requests",
        501 => "not_supported",
        503 => "service_unavailable",
        500.. => "internal_server_error",
        _ => "bad_request",
    };
    let message = match (status, issues.first()) {
        (401, _) => "Unauthorized".to_owned(),
        (_, Some(first)) => text(first),
        _ => "the request was refused".to_owned(),
    };
    let mut body = json!({ "message": message, "code": code });
    if matches!(status, 400 | 409 | 422) {
        let errors: Vec<Value> = issues
            .iter()
            .filter_map(|issue| {
                let place = issue.pointer("/expression/0")?.as_str()?;
                let field = place.rsplit('.').next().unwrap_or(place);
                let code = issue.get("code").cloned().unwrap_or_default();
                Some(json!({ "field": field, "code": code, "message": text(issue) }))
            })
            .collect();
        if !errors.is_empty() {
            body["errors"] = Value::Array(errors);
        }
    }
    body
}
