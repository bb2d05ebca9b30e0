//! Errors of another protocol: whatever goes wrong beneath its prefix is told in its own form, a wrong verb, an unknown
//! address and a handler that broke off among them.

use std::future::Future;

use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};

use super::layers::{RequestId, guarded};
use super::reply::Failure;
use crate::error::malformed;

/// How a protocol tells an error: media type and body.
pub(super) type Dress = fn(&Failure) -> (HeaderValue, Vec<u8>);

/// Serves a request beneath a prefix.
pub(super) fn around<S>(
    request: ServiceRequest,
    service: &S,
    dress: Dress,
) -> impl Future<Output = Result<ServiceResponse, Error>> + use<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error>,
{
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let id = id.unwrap_or_else(|| HeaderValue::from_static("none"));
    let answer = service.call(request);
    async move {
        match guarded(answer, &id).await {
            Ok(response) => Ok(told(response, dress)),
            Err(error) => Err(match error.as_error::<Failure>() {
                Some(failure) => InternalError::from_response("told", dressed(failure, dress)).into(),
                None => error,
            }),
        }
    }
}

fn told(response: ServiceResponse, dress: Dress) -> ServiceResponse {
    let Some(error) = response.response().error() else { return response };
    let reply = match error.as_error::<Failure>() {
        Some(failure) => dressed(failure, dress),
        // An address that cannot be decoded, which no handler has seen.
        None => dressed(&malformed("this address cannot be read").into(), dress),
    };
    response.into_response(reply)
}

fn dressed(failure: &Failure, dress: Dress) -> HttpResponse {
    let (media, body) = dress(failure);
    let mut reply = failure.error_response().set_body(BoxBody::new(body));
    reply.headers_mut().insert(CONTENT_TYPE, media);
    reply
}
