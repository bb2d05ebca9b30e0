//! Refusals in the words of OAuth (<https://www.rfc-editor.org/rfc/rfc6749#section-5.2>).

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use serde_json::json;

use crate::error::{Error, Kind};
use crate::http::reply::{Failure, refused_token};

/// The words that go out as they are; whatever else a refusal is coded with is a matter of ours.
const WORDS: [&str; 17] = [
    "access_denied",
    "consent_required",
    "interaction_required",
    "invalid_client",
    "invalid_client_metadata",
    "invalid_grant",
    "invalid_redirect_uri",
    "invalid_request",
    "invalid_scope",
    "invalid_target",
    "login_required",
    "request_not_supported",
    "request_uri_not_supported",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "unsupported_token_type",
];

#[derive(Debug)]
pub(super) enum Refusal {
    Said {
        code: &'static str,
        text: Cow<'static, str>,
    },
    /// No matter of the protocol: the server failed, or is busy, or was sent too much.
    Other(Failure),
}

pub(super) fn refuse(code: &'static str, text: impl Into<Cow<'static, str>>) -> Refusal {
    Refusal::Said { code, text: text.into() }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let code = error.issues.last().map_or("", |issue| issue.code);
        let said = error.issues.first().map(|issue| issue.text.clone()).unwrap_or_default();
        let word = WORDS.into_iter().find(|word| *word == code);
        let word = word.or(match error.kind {
            Kind::Malformed | Kind::Invalid => Some("invalid_request"),
            Kind::Unauthenticated | Kind::NotFound | Kind::Deleted | Kind::Forbidden => Some("invalid_grant"),
            _ => None,
        });
        match word {
            Some(code) => {
                tracing::debug!(%error, "refused");
                refuse(code, said)
            }
            None => Self::Other(error.into()),
        }
    }
}

impl Refusal {
    /// As the answer of an endpoint that a client calls.
    pub fn reply(self) -> Result<HttpResponse, Failure> {
        match self {
            Self::Other(failure) => Err(failure),
            Self::Said { code, text } => Ok(refused_token(code == "invalid_client")
                .insert_header((CACHE_CONTROL, "no-store"))
                .insert_header((PRAGMA, "no-cache"))
                .json(json!({ "error": code, "error_description": legal(&text) }))),
        }
    }
}

/// A description has no quotes and nothing beyond ASCII.
pub(super) fn legal(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, '"' | '\\') || !(' '..='~').contains(&c) { '\'' } else { c })
        .collect()
}
