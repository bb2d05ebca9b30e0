//! A failure in the dress of a protocol: the status and the headers are the same in all of them, the body is its own.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};

use super::{Failure, rate, versioned};
use crate::error::{Issue, Kind};

impl Failure {
    pub fn kind(&self) -> Kind {
        self.error.kind
    }

    /// What went wrong and where, without its cause.
    pub fn said(&self) -> String {
        let one = |issue: &Issue| match &issue.expression {
            Some(place) => format!("{} ({place})", issue.text),
            None => issue.text.clone(),
        };
        self.error.issues.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    /// The answer with a body that says it in the words of another protocol.
    pub fn dressed(&self, media: HeaderValue, body: String) -> HttpResponse {
        let mut reply = HttpResponse::build(self.status);
        if self.status == StatusCode::UNAUTHORIZED {
            reply.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            reply.insert_header((RETRY_AFTER, "1"));
        }
        if let Some(limit) = self.error.limit.as_deref().copied() {
            reply.insert_header(rate(limit)).insert_header((RETRY_AFTER, limit.seconds.to_string()));
        }
        if let Some((version, updated)) = self.error.version {
            versioned(&mut reply, version, updated);
        }
        for (name, value) in &self.headers {
            reply.insert_header((name.clone(), value.clone()));
        }
        reply.insert_header((CONTENT_TYPE, media)).body(body)
    }
}
