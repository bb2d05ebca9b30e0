//! What happens around every request: its id, and a line in the log.
//!
//! The id of the client is echoed where it is a sane one, so that both sides can find the request again.

use actix_web::HttpMessage;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use uuid::Uuid;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 64;

/// The id of a request, in its extensions.
#[derive(Clone)]
pub(super) struct RequestId(pub HeaderValue);

pub(super) struct Layer {
    id: HeaderValue,
}

impl Layer {
    pub fn enter(request: &ServiceRequest) -> Self {
        let given = request.headers().get(&REQUEST_ID).filter(|id| is_sane(id)).cloned();
        let id = given.unwrap_or_else(fresh);
        request.extensions_mut().insert(RequestId(id.clone()));
        Self { id }
    }

    pub fn leave<B>(self, mut response: ServiceResponse<B>) -> ServiceResponse<B> {
        // The query may hold names of people; it stays out of the log.
        tracing::debug!(
            id = ?self.id,
            method = %response.request().method(),
            path = response.request().path(),
            status = response.status().as_u16(),
        );
        response.headers_mut().insert(REQUEST_ID, self.id);
        response
    }
}

fn is_sane(id: &HeaderValue) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
}

fn fresh() -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    let text = Uuid::new_v4().hyphenated().encode_lower(&mut text);
    // A UUID is legal in a header.
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("none"))
}
