//! What browsers are sent to: the server's own sign-in pages, and the end of a session.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};

use super::super::asked::{Asked, Parameters};
use super::super::id;
use super::super::refusal::{Refusal, missing, oauth, wrong};
use crate::error::{Error, Kind};
use crate::http::oauth::told_device;
use crate::http::{extract, origin, reply};
use crate::identity::{Bucket, DEVICE};

/// Sends a browser on to the pages of `/oauth2/authorize`. What comes back from there is a code for `authenticate`.
pub(in crate::http) async fn authorize(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let mut asked = Parameters::read(&request)?;
    let client = asked.text("client_id").unwrap_or_default();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("client_id", &id::read("client", &client).unwrap_or(client));
    query.append_pair("scope", "openid offline_access");
    for name in [
        "redirect_uri",
        "response_type",
        "state",
        "code_challenge",
        "code_challenge_method",
        "login_hint",
        "max_age",
        "prompt",
    ] {
        if let Some(value) = asked.text(name) {
            query.append_pair(name, &value);
        }
    }
    if !matches!(asked.text("provider").as_deref(), None | Some("authkit")) {
        asked.fault(
            "provider",
            "not_supported",
            "People sign in on the server's own pages: the provider is authkit.",
        );
    }
    // Both lead to the same page: accounts are made by the application.
    if asked.text("screen_hint").is_some_and(|hint| hint != "sign-in") {
        asked.fault("screen_hint", "not_supported", "The pages of the server are for signing in.");
    }
    asked.finish()?;
    let address = format!("{}/oauth2/authorize?{}", extract::state(&request).public_url, query.finish());
    Ok(reply::see_other(&address).finish())
}

/// A device without a browser begins (<https://www.rfc-editor.org/rfc/rfc8628#section-3.2>).
pub(in crate::http) async fn device(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let mut asked = Asked::read(&request, payload).await?;
    let given = asked.needed("client_id");
    asked.finish()?;
    let state = extract::state(&request);
    state.identity.allow(Bucket::Login, &origin::network(&request))?;
    let unknown = || oauth(Kind::Malformed, "invalid_client", "There is no such client.");
    let id = id::read("client", &given).ok_or_else(unknown)?;
    let client = state.identity.client(&id).await?.ok_or_else(unknown)?;
    if !client.grants(DEVICE) {
        return Err(oauth(Kind::Malformed, "unauthorized_client", "The client is not meant for this grant."));
    }
    let refused = |error: Error| match error.kind {
        Kind::Malformed => oauth(Kind::Malformed, "invalid_scope", "The client may not be signed in to so."),
        _ => error.into(),
    };
    let scope = client.user_scope(Some("openid offline_access")).map_err(refused)?;
    let codes = state.identity.ask_device(&client, &scope, &extract::request_id(&request)).await?;
    let body = told_device(&codes, &state.public_url);
    Ok(reply::ok().insert_header((CACHE_CONTROL, "no-store")).json(body))
}

/// Ends the session that a browser is in, and sends it on to a place that its application has registered. Whoever knows
/// the id of a session, which is nobody else, may end it.
pub(in crate::http) async fn logout(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let mut asked = Parameters::read(&request)?;
    let (given, to) = (asked.text("session_id"), asked.text("return_to"));
    if given.is_none() {
        asked.fault("session_id", "required", "session_id is required.");
    }
    asked.finish()?;
    let given = given.unwrap_or_default();
    let unknown = || missing("session", &given);
    let state = extract::state(&request);
    let id = id::read(id::SESSION, &given).ok_or_else(unknown)?;
    let session = state.identity.session(&id).await.map_err(|_| unknown())?;
    let client = session.pointer("/client/reference").and_then(serde_json::Value::as_str).unwrap_or_default();
    let client = state.identity.client(client.trim_start_matches("ClientApplication/")).await?;
    let client = client.ok_or_else(unknown)?;
    let known = client.texts("postLogoutRedirectUris");
    let to = match to {
        Some(to) if known.contains(&to.as_str()) => to,
        Some(_) => {
            return Err(wrong(
                "return_to",
                "invalid_value",
                "return_to is not one that the application has registered.",
            ));
        }
        None => known.first().map_or_else(|| format!("{}/", state.public_url), |first| (*first).to_owned()),
    };
    state.identity.end(&id).await?;
    Ok(reply::see_other(&to).finish())
}
