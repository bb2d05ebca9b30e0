//! To an outside party and back (<https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth>). Whoever comes back
//! goes on where he was: on the pages of an authorization request, or in the application that began.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};
use url::Url;
use url::form_urlencoded::Serializer;

use super::next::{self, Said, curable};
use super::request::Request;
use super::step::go;
use super::{answer, cookie};
use crate::error::{Error, Result, malformed};
use crate::http::auth::sign_in;
use crate::http::oauth::form::{self, Form};
use crate::http::oauth::page;
use crate::http::oauth::refusal::Refusal;
use crate::http::reply::{self, Failure};
use crate::http::{extract, origin};
use crate::identity::Bucket;
use crate::identity::external::{Errand, Provider, Return};

/// What parties send back.
const SENT: [&str; 4] = ["code", "state", "iss", "error"];

type Reply = std::result::Result<HttpResponse, Failure>;

/// Sends the user of an authorization request to a party.
pub(super) async fn leave(
    request: &HttpRequest,
    asked: &Request,
    provider: &Provider,
    email: Option<&str>,
) -> Result<HttpResponse> {
    let identity = &extract::state(request).identity;
    let anew = asked.asks("login") || asked.max_age.is_some();
    let hint = email.or(asked.login_hint.as_deref());
    let departure = identity.depart(provider, &Errand::Page(asked.text.clone()), hint, anew).await?;
    let mut reply = page::away(&provider.name(), &departure.url);
    // What does not fit into a header is not remembered.
    reply.add_cookie(&cookie::departed(request, departure.cookie)).ok();
    Ok(reply)
}

pub(in crate::http) async fn external(request: HttpRequest) -> Reply {
    match Form::parse(request.query_string()) {
        Ok(form) => back(&request, &form).await,
        Err(Refusal::Said { text, .. }) => Ok(page::problem(&text)),
        Err(Refusal::Other(failure)) => Err(failure),
    }
}

/// Some send a form. It comes from another site, and so without our cookie: what it says is asked for once more.
pub(in crate::http) async fn external_form(request: HttpRequest, payload: web::Payload) -> Reply {
    let form = match form::body(&request, payload).await {
        Ok(form) => form,
        Err(Refusal::Said { text, .. }) => return Ok(page::problem(&text)),
        Err(Refusal::Other(failure)) => return Err(failure),
    };
    let mut query = Serializer::new(String::new());
    for name in SENT {
        if let Some(value) = form.get(name) {
            query.append_pair(name, value);
        }
    }
    let place = format!("{}/auth/external?{}", extract::state(&request).public_url, query.finish());
    Ok(reply::see_other(&place).finish())
}

async fn back(request: &HttpRequest, form: &Form) -> Reply {
    let state = extract::state(request);
    state.identity.allow(Bucket::Login, &origin::network(request))?;
    let kept = cookie::returned(request);
    let returned = state.identity.returned(kept.as_deref(), form.get("state").unwrap_or_default());
    let mut reply = match returned {
        Ok(back) => match &back.errand {
            Errand::Page(text) => to_page(request, form, &back, text).await?,
            Errand::App(fields) => match to_app(request, form, &back, fields).await {
                Ok(reply) => reply,
                Err(error) => page::problem(&told(&curable(error)?)),
            },
        },
        Err(error) => page::problem(&told(&error)),
    };
    // It is good once.
    reply.add_cookie(&cookie::arrived(request)).ok();
    Ok(reply)
}

/// The code that the party gave, unless it says why it gives none.
fn code(form: &Form) -> Result<&str> {
    if let Some(error) = form.get("error") {
        let is_word =
            error.len() <= 40 && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let word = if is_word { error } else { "an error that is no word" };
        return Err(malformed(format!("the sign-in elsewhere came to nothing: {word}")).coded("login"));
    }
    form.get("code").ok_or_else(|| malformed("the sign-in elsewhere gave no code").coded("login"))
}

/// On with the pages of the authorization request.
async fn to_page(request: &HttpRequest, form: &Form, back: &Return, text: &str) -> Reply {
    let state = extract::state(request);
    let asked = match Request::read(state, text).await {
        Ok(asked) => asked,
        Err(bad) => return answer::bad(state, bad),
    };
    let went = match code(form) {
        Ok(code) => {
            let sign_in = asked.sign_in(origin::origin(request));
            state.identity.arrive(back, code, form.get("iss"), sign_in).await
        }
        Err(error) => Err(error),
    };
    match went {
        Ok(step) => Ok(go(request, &asked, step).await?),
        Err(error) => {
            let said = Said::of(&curable(error)?, "top");
            Ok(next::ask_password(request, &asked, "", Some(&said)).await?)
        }
    }
}

/// On with the application, which asks for the rest itself.
async fn to_app(
    request: &HttpRequest,
    form: &Form,
    back: &Return,
    fields: &Map<String, Value>,
) -> Result<HttpResponse> {
    let identity = &extract::state(request).identity;
    let bad = |_| malformed("the application asks for something that cannot be understood").coded("value");
    let asked = sign_in(fields, origin::origin(request)).map_err(bad)?;
    let place = fields.get("redirectUri").and_then(Value::as_str).filter(|place| !place.is_empty());
    let place = match place {
        None => format!("{}signin", identity.app_url()),
        Some(place) => {
            let client = match &asked.client {
                Some(client) => identity.client(client).await?,
                None => None,
            };
            let is_known = client.is_some_and(|client| client.redirect_uris().contains(&place));
            if !is_known {
                let text = "redirectUri is not one that this application has registered";
                return Err(malformed(text).coded("value").at("redirectUri"));
            }
            place.to_owned()
        }
    };
    let mut url = Url::parse(&place)
        .ok()
        .filter(|url| !url.cannot_be_a_base() && !matches!(url.scheme(), "javascript" | "data" | "file"))
        .ok_or_else(|| malformed("the application has no address to go back to").coded("value"))?;
    let step = identity.arrive(back, code(form)?, form.get("iss"), asked).await?;
    url.query_pairs_mut().append_pair("login", step.login());
    if let Some(scope) = fields.get("scope").and_then(Value::as_str) {
        url.query_pairs_mut().append_pair("scope", scope);
    }
    let mut reply = reply::see_other(url.as_str());
    reply.insert_header(("cache-control", "no-store")).insert_header(("referrer-policy", "no-referrer"));
    let mut reply = reply.finish();
    if let Some(device) = identity.device(&step).await {
        reply.add_cookie(&origin::remember(request, device)).ok();
    }
    Ok(reply)
}

fn told(error: &Error) -> String {
    Said::of(error, "top").text()
}
