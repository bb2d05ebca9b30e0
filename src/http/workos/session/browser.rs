//! What browsers are sent to: the server's own sign-in pages, and the end of a session.

use actix_web::{HttpRequest, HttpResponse};

use super::super::asked::Parameters;
use super::super::id;
use super::super::refusal::{Refusal, missing, oauth, wrong};
use crate::error::Kind;
use crate::http::{extract, reply};

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

/// Signing in on a device without a browser is not offered.
pub(in crate::http) async fn device() -> Result<HttpResponse, Refusal> {
    Err(oauth(Kind::Unsupported, "unsupported_grant_type", "Devices without a browser are not served here."))
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
