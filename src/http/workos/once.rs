//! `Idempotency-Key`: a POST that is sent again under the same key within a day is not done again, but answered as the
//! first time. Answers are kept in the memory of the process, for the credential that asked
//! (<https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, ResponseError};
use chrono::Utc;
use sha2::{Digest, Sha256};

use super::refusal::{Refusal, said};
use crate::error::Kind;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer is one from before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const DAY: i64 = 86_400;
/// Characters of a key at most.
const LONGEST: usize = 255;
/// Answers that are kept; then the oldest go.
const MOST: usize = 20_000;

/// Digest of the credential and the key.
type Key = [u8; 32];

#[derive(Debug, Clone)]
struct Kept {
    /// Verb and address, which the key is for.
    what: String,
    /// Seconds since 1970.
    at: i64,
    /// Nothing as long as the request is under way.
    answer: Option<(StatusCode, Option<HeaderValue>, Bytes)>,
}

/// What was answered under which key.
#[derive(Debug, Default, Clone)]
pub struct Answers(Arc<Mutex<HashMap<Key, Kept>>>);

/// A request under a key, on its way; given up when it is dropped unanswered.
pub(in crate::http) struct Running {
    answers: Answers,
    key: Key,
    kept: bool,
}

/// What is to be done with a request.
pub(in crate::http) enum Turn {
    /// It has no key.
    Plain,
    First(Running),
    Again(HttpResponse),
}

impl Answers {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose turn a request is.
    pub(in crate::http) fn turn(&self, request: &ServiceRequest) -> Turn {
        let given = request.headers().get(&HEADER).filter(|_| request.method() == Method::POST);
        // Without a credential anybody might be answered what somebody else was.
        let (Some(given), Some(credential)) = (given, request.headers().get(AUTHORIZATION)) else {
            return Turn::Plain;
        };
        if given.is_empty() || given.len() > LONGEST {
            let refusal = said(
                Kind::Malformed,
                "invalid_idempotency_key",
                "An idempotency key has 1 to 255 characters.",
            );
            return Turn::Again(refusal.error_response());
        }
        let credential = credential.as_bytes();
        let mut digest = Sha256::new();
        digest.update((credential.len() as u64).to_be_bytes());
        digest.update(credential);
        digest.update(given.as_bytes());
        let key: Key = digest.finalize().into();
        let what = format!("{} {}", request.method(), request.uri());
        let now = Utc::now().timestamp();
        let mut answers = self.lock();
        match answers.get(&key).filter(|kept| now - kept.at < DAY) {
            Some(kept) if kept.what != what => {
                Turn::Again(refuse("This idempotency key was used for another request."))
            }
            Some(Kept { answer: None, .. }) => {
                Turn::Again(refuse("The request under this idempotency key is under way."))
            }
            Some(Kept { answer: Some((status, media, body)), .. }) => {
                let mut again = HttpResponse::build(*status);
                if let Some(media) = media {
                    again.insert_header((CONTENT_TYPE, media.clone()));
                }
                Turn::Again(again.insert_header((REPLAYED, "true")).body(body.clone()))
            }
            None => {
                if answers.len() >= MOST {
                    forget(&mut answers, now);
                }
                answers.insert(key, Kept { what, at: now, answer: None });
                Turn::First(Running { answers: self.clone(), key, kept: false })
            }
        }
    }
}

fn refuse(text: &str) -> HttpResponse {
    let refusal: Refusal = said(Kind::Conflict, "idempotency_conflict", text);
    refusal.error_response()
}

/// Makes room: what is older than a day goes, and if that is not enough, the older half.
fn forget(answers: &mut HashMap<Key, Kept>, now: i64) {
    answers.retain(|_, kept| now - kept.at < DAY);
    if answers.len() >= MOST {
        let mut times: Vec<i64> = answers.values().map(|kept| kept.at).collect();
        times.sort_unstable();
        let middle = times[times.len() / 2];
        answers.retain(|_, kept| kept.at > middle);
    }
}

impl Running {
    /// Keeps what came of it; what another try may do better is not kept.
    pub fn keep(mut self, response: ServiceResponse) -> ServiceResponse {
        let status = response.status();
        let fleeting = matches!(status.as_u16(), 401 | 408 | 409 | 429 | 500..);
        let media = response.headers().get(CONTENT_TYPE).cloned();
        if fleeting {
            return response;
        }
        response.map_body(|_, body| match body.try_into_bytes() {
            Ok(bytes) => {
                if let Some(kept) = self.answers.lock().get_mut(&self.key) {
                    kept.answer = Some((status, media, bytes.clone()));
                    self.kept = true;
                }
                BoxBody::new(bytes)
            }
            Err(body) => body,
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.kept {
            self.answers.lock().remove(&self.key);
        }
    }
}
