//! What happens around every request: its id, a line in the log, and an answer even where a handler panics.
//!
//! The id of the client is echoed where it is a sane one, so that both sides can find the request again.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{Error, HttpMessage, ResponseError};
use uuid::Uuid;

use super::reply::Failure;
use super::workos::{self, Turn};
use super::{cors, extract};

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 64;

/// The id of a request, in its extensions.
#[derive(Clone)]
pub(super) struct RequestId(pub HeaderValue);

/// Serves one request.
pub(super) fn around<S>(
    request: ServiceRequest,
    service: &S,
) -> impl Future<Output = Result<ServiceResponse, Error>> + use<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error>,
{
    let given = request.headers().get(&REQUEST_ID).filter(|id| is_sane(id)).cloned();
    let id = given.unwrap_or_else(fresh);
    request.extensions_mut().insert(RequestId(id.clone()));
    let dialect = workos::owns(request.path());
    let turn = match dialect {
        true => extract::state(request.request()).answers.turn(&request),
        false => Turn::Plain,
    };
    let is_preflight = cors::is_preflight(&request);
    let again = matches!(turn, Turn::Again(_));
    let (answer, running) = match turn {
        _ if is_preflight => (Err(request.into_response(cors::preflight())), None),
        Turn::Again(before) => (Err(request.into_response(before)), None),
        Turn::First(running) => (Ok(service.call(request)), Some(running)),
        Turn::Plain => (Ok(service.call(request)), None),
    };
    async move {
        let response = match answer {
            Ok(answer) => guarded(answer, &id).await,
            // What was answered before is told again to whom it was told, if he may still ask.
            Err(known) if again && !is_preflight => match extract::caller(known.request()).await {
                Ok(_) => Ok(known),
                Err(failure) => Ok(known.into_response(failure.error_response())),
            },
            Err(known) => Ok(known),
        };
        let response = match response {
            Ok(response) => response,
            Err(_) if dialect => return Err(workos::panicked().into()),
            Err(error) => return Err(error),
        };
        let response = if dialect { workos::dressed(response) } else { response };
        let response = match running {
            Some(running) => running.keep(response),
            None => response,
        };
        Ok(leave(response, id))
    }
}

fn leave(mut response: ServiceResponse, id: HeaderValue) -> ServiceResponse {
    // The query may hold names of people; it stays out of the log.
    let (method, path) = (response.request().method(), response.request().path());
    // Nor is a secret in the path for it.
    let mailed = ["/setpassword/", "/verifyemail/"].into_iter().find(|page| path.contains(page));
    let path = mailed.unwrap_or(path);
    let status = response.status().as_u16();
    if status == 500 {
        tracing::error!(?id, %method, path, status);
    } else {
        tracing::debug!(?id, %method, path, status);
    }
    cors::open(&mut response);
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The answer of `work`; a panic in it is a fault of this request and of no other.
pub(super) async fn guarded<T>(
    work: impl Future<Output = Result<T, Error>>,
    id: &HeaderValue,
) -> Result<T, Error> {
    let mut work = pin!(work);
    poll_fn(|context| {
        // What panicked is not polled again, and holds nothing that others see half done: shared state below
        // is behind locks that are taken over, or channels.
        catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))).unwrap_or_else(|_| {
            tracing::error!(?id, "a handler panicked");
            Poll::Ready(Err(Failure::panicked(id.clone()).into()))
        })
    })
    .await
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

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::{REQUEST_ID, guarded};

    #[actix_web::test]
    async fn a_panic_is_answered_with_the_id_of_its_request() {
        let broken = async {
            assert!(std::env::args().len() > 1000, "a handler that breaks");
            Ok(())
        };
        let error = guarded(broken, &HeaderValue::from_static("r-1")).await.expect_err("a failure");
        let answer = error.error_response();
        assert_eq!(answer.status().as_u16(), 500);
        assert_eq!(answer.headers().get(REQUEST_ID), Some(&HeaderValue::from_static("r-1")));
    }
}
