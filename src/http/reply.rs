//! The only place with status codes: results and errors as HTTP
//! (<https://hl7.org/fhir/R4/http.html#Status-Codes>, <https://hl7.org/fhir/R4/operationoutcome.html>).

mod dress;

use std::fmt;
use std::io::Write;
use std::time::{Duration, UNIX_EPOCH};

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_LOCATION, CONTENT_TYPE, ETAG, HeaderName, HeaderValue,
    LAST_MODIFIED, LOCATION, VARY, WWW_AUTHENTICATE,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use super::layers::REQUEST_ID;
use super::negotiate::Form;
use crate::error::{Error, Issue, Kind, Limit, fault};
use crate::repo::Outcome;

pub(super) const FHIR_JSON: HeaderValue = HeaderValue::from_static("application/fhir+json; charset=utf-8");
pub(super) const SCIM_JSON: HeaderValue = HeaderValue::from_static("application/scim+json; charset=utf-8");
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
/// Smaller answers cost more to compress than to send.
const COMPRESS_FROM: usize = 16 * 1024;

/// What a read can be refused as.
const CODES: [&str; 10] = [
    "conflict",
    "deleted",
    "forbidden",
    "invalid",
    "login",
    "not-found",
    "not-supported",
    "structure",
    "too-costly",
    "value",
];

/// An error on its way out.
#[derive(Debug)]
pub(super) struct Failure {
    status: StatusCode,
    error: Error,
    /// What this one says besides.
    headers: Vec<(HeaderName, HeaderValue)>,
}

pub(super) fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Deleted => StatusCode::GONE,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Precondition => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Unsupported => StatusCode::NOT_IMPLEMENTED,
        Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Limited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = status(error.kind);
        if let Some(cause) = error.cause() {
            if error.kind == Kind::Fault {
                tracing::error!(%cause, "a request failed");
            } else {
                tracing::debug!(%cause, status = status.as_u16());
            }
        }
        Self { status, error, headers: Vec::new() }
    }
}

impl Failure {
    fn of(status: StatusCode, code: &'static str, text: impl Into<String>) -> Self {
        let error = Error::new(Kind::Malformed, vec![Issue::error(code, text)]);
        Self { status, error, headers: Vec::new() }
    }

    pub fn unsupported_media(text: impl Into<String>) -> Self {
        Self::of(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-supported", text)
    }

    /// A patch in a form that is not taken (<https://www.rfc-editor.org/rfc/rfc5789#section-2.2>).
    pub fn unsupported_patch(text: impl Into<String>, accepted: &'static str) -> Self {
        let headers = vec![(HeaderName::from_static("accept-patch"), HeaderValue::from_static(accepted))];
        Self { headers, ..Self::unsupported_media(text) }
    }

    pub fn not_acceptable(text: impl Into<String>) -> Self {
        Self::of(StatusCode::NOT_ACCEPTABLE, "not-supported", text)
    }

    /// A handler broke off in the middle of this request, and no layer will add its id.
    pub fn panicked(request: HeaderValue) -> Self {
        Self { headers: vec![(REQUEST_ID, request)], ..Self::from(fault("a handler panicked")) }
    }

    /// An entry of a bundle was refused, and the whole with it.
    pub fn of_entry(place: &str, status: &str, outcome: Option<Bytes>) -> Self {
        let status = status.split(' ').next().and_then(|code| code.parse().ok());
        let outcome: Value = outcome.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        let said = outcome.pointer("/issue/0/details/text").and_then(Value::as_str);
        let text = said.unwrap_or("this entry was refused");
        let code = outcome.pointer("/issue/0/code").and_then(Value::as_str);
        let code = CODES.into_iter().find(|known| code == Some(known)).unwrap_or("processing");
        let mut failure = Self::of(status.unwrap_or(StatusCode::BAD_REQUEST), code, text);
        failure.error = failure.error.at(place);
        failure
    }

    /// What was asked for is done and stands, but nobody could be told by mail.
    pub fn unsent(what: &str, error: Error) -> Self {
        let text =
            format!("{what} is made and stands, but its mail could not be sent; try again with `upsert`");
        let mut failure = Self::of(StatusCode::FAILED_DEPENDENCY, "exception", text);
        failure.error = failure.error.at(what).because(error);
        failure
    }

    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The same where nothing goes out.
    pub fn into_error(self) -> Error {
        self.error
    }

    /// The status line and the OperationOutcome, for an entry of a bundle.
    pub fn parts(&self) -> (String, String) {
        (status_line(self.status), outcome(&self.error.issues).to_string())
    }

    /// The address is right, the verb is not.
    pub fn wrong_verb(text: impl Into<String>, allow: &[&str]) -> Self {
        let mut allow: Vec<&str> = allow.to_vec();
        if allow.contains(&"GET") {
            allow.push("HEAD");
        }
        // Names of verbs are legal in a header.
        let headers =
            HeaderValue::from_str(&allow.join(", ")).map(|allow| (ALLOW, allow)).into_iter().collect();
        Self { headers, ..Self::of(StatusCode::METHOD_NOT_ALLOWED, "not-supported", text) }
    }
}

/// A status as the response of an entry has it.
pub(super) fn status_line(status: StatusCode) -> String {
    status.to_string()
}

/// What a write came to, in the same form.
pub(super) fn outcome_line(outcome: Outcome) -> String {
    status_line(match outcome {
        Outcome::Created => StatusCode::CREATED,
        Outcome::Updated | Outcome::Unchanged | Outcome::Found => StatusCode::OK,
        Outcome::Deleted => StatusCode::NO_CONTENT,
    })
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        self.dressed(FHIR_JSON, outcome(&self.error.issues).to_string())
    }
}

/// How much of a limit is left, as the official clients of others read it: they take no other spelling.
pub(super) fn rate(limit: Limit) -> (HeaderName, String) {
    let Limit { name, remaining, seconds } = limit;
    (HeaderName::from_static("ratelimit"), format!("\"{name}\";r={remaining};t={seconds}"))
}

/// Issues as an OperationOutcome.
pub(super) fn outcome(issues: &[Issue]) -> Value {
    let issues: Vec<Value> = issues
        .iter()
        .map(|issue| {
            let mut rendered = json!({
                "severity": issue.severity.code(),
                // The words of OAuth, which have underscores, are none of FHIR's.
                "code": if issue.code.contains('_') { "invalid" } else { issue.code },
                "details": { "text": issue.text },
            });
            // FHIR has no empty strings, and a parameter may have no name.
            if let Some(expression) = issue.expression.as_ref().filter(|text| !text.is_empty()) {
                rendered["expression"] = json!([expression]);
            }
            rendered
        })
        .collect();
    json!({ "resourceType": "OperationOutcome", "issue": issues })
}

/// The headers of a version of a resource.
pub(super) fn versioned(reply: &mut HttpResponseBuilder, version: i64, updated: i64) {
    reply.insert_header((ETAG, etag(version))).insert_header((LAST_MODIFIED, http_date(updated)));
}

pub(super) fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// To the second, as HTTP has it.
pub(super) fn http_date(millis: i64) -> String {
    let since = Duration::from_secs(u64::try_from(millis / 1000).unwrap_or_default());
    httpdate::fmt_http_date(UNIX_EPOCH + since)
}

/// To the millisecond, as FHIR and the other protocols have it.
pub(super) fn instant(millis: i64) -> String {
    DateTime::from_timestamp_millis(millis).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(super) fn ok() -> HttpResponseBuilder {
    HttpResponse::Ok()
}

pub(super) fn created(location: &str) -> HttpResponseBuilder {
    let mut reply = HttpResponse::Created();
    reply.insert_header((LOCATION, location));
    reply
}

/// Something was made that has no address of its own to name.
pub(super) fn made() -> HttpResponseBuilder {
    HttpResponse::Created()
}

/// What was to be created is there already.
pub(super) fn found(location: &str) -> HttpResponseBuilder {
    let mut reply = HttpResponse::Ok();
    reply.insert_header((LOCATION, location));
    reply
}

/// It goes on there, with a GET.
pub(super) fn see_other(place: &str) -> HttpResponseBuilder {
    let mut reply = HttpResponse::SeeOther();
    reply.insert_header((LOCATION, place));
    reply
}

/// A page, or the same page again because something was refused.
pub(super) fn page(refused: Option<Kind>) -> HttpResponseBuilder {
    HttpResponse::build(refused.map_or(StatusCode::OK, status))
}

pub(super) fn no_content() -> HttpResponseBuilder {
    HttpResponse::NoContent()
}

/// It will be done; the answer will be at this place.
pub(super) fn accepted(place: Option<&str>) -> HttpResponseBuilder {
    let mut reply = HttpResponse::Accepted();
    if let Some(place) = place {
        reply.insert_header((CONTENT_LOCATION, place)).insert_header(("preference-applied", "respond-async"));
    }
    reply
}

pub(super) fn not_modified() -> HttpResponseBuilder {
    HttpResponse::NotModified()
}

pub(super) fn unavailable() -> HttpResponseBuilder {
    HttpResponse::ServiceUnavailable()
}

/// The answer of the token endpoint to a bad request (<https://www.rfc-editor.org/rfc/rfc6749#section-5.2>).
pub(super) fn refused_token(unauthorized: bool) -> HttpResponseBuilder {
    if unauthorized {
        let mut reply = HttpResponse::Unauthorized();
        reply.insert_header((WWW_AUTHENTICATE, "Basic realm=\"roster\""));
        reply
    } else {
        HttpResponse::BadRequest()
    }
}

/// What a query of GraphQL came to: no resource, and said so (<https://hl7.org/fhir/R4/graphql.html#invoking>).
/// One that was refused says why in the same form.
pub(super) fn graphql(
    request: &HttpRequest,
    form: Form,
    refused: Option<Kind>,
    body: String,
) -> HttpResponse {
    let reply = HttpResponse::build(refused.map_or(StatusCode::OK, status));
    json(request, form, reply, JSON, body.into_bytes())
}

/// A body of SCIM.
pub(super) fn scim(request: &HttpRequest, reply: HttpResponseBuilder, body: &Value) -> HttpResponse {
    json(request, Form::default(), reply, SCIM_JSON, body.to_string().into_bytes())
}

/// A FHIR body in the form that was asked for.
pub(super) fn fhir(
    request: &HttpRequest,
    form: Form,
    reply: HttpResponseBuilder,
    body: Vec<u8>,
) -> HttpResponse {
    json(request, form, reply, FHIR_JSON, body)
}

/// JSON of any sort.
pub(super) fn json(
    request: &HttpRequest,
    form: Form,
    mut reply: HttpResponseBuilder,
    media: HeaderValue,
    body: Vec<u8>,
) -> HttpResponse {
    reply.insert_header((CONTENT_TYPE, media));
    let body = if form.pretty { pretty(body) } else { body };
    if body.len() < COMPRESS_FROM {
        return reply.body(body);
    }
    reply.insert_header((VARY, "Accept-Encoding"));
    match takes_gzip(request).then(|| gzip(&body)).flatten() {
        Some(small) => reply.insert_header((CONTENT_ENCODING, "gzip")).body(small),
        None => reply.body(body),
    }
}

pub(super) fn gzip(body: &[u8]) -> Option<Vec<u8>> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(body).and_then(|()| gzip.finish()).ok()
}

pub(super) fn takes_gzip(request: &HttpRequest) -> bool {
    let header =
        request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next() == Some("gzip") && !parts.any(|parameter| parameter == "q=0" || parameter == "q=0.0")
    })
}

fn pretty(body: Vec<u8>) -> Vec<u8> {
    let parsed: Result<Value, _> = serde_json::from_slice(&body);
    parsed.and_then(|value| serde_json::to_vec_pretty(&value)).unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};

    use super::{FHIR_JSON, Failure};
    use crate::error::busy;

    #[test]
    fn who_comes_at_a_bad_time_is_told_when_to_come_again() {
        let answer = Failure::from(busy("others write the same records just now")).error_response();
        assert_eq!(answer.status().as_u16(), 503);
        assert!(answer.headers().contains_key(RETRY_AFTER));
        assert_eq!(answer.headers().get(CONTENT_TYPE), Some(&FHIR_JSON));
    }
}
