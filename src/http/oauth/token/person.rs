//! Tokens for clients that act for a person: by a code (<https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3>) or by a
//! refresh token (<https://www.rfc-editor.org/rfc/rfc6749#section-6>).

use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::super::client::{client, is_named};
use super::super::form::Form;
use super::super::refusal::{Refusal, refuse};
use crate::error::{Error, Kind};
use crate::http::{extract, reply};
use crate::identity::Proved;
use crate::identity::login::{Redeem, Tokens};

pub(super) async fn by_code(request: &HttpRequest, form: &Form) -> Result<HttpResponse, Refusal> {
    let client = named(request, form, "authorization_code").await?;
    let asked = Redeem {
        code: form.need("code")?,
        verifier: form.get("code_verifier"),
        client: client.as_ref().map(|proved| proved.client.id.as_str()),
        proven: client.as_ref().is_some_and(|proved| proved.proven),
        redirect_uri: form.get("redirect_uri"),
        from_anywhere: false,
    };
    let state = extract::state(request);
    let tokens = state.identity.redeem(&asked).await.map_err(grant)?;
    Ok(answer(&tokens, &state.public_url))
}

pub(super) async fn by_refresh(request: &HttpRequest, form: &Form) -> Result<HttpResponse, Refusal> {
    let client = named(request, form, "refresh_token").await?;
    let token = form.need("refresh_token")?;
    let state = extract::state(request);
    let id = client.as_ref().map(|proved| proved.client.id.as_str());
    let tokens = state.identity.refresh(token, id, form.get("scope")).await.map_err(grant)?;
    Ok(answer(&tokens, &state.public_url))
}

/// The client, where one is named: the first-party pages of Medplum name none.
async fn named(request: &HttpRequest, form: &Form, wanted: &str) -> Result<Option<Proved>, Refusal> {
    if !is_named(request, form) {
        return Ok(None);
    }
    let proved = client(request, form).await?;
    if !proved.client.grants(wanted) {
        return Err(refuse("unauthorized_client", "this client is not meant for this grant"));
    }
    Ok(Some(proved))
}

/// What is wrong with the grant; a parameter that is missing is a matter of the request.
fn grant(error: Error) -> Error {
    let code = error.issues.last().map_or("", |issue| issue.code);
    match (error.kind, code) {
        (Kind::Malformed, "invalid_scope") => error,
        (Kind::Malformed, "required") => error.coded("invalid_request"),
        (Kind::Malformed | Kind::Unauthenticated | Kind::NotFound, _) => error.coded("invalid_grant"),
        _ => error,
    }
}

pub(in crate::http) fn answer(tokens: &Tokens, public_url: &str) -> HttpResponse {
    said(&body(tokens, public_url))
}

/// Tokens are in no cache.
pub(in crate::http::oauth) fn said(body: &Value) -> HttpResponse {
    reply::ok().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).json(body)
}

pub(super) fn body(tokens: &Tokens, public_url: &str) -> Value {
    let mut body = json!({
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "scope": tokens.scope,
        "project": { "reference": tokens.project },
    });
    let optional = [
        ("id_token", &tokens.id_token),
        ("refresh_token", &tokens.refresh),
        ("patient", &tokens.patient),
        ("encounter", &tokens.encounter),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            body[name] = Value::from(value.as_str());
        }
    }
    if let Some(profile) = &tokens.profile {
        body["profile"] = json!({ "reference": profile });
    }
    if let Some(context) = &tokens.context {
        body["fhirContext"] = context.clone();
    }
    if tokens.patient.is_some() {
        // A patient who is signed in himself needs not be told who he is.
        let own = tokens.profile.as_deref().is_some_and(|profile| profile.starts_with("Patient/"));
        body["need_patient_banner"] = Value::from(!own);
        body["smart_style_url"] = Value::from(format!("{public_url}/.well-known/smart-styles.json"));
    }
    body
}
