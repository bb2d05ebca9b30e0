//! Pages of other origins (<https://fetch.spec.whatwg.org/#http-cors-protocol>): any may call.
//!
//! A browser adds no credential of its own to these calls: a token is sent by whoever was given it, and there
//! is no cookie here. So no origin is told apart, and answers need not vary by it.

use actix_web::HttpResponse;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue,
    ORIGIN,
};

use super::reply::no_content;

const ANY: HeaderValue = HeaderValue::from_static("*");
/// `*` would leave out Authorization, which has to be named.
const SENT: &str = "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Exist, \
    If-None-Match, Prefer, X-Request-Id";
const SHOWN: HeaderValue = HeaderValue::from_static(
    "Allow, Content-Location, ETag, Expires, Last-Modified, Location, Preference-Applied, Retry-After, \
     WWW-Authenticate, X-Progress, X-Request-Id",
);
const VERBS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
/// Seconds; browsers keep an answer for two hours at most.
const KEPT: &str = "7200";

/// Whether a browser only asks if it may.
pub(super) fn is_preflight(request: &ServiceRequest) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(ORIGIN)
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// It may.
pub(super) fn preflight() -> HttpResponse {
    no_content()
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, VERBS))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, SENT))
        .insert_header((ACCESS_CONTROL_MAX_AGE, KEPT))
        .finish()
}

/// Lets the page that asked see the answer.
pub(super) fn open(response: &mut ServiceResponse) {
    if response.request().headers().contains_key(ORIGIN) {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, SHOWN);
    }
}
