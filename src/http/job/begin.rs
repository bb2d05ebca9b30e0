//! `Prefer: respond-async` (<https://www.rfc-editor.org/rfc/rfc7240#section-4.1>): 202 at once, and the same
//! request in the background.

use actix_http::Request;
use actix_web::guard::GuardContext;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use actix_web::web::Payload;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};

use super::Owner;
use crate::error::{Issue, Severity, fault};
use crate::http::fhir::{Answer, Inner};
use crate::http::reply::{Failure, accepted, fhir, outcome};
use crate::http::{State, extract, negotiate};

const PREFER: HeaderName = HeaderName::from_static("prefer");
const ASYNC: &str = "respond-async";

/// Whether a client would rather ask for the answer later.
pub(in crate::http) fn is_preferred(context: &GuardContext<'_>) -> bool {
    preferences(context.head().headers()).any(|preference| preference.eq_ignore_ascii_case(ASYNC))
}

fn preferences(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(PREFER).filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// Begins the request in the background.
pub(in crate::http) async fn begin(request: HttpRequest, payload: Payload) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    if let Some(kind) = request.match_info().get("type") {
        repo.knows(kind)?;
    }
    let body = extract::bytes(&request, payload).await?;
    let inner = request.app_data::<Inner>().ok_or_else(|| fault("the server has no routes"))?;
    let server = inner.server(&request).await?;
    let state = request.app_data::<actix_web::web::Data<State>>().cloned();
    let state = state.ok_or_else(|| fault("the server has no state"))?;

    let (id, progress) = state.jobs.open(Owner::from(repo.actor()))?;
    let mut again = Request::new();
    let head = again.head_mut();
    head.uri = request.uri().clone();
    head.method = request.method().clone();
    head.peer_addr = request.peer_addr();
    head.headers = headers(request.headers());
    again.extensions_mut().insert(progress);
    if !body.is_empty() {
        again = again.replace_payload(actix_http::Payload::from(body)).0;
    }
    let reads = request.method() == Method::GET;
    let kept = state.clone();
    let task = actix_web::rt::spawn(async move {
        kept.jobs.close(id, Answer::to(reads, server(again).await).await);
    });
    state.jobs.attach(id, task.abort_handle());

    let place = format!("{}/_async/{id}", repo.engine().base_url);
    let issue = Issue::error("informational", format!("under way; ask for the result at {place}"));
    let body = outcome(&[Issue { severity: Severity::Information, ..issue }]).to_string().into_bytes();
    Ok(fhir(&request, form, accepted(Some(&place)), body))
}

/// Those of the request that speak of what is asked, not of how it was sent.
fn headers(given: &HeaderMap) -> HeaderMap {
    let of_transport = [ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING, PREFER];
    let mut kept = HeaderMap::new();
    for (name, value) in given.iter().filter(|(name, _)| !of_transport.contains(name)) {
        kept.append(name.clone(), value.clone());
    }
    let rest = preferences(given).filter(|preference| !preference.eq_ignore_ascii_case(ASYNC));
    let rest = rest.collect::<Vec<_>>().join(", ");
    if let (false, Ok(value)) = (rest.is_empty(), HeaderValue::from_str(&rest)) {
        kept.insert(PREFER, value);
    }
    kept
}
