//! Devices without a browser (<https://www.rfc-editor.org/rfc/rfc8628>): the endpoint that they begin at, and the page where
//! somebody types the code that one shows.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::authorize::begin_device;
use super::client::client;
use super::refusal::{Refusal, refuse};
use super::token::said;
use super::{cookie, form, page};
use crate::error::{Error, Kind, malformed};
use crate::http::reply::Failure;
use crate::http::{extract, origin};
use crate::identity::{Bucket, Codes, DEVICE};

pub(in crate::http) async fn device_authorization(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    match ask(&request, payload).await {
        Ok(reply) => Ok(reply),
        Err(refusal) => refusal.reply(),
    }
}

async fn ask(request: &HttpRequest, payload: web::Payload) -> Result<HttpResponse, Refusal> {
    let state = extract::state(request);
    let form = form::body(request, payload).await?;
    let client = client(request, &form).await?.client;
    if !client.grants(DEVICE) {
        return Err(refuse("unauthorized_client", "this client is not meant for this grant"));
    }
    let scope = client.user_scope(form.get("scope"))?;
    state.identity.allow(Bucket::Login, &origin::network(request))?;
    let codes = state.identity.ask_device(&client, &scope, &extract::request_id(request)).await?;
    Ok(said(&told(&codes, &state.public_url)))
}

/// <https://www.rfc-editor.org/rfc/rfc8628#section-3.2>
pub(in crate::http) fn told(codes: &Codes, public_url: &str) -> Value {
    let place = format!("{public_url}/oauth2/device");
    json!({
        "device_code": codes.device,
        "user_code": codes.user,
        "verification_uri": place,
        "verification_uri_complete": format!("{place}?user_code={}", codes.user),
        "expires_in": codes.lifetime,
        "interval": codes.interval,
    })
}

/// The page where a code is typed. One that is in the address is only filled in: whoever came by a link is to look at his
/// device (<https://www.rfc-editor.org/rfc/rfc8628#section-5.4>).
pub(in crate::http) async fn device(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let identity = &extract::state(&request).identity;
    identity.allow(Bucket::Auth, &origin::network(&request))?;
    let form = match request.method() == Method::POST {
        true => form::body(&request, payload).await,
        false => form::Form::parse(request.query_string()),
    };
    let form = match form {
        Ok(form) => form,
        Err(Refusal::Said { text, .. }) => return Ok(page::problem(&text)),
        Err(Refusal::Other(failure)) => return Err(failure),
    };
    let code = form.get("user_code").unwrap_or_default();
    if request.method() != Method::POST {
        return Ok(typed(&request, code, None));
    }
    let Some(browser) = cookie::known(&request) else {
        return Ok(page::problem("Your browser has lost its cookie, or took too long. Begin again."));
    };
    if !form.get("token").is_some_and(|token| identity.is_form_token(&browser, token)) {
        return Ok(page::problem("This form is out of date: another page was opened since. Begin again."));
    }
    let found = match identity.allow_user_code(&origin::network(&request)) {
        Ok(()) => identity.device_of(code).await?,
        Err(error) if error.kind == Kind::Limited => return Ok(typed(&request, code, Some(&error))),
        Err(error) => return Err(error.into()),
    };
    match found {
        Some(device) => begin_device(&request, &device).await,
        None => {
            let error = malformed("no device waits with this code: look at it again, or begin anew there");
            Ok(typed(&request, code, Some(&error)))
        }
    }
}

fn typed(request: &HttpRequest, code: &str, error: Option<&Error>) -> HttpResponse {
    let identity = &extract::state(request).identity;
    let browser = identity.new_browser(None);
    let mut reply = page::user_code(&identity.form_token(&browser), code, error);
    // What does not fit into a header is not remembered.
    reply.add_cookie(&cookie::keep(request, &browser)).ok();
    reply
}
