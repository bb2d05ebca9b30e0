//! Tokens of people: for a code (<https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3>) and for a refresh token
//! (section 6).

use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::super::client::{client, is_named};
use super::super::form::Form;
use super::super::refusal::Refusal;
use crate::error::{Error, Kind};
use crate::http::{extract, reply};
use crate::identity::login::{Redeem, Tokens};

pub(super) async fn redeem(request: &HttpRequest, form: &Form) -> Result<HttpResponse, Refusal> {
    let (client, proven) = who(request, form).await?;
    let asked = Redeem {
        code: form.need("code")?,
        verifier: form.get("code_verifier"),
        client: client.as_deref(),
        proven,
        redirect_uri: form.get("redirect_uri"),
    };
    let tokens = extract::state(request).identity.redeem(&asked).await.map_err(grant_error)?;
    Ok(answer(&tokens))
}

pub(super) async fn refresh(request: &HttpRequest, form: &Form) -> Result<HttpResponse, Refusal> {
    let (client, _) = who(request, form).await?;
    let token = form.need("refresh_token")?;
    let tokens =
        extract::state(request).identity.refresh(token, client.as_deref()).await.map_err(grant_error)?;
    Ok(answer(&tokens))
}

/// The client that is named, if one is, and whether it proved itself.
async fn who(request: &HttpRequest, form: &Form) -> Result<(Option<String>, bool), Refusal> {
    if !is_named(request, form) {
        return Ok((None, false));
    }
    let proved = client(request, form).await?;
    Ok((Some(proved.client.id), proved.proven))
}

/// What is wrong with the grant, but for what is missing altogether.
fn grant_error(error: Error) -> Error {
    let missing = error.issues.iter().any(|issue| issue.code == "required");
    if error.kind == Kind::Malformed && !missing { error.coded("invalid_grant") } else { error }
}

fn answer(tokens: &Tokens) -> HttpResponse {
    let mut body = json!({
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "scope": tokens.scope,
        "project": { "reference": tokens.project },
    });
    let more = [
        ("refresh_token", &tokens.refresh),
        ("id_token", &tokens.id_token),
        ("patient", &tokens.patient),
        ("encounter", &tokens.encounter),
    ];
    for (name, value) in more {
        if let Some(value) = value {
            body[name] = json!(value);
        }
    }
    if let Some(profile) = &tokens.profile {
        body["profile"] = json!({ "reference": profile });
    }
    reply::ok().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).json(body)
}
