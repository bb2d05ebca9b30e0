//! The end of a session: of a bearer token, as Medplum's clients ask for it, and of whoever is signed in to this browser
//! (<https://openid.net/specs/openid-connect-rpinitiated-1_0.html>). The user is sent on only to where his application
//! registered for that, letter by letter.

use actix_web::http::Method;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use url::Url;

use super::form::Form;
use super::introspect::is_bearer;
use super::{cookie, page};
use crate::error::{Issue, Severity};
use crate::http::reply::{self, Failure};
use crate::http::{State, extract};

pub(in crate::http) async fn logout(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let state = extract::state(&request);
    if is_bearer(&request) {
        let repo = extract::caller(&request).await?;
        if let Some(login) = &repo.actor().login {
            state.identity.end(login).await?;
        }
        let issue = Issue { severity: Severity::Information, ..Issue::error("informational", "signed out") };
        let mut outcome = reply::outcome(&[issue]);
        outcome["id"] = "ok".into();
        return Ok(reply::ok().insert_header((CACHE_CONTROL, "no-store")).json(outcome));
    }
    let text = if request.method() == Method::POST {
        let bytes = extract::bytes(&request, payload).await?;
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        request.query_string().to_owned()
    };
    let Ok(form) = Form::parse(&text) else { return Ok(page::problem("This request cannot be read.")) };
    end(&request, state, &form, &text).await
}

async fn end(request: &HttpRequest, state: &State, form: &Form, text: &str) -> Result<HttpResponse, Failure> {
    let browser = cookie::known(request);
    let confirmed = match (&browser, form.get("token")) {
        (Some(browser), Some(token)) => state.identity.is_form_token(browser, token),
        _ => false,
    };
    // The form of our own page carries what was asked.
    let (asked, text) = match form.get("request").filter(|_| confirmed) {
        Some(asked) => (Form::parse(asked).unwrap_or_default(), asked),
        None => (form.clone(), text),
    };
    let hint = match asked.get("id_token_hint") {
        Some(token) => state.identity.hinted(token).await?,
        None => None,
    };
    if asked.get("id_token_hint").is_some() && hint.is_none() {
        return Ok(page::problem("This request was not made by an application that you are signed in to."));
    }
    let own = browser.as_ref().and_then(|browser| browser.login.as_deref());
    if hint.is_none()
        && !confirmed
        && let (Some(browser), Some(_)) = (&browser, own)
    {
        // Somebody else's page may have sent the user here.
        let place = match (asked.get("post_logout_redirect_uri"), asked.get("client_id")) {
            (Some(place), Some(client)) => onward(state, client, place, None).await?,
            _ => None,
        };
        return Ok(page::sign_out(text, &state.identity.form_token(browser), place.as_deref()));
    }
    for login in hint.iter().map(|(login, _)| login.as_str()).chain(own) {
        state.identity.end(login).await?;
    }
    let client = asked.get("client_id").or(hint.as_ref().map(|(_, client)| client.as_str()));
    let mut reply = match (asked.get("post_logout_redirect_uri"), client) {
        (None, _) => page::signed_out(),
        (Some(place), Some(client)) => match onward(state, client, place, asked.get("state")).await? {
            Some(place) => reply::see_other(&place).insert_header((CACHE_CONTROL, "no-store")).finish(),
            None => page::problem("You are signed out; but the address to go on to is not registered."),
        },
        (Some(_), None) => page::problem("You are signed out; but it is not known where you came from."),
    };
    reply.add_cookie(&cookie::forget(request)).ok();
    Ok(reply)
}

async fn onward(
    state: &State,
    client: &str,
    place: &str,
    own: Option<&str>,
) -> Result<Option<String>, Failure> {
    let Some(client) = state.identity.client(client).await? else { return Ok(None) };
    if !client.texts("postLogoutRedirectUris").contains(&place) {
        return Ok(None);
    }
    let Ok(mut url) = Url::parse(place) else { return Ok(None) };
    if matches!(url.scheme(), "javascript" | "data" | "vbscript" | "file" | "blob") {
        return Ok(None);
    }
    if let Some(own) = own {
        url.query_pairs_mut().append_pair("state", own);
    }
    Ok(Some(url.into()))
}
