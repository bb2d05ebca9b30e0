//! Entries as requests to the server itself: through the same routes and the same layers, on behalf of the
//! same caller, without a socket between.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::UNIX_EPOCH;

use actix_http::Request;
use actix_service::{IntoServiceFactory, Service, ServiceFactory};
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
};
use actix_web::http::{Method, Uri};
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage, HttpRequest};
use chrono::DateTime;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::entry::Asked;
use super::reply::Answer;
use crate::error::{Result, fault, malformed};
use crate::http::layers::{REQUEST_ID, RequestId};
use crate::http::rendered::Documents;
use crate::http::{State, app};

pub(in crate::http) type Answered = Pin<Box<dyn Future<Output = Result<ServiceResponse, Error>>>>;
pub(in crate::http) type Server = Rc<dyn Fn(Request) -> Answered>;

/// The routes once more, for the entries of bundles; one a worker, made when it is first needed.
#[derive(Clone, Default)]
pub(in crate::http) struct Inner(Rc<OnceCell<Server>>);

impl Inner {
    /// What takes a request as one that came over the wire.
    pub async fn server(&self, request: &HttpRequest) -> Result<Server> {
        let made = self.0.get_or_try_init(async || {
            let missing = || fault("the server has no state");
            let state = request.app_data::<Data<State>>().cloned().ok_or_else(missing)?;
            let documents = request.app_data::<Data<Documents>>().cloned().ok_or_else(missing)?;
            let factory = app(state, documents).into_factory();
            let service = factory.new_service(AppConfig::default()).await;
            let service = Rc::new(service.map_err(|()| fault("the routes cannot be set up"))?);
            Ok(Rc::new(move |request| Box::pin(service.call(request)) as Answered) as Server)
        });
        made.await.cloned()
    }
}

/// Sends entries on behalf of the caller of a bundle.
#[derive(Clone)]
pub(super) struct Sender {
    server: Server,
    /// Of every entry.
    headers: HeaderMap,
    root: String,
    peer: Option<std::net::SocketAddr>,
}

const IF_NONE_EXIST: HeaderName = HeaderName::from_static("if-none-exist");
/// What proxies say of the caller's address.
const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");
const PREFER: HeaderName = HeaderName::from_static("prefer");

impl Sender {
    pub async fn of(request: &HttpRequest) -> Result<Self> {
        let inner = request.app_data::<Inner>().ok_or_else(|| fault("the server has no routes"))?;
        let mut headers = HeaderMap::new();
        for name in [AUTHORIZATION, FORWARDED, PREFER] {
            for value in request.headers().get_all(&name) {
                headers.append(name.clone(), value.clone());
            }
        }
        if let Some(RequestId(id)) = request.extensions().get::<RequestId>() {
            headers.insert(REQUEST_ID, id.clone());
        }
        headers.insert(ACCEPT, HeaderValue::from_static("application/fhir+json"));
        let root = request.path().trim_end_matches('/').to_owned();
        Ok(Self { server: inner.server(request).await?, headers, root, peer: request.peer_addr() })
    }

    pub async fn send(&self, asked: &Asked) -> Answer {
        match self.call(asked).await {
            Ok(answer) => answer,
            Err(error) => Answer::refused(error),
        }
    }

    async fn call(&self, asked: &Asked) -> Result<Answer> {
        let mut request = Request::new();
        let uri: Uri = format!("{}/{}", self.root, encoded(&asked.url))
            .parse()
            .map_err(|_| malformed(format!("'{}' is no address", asked.url)).coded("value"))?;
        let head = request.head_mut();
        head.uri = uri;
        head.method = asked.method.clone();
        head.peer_addr = self.peer;
        head.headers = self.headers.clone();
        for (name, value) in [
            (IF_MATCH, asked.if_match.clone()),
            (IF_NONE_MATCH, asked.if_none_match.clone()),
            (IF_NONE_EXIST, asked.if_none_exist.clone()),
            (IF_MODIFIED_SINCE, asked.if_modified_since.as_deref().map(http_date).transpose()?),
        ] {
            if let Some(value) = value {
                let value = HeaderValue::from_str(&value)
                    .map_err(|_| malformed("this condition is no text of a header").coded("value"))?;
                head.headers.insert(name, value);
            }
        }
        if let Some((media, body)) = body(asked)? {
            head.headers.insert(CONTENT_TYPE, media);
            request = request.replace_payload(actix_http::Payload::from(body)).0;
        }
        Ok(Answer::to(asked.method == Method::GET, (self.server)(request).await).await)
    }
}

/// What is sent, and its media type. A JSON Patch comes in a Binary.
fn body(asked: &Asked) -> Result<Option<(HeaderValue, Bytes)>> {
    let Some(resource) = &asked.resource else { return Ok(None) };
    let text = serde_json::to_vec(resource).map_err(fault)?;
    let is_binary = resource.get("resourceType").and_then(Value::as_str) == Some("Binary");
    if asked.method != Method::PATCH || !is_binary {
        return Ok(Some((HeaderValue::from_static("application/fhir+json"), text.into())));
    }
    let (media, data) = super::entry::binary(resource)?;
    let media = HeaderValue::from_str(&media).map_err(|_| malformed("this is no media type"))?;
    Ok(Some((media, data.into())))
}

/// An instant as a header has it.
fn http_date(instant: &str) -> Result<String> {
    let at = DateTime::parse_from_rfc3339(instant)
        .map_err(|_| malformed(format!("'{instant}' is no instant")).coded("value"))?;
    let since = u64::try_from(at.timestamp()).unwrap_or_default();
    Ok(httpdate::fmt_http_date(UNIX_EPOCH + std::time::Duration::from_secs(since)))
}

/// What no address can hold as it is, percent-encoded.
fn encoded(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'!' | b'$'..=b';' | b'=' | b'?'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
