//! What came of each entry (<https://hl7.org/fhir/R4/bundle.html#transaction-response>).

use actix_web::HttpResponse;
use actix_web::body::to_bytes;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, LOCATION};
use actix_web::web::Bytes;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::{Error, fault};
use crate::http::reply::{Failure, JSON, status_line};

/// The answer to an entry.
#[derive(Debug, Default, Clone)]
pub(in crate::http) struct Answer {
    pub status: String,
    pub location: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// JSON texts.
    pub resource: Option<Bytes>,
    pub outcome: Option<Bytes>,
}

impl Answer {
    pub fn refused(error: Error) -> Self {
        let (status, outcome) = Failure::from(error).parts();
        Self { status, outcome: Some(outcome.into()), ..Self::default() }
    }

    /// Of what the routes gave.
    pub async fn to(reads: bool, answered: Result<ServiceResponse, actix_web::Error>) -> Self {
        let response: HttpResponse = match answered {
            Ok(response) => response.into(),
            Err(error) => error.error_response(),
        };
        let (status, headers) = (response.status(), response.headers().clone());
        match to_bytes(response.into_body()).await {
            Ok(body) => Self::of(reads, status, &headers, body),
            Err(_) => Self::refused(fault("an answer broke off")),
        }
    }

    /// Bytes that it holds.
    pub fn size(&self) -> usize {
        [&self.resource, &self.outcome].into_iter().flatten().map(Bytes::len).sum()
    }

    /// From the answer to a request.
    pub fn of(reads: bool, status: StatusCode, headers: &HeaderMap, body: Bytes) -> Self {
        let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::to_owned);
        let mut answer = Self {
            status: status_line(status),
            location: text(LOCATION),
            etag: text(ETAG),
            last_modified: text(LAST_MODIFIED).and_then(|date| instant(&date)),
            ..Self::default()
        };
        if body.is_empty() {
            return answer;
        }
        let is_outcome = body.starts_with(br#"{"resourceType":"OperationOutcome""#);
        if headers.get(CONTENT_TYPE).is_some_and(|media| *media == JSON) {
            // The issues of its errors are an outcome, too.
            answer.outcome = (!status.is_success()).then(|| outcome_of(&body)).flatten();
            answer.resource = Some(binary(&body));
        } else if is_outcome && !(reads && status.is_success()) {
            answer.outcome = Some(body);
        } else {
            answer.resource = Some(body);
        }
        answer
    }

    pub fn is_refusal(&self) -> bool {
        self.status.starts_with(['4', '5'])
    }
}

/// What is no resource, as one (<https://hl7.org/fhir/R4/resource-operation-graphql.html>).
fn binary(body: &[u8]) -> Bytes {
    let binary = json!({
        "resourceType": "Binary", "contentType": "application/json", "data": BASE64_STANDARD.encode(body)
    });
    binary.to_string().into()
}

fn outcome_of(body: &[u8]) -> Option<Bytes> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let issues =
        body["errors"].as_array()?.iter().map(|error| error["extensions"]["resource"]["issue"][0].clone());
    let outcome = json!({ "resourceType": "OperationOutcome", "issue": issues.collect::<Vec<_>>() });
    Some(outcome.to_string().into())
}

/// The date of a header as FHIR writes it.
fn instant(date: &str) -> Option<String> {
    let at: DateTime<Utc> = httpdate::parse_http_date(date).ok()?.into();
    Some(at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

pub(in crate::http) struct Responses(pub Vec<Answer>);

impl Responses {
    /// The bundle that answers one of this type.
    pub fn finish(self, kind: &str) -> Vec<u8> {
        let id = Uuid::new_v4();
        let mut text =
            format!(r#"{{"resourceType":"Bundle","id":"{id}","type":"{kind}-response""#).into_bytes();
        for (place, answer) in self.0.iter().enumerate() {
            text.extend_from_slice(if place == 0 { br#","entry":[{"# } else { b",{" });
            if let Some(resource) = &answer.resource {
                text.extend_from_slice(br#""resource":"#);
                text.extend_from_slice(resource);
                text.push(b',');
            }
            text.extend_from_slice(br#""response":{"status":"#);
            text.extend_from_slice(quoted(&answer.status).as_bytes());
            for (name, value) in [
                ("location", &answer.location),
                ("etag", &answer.etag),
                ("lastModified", &answer.last_modified),
            ] {
                if let Some(value) = value {
                    text.extend_from_slice(format!(r#","{name}":{}"#, quoted(value)).as_bytes());
                }
            }
            if let Some(outcome) = &answer.outcome {
                text.extend_from_slice(br#","outcome":"#);
                text.extend_from_slice(outcome);
            }
            text.extend_from_slice(b"}}");
        }
        text.extend_from_slice(if self.0.is_empty() { b"}" } else { b"]}" });
        text
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
