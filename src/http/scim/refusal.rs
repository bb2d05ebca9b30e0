//! Errors in the dress of SCIM (<https://www.rfc-editor.org/rfc/rfc7644#section-3.12>): every one below `/scim/v2`,
//! also where no route leads, where the verb is wrong, where nobody is known and where a handler breaks.

use std::fmt;

use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::{HttpMessage, HttpResponse, ResponseError};
use serde_json::{Value, json};

use super::super::layers::{RequestId, guarded};
use super::super::reply::{Failure, SCIM_JSON};
use crate::error::{Error, Kind, malformed};

#[derive(Debug)]
pub(in crate::http) struct Refusal {
    failure: Box<Failure>,
    /// Of <https://www.rfc-editor.org/rfc/rfc7644#table-9>.
    word: Option<&'static str>,
}

pub(in crate::http) type Result<T> = std::result::Result<T, Refusal>;

/// A bad request, by the word that the standard has for it.
pub(super) fn bad(word: &'static str, text: impl Into<String>) -> Refusal {
    Refusal { failure: Box::new(malformed(text).into()), word: Some(word) }
}

impl From<Error> for Refusal {
    fn from(mut error: Error) -> Self {
        let code = error.issues.last().map_or("", |issue| issue.code);
        let word = match error.kind {
            Kind::Conflict if code == "duplicate" => Some("uniqueness"),
            Kind::Malformed | Kind::Invalid if code == "too-costly" => Some("tooMany"),
            Kind::Malformed if code == "structure" => Some("invalidSyntax"),
            Kind::Malformed | Kind::Invalid => Some("invalidValue"),
            _ => None,
        };
        error.kind = match error.kind {
            Kind::Invalid => Kind::Malformed,
            Kind::Deleted => Kind::NotFound,
            kind => kind,
        };
        Self { failure: Box::new(error.into()), word }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { failure: Box::new(failure), word: None }
    }
}

impl Refusal {
    /// The same with another word.
    pub fn worded(self, word: &'static str) -> Self {
        Self { word: Some(word), ..self }
    }

    /// The status, as text.
    pub fn status(&self) -> String {
        self.failure.status_code().as_str().to_owned()
    }

    pub fn kind(&self) -> Kind {
        self.failure.kind()
    }

    pub fn body(&self) -> Value {
        body(&self.failure, self.word)
    }
}

fn body(failure: &Failure, word: Option<&'static str>) -> Value {
    let mut error = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": failure.status_code().as_str(),
        "detail": failure.said(),
    });
    if let Some(word) = word {
        error["scimType"] = Value::from(word);
    }
    error
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}

impl ResponseError for Refusal {
    fn error_response(&self) -> HttpResponse {
        self.failure.dressed(SCIM_JSON, self.body().to_string())
    }
}

/// Serves a request below `/scim/v2`, so that whatever refuses it does so in these words.
pub(in crate::http) fn dressed<S>(
    request: ServiceRequest,
    service: &S,
) -> impl Future<Output = std::result::Result<ServiceResponse, actix_web::Error>> + use<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = actix_web::Error>,
{
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let answer = service.call(request);
    async move {
        let id = id.unwrap_or_else(|| actix_web::http::header::HeaderValue::from_static("none"));
        let response = match guarded(answer, &id).await {
            Ok(response) => response,
            Err(error) => {
                let dress = error
                    .as_error::<Failure>()
                    .map(|failure| failure.dressed(SCIM_JSON, body(failure, None).to_string()));
                return Err(match dress {
                    Some(reply) => actix_web::error::InternalError::from_response("refused", reply).into(),
                    None => error,
                });
            }
        };
        let dress = response
            .response()
            .error()
            .and_then(|error| error.as_error::<Failure>())
            .map(|failure| failure.dressed(SCIM_JSON, body(failure, None).to_string()));
        Ok(match dress {
            Some(reply) => response.into_response(reply),
            None => response,
        })
    }
}
