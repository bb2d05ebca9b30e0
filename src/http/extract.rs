//! What a handler needs from a request: who asks, and what is sent.
//!
//! Bearer tokens: <https://www.rfc-editor.org/rfc/rfc6750#section-2.1>.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::error::PayloadError;
use actix_web::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, IF_MATCH};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::State;
use super::layers::RequestId;
use super::negotiate;
use super::origin;
use super::parameters;
use super::reply::Failure;
use crate::error::{Error, Issue, Kind, forbidden, malformed, too_large, unauthenticated};
use crate::repo::{Actor, Repo};
use crate::resource;

/// What a body may be compressed by.
const CODINGS: [&str; 3] = ["identity", "gzip", "deflate"];

/// The repo of whoever asks.
pub(super) async fn caller(request: &HttpRequest) -> Result<Repo, Failure> {
    let state = state(request);
    let actor = match basic(request) {
        Some((id, secret)) => state.identity.authenticate_basic(&id, &secret).await?,
        None => return of_token(request, bearer(request)?).await,
    };
    entered(request, actor)
}

/// The repo of whoever has a token.
pub(super) async fn of_token(request: &HttpRequest, token: &str) -> Result<Repo, Failure> {
    let identity = &state(request).identity;
    let actor = match identity.known(token) {
        Some(actor) => actor,
        None => identity.authenticate(token).await?,
    };
    entered(request, actor)
}

fn entered(request: &HttpRequest, actor: Arc<Actor>) -> Result<Repo, Failure> {
    if actor.policy.is_some() {
        admitted(&actor, origin::address(request))?;
    }
    Ok(bind(state(request), actor, request))
}

/// Fails where a policy does not let its holder come from the address that the request comes from.
pub(super) fn admitted(actor: &Actor, address: Option<IpAddr>) -> Result<(), Error> {
    match &actor.policy {
        Some(policy) if !policy.admits(address) => {
            Err(forbidden("your access policy does not let you in from this address"))
        }
        _ => Ok(()),
    }
}

fn bind(state: &State, actor: Arc<Actor>, request: &HttpRequest) -> Repo {
    let extensions = request.extensions();
    let id = extensions.get::<RequestId>().and_then(|id| id.0.to_str().ok()).unwrap_or_default();
    state.engine.bind(actor, id)
}

/// The id of a request, for what outlives it.
pub(super) fn request_id(request: &HttpRequest) -> String {
    let extensions = request.extensions();
    extensions.get::<RequestId>().and_then(|id| id.0.to_str().ok()).unwrap_or_default().to_owned()
}

pub(super) fn state(request: &HttpRequest) -> &State {
    shared(request)
}

pub(super) fn shared(request: &HttpRequest) -> &Data<State> {
    // Put there by `server` for every request.
    request.app_data::<Data<State>>().expect("the state is part of the app")
}

/// Id and secret of a client, where the header is of the scheme Basic.
fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (_, encoded) = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    text.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))
}

pub(super) fn bearer(request: &HttpRequest) -> Result<&str, Failure> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(header) = header else { return Err(unauthenticated("this needs an access token").into()) };
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => {
            Ok(token.trim())
        }
        _ => Err(unauthenticated("the Authorization header holds no bearer token").into()),
    }
}

/// The body as bytes, decompressed, within the limit.
pub(super) async fn bytes(request: &HttpRequest, payload: Payload) -> Result<Bytes, Failure> {
    // A coding that is not known would pass for the body itself.
    if let Some(coding) = header(request, &CONTENT_ENCODING)?
        && !CODINGS.iter().any(|known| coding.eq_ignore_ascii_case(known))
    {
        return Err(Failure::unsupported_media(format!(
            "a body is sent plain or as gzip, not as '{coding}'"
        )));
    }
    Bytes::from_request(request, &mut payload.into_inner()).await.map_err(|error| {
        let limit = state(request).max_body;
        match error.as_error::<PayloadError>() {
            Some(PayloadError::Overflow) => {
                too_large(format!("a request body has no more than {limit} bytes")).into()
            }
            _ => malformed("the request body could not be read to its end").into(),
        }
    })
}

/// The resource in the body, of the type in the address.
pub(super) async fn resource(request: &HttpRequest, payload: Payload, kind: &str) -> Result<Value, Failure> {
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !negotiate::is_json(media) {
        return Err(Failure::unsupported_media(format!(
            "a resource is sent as application/fhir+json of FHIR 4.0, not as '{media}'"
        )));
    }
    let body = resource::parse(&bytes(request, payload).await?)?;
    match body.get("resourceType").and_then(Value::as_str) {
        Some(found) if found == kind => Ok(body),
        Some(found) => {
            let text = format!("the body is a '{found}', the address is of {kind}");
            Err(malformed(text).coded("invalid").at("resourceType").into())
        }
        None => Err(malformed("the body has no resourceType").coded("required").at("resourceType").into()),
    }
}

/// A header as text; an illegible one is refused. Lines of the same name are one list
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-5.3>).
pub(super) fn header(request: &HttpRequest, name: &HeaderName) -> Result<Option<String>, Failure> {
    let mut joined: Option<String> = None;
    for line in request.headers().get_all(name) {
        let line = line.to_str().map_err(|_| malformed("this header is no text").at(name.as_str()))?.trim();
        joined = Some(joined.map_or_else(|| line.to_owned(), |before| format!("{before}, {line}")));
    }
    Ok(joined)
}

/// Refuses the parameters of an address that takes none: a condition that is passed over is a write that nobody
/// asked for.
pub(super) fn no_parameters(request: &HttpRequest) -> Result<(), Failure> {
    if request.query_string().is_empty() {
        return Ok(());
    }
    let issues: Vec<Issue> = parameters::parse(request.query_string())?
        .into_iter()
        .filter(|(name, _)| !matches!(name.as_str(), "_format" | "_pretty"))
        .map(|(name, _)| Issue::error("not-supported", "this parameter is not known here").at(name))
        .collect();
    if issues.is_empty() { Ok(()) } else { Err(Error::new(Kind::Malformed, issues).into()) }
}

/// The version that must be the current one.
pub(super) fn if_match(request: &HttpRequest) -> Result<Option<i64>, Failure> {
    let Some(tag) = header(request, &IF_MATCH)? else { return Ok(None) };
    let text = format!("'{tag}' is no ETag of a version; they look like W/\"1\"");
    version(&tag).map(Some).ok_or_else(|| malformed(text).coded("value").at("If-Match").into())
}

/// The version that If-Match or If-None-Match names, in weak or strong form.
pub(super) fn version(tag: &str) -> Option<i64> {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// Preferences of <https://www.rfc-editor.org/rfc/rfc7240>, as FHIR uses them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prefer {
    pub returns: Returns,
    /// `handling=lenient` or `strict`.
    pub lenient: Option<bool>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Returns {
    #[default]
    Representation,
    Minimal,
    Outcome,
}

pub(super) fn prefer(request: &HttpRequest) -> Prefer {
    let mut prefer = Prefer::default();
    let values = request.headers().get_all("prefer").filter_map(|value| value.to_str().ok());
    for preference in values.flat_map(|value| value.split([',', ';'])) {
        match preference.trim().replace('"', "").as_str() {
            "return=minimal" => prefer.returns = Returns::Minimal,
            "return=representation" => prefer.returns = Returns::Representation,
            "return=OperationOutcome" => prefer.returns = Returns::Outcome,
            "handling=lenient" => prefer.lenient = Some(true),
            "handling=strict" => prefer.lenient = Some(false),
            // A preference that is not understood is passed over (section 2).
            _ => {}
        }
    }
    prefer
}
