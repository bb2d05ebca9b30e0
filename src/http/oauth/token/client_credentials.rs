//! Tokens for clients on their own (<https://www.rfc-editor.org/rfc/rfc6749#section-4.4>), also where the assertion is
//! the grant itself (<https://www.rfc-editor.org/rfc/rfc7523#section-2.1>).

use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::super::client::client;
use super::super::form::Form;
use super::super::refusal::Refusal;
use crate::http::{extract, reply};
use crate::identity::{Grant, Proof};

pub(super) const BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

pub(super) async fn give(request: &HttpRequest, form: &Form) -> Result<HttpResponse, Refusal> {
    let proved = client(request, form).await?;
    let identity = &extract::state(request).identity;
    Ok(answer(&identity.client_credentials(&proved, form.get("scope")).await?))
}

pub(super) async fn give_to_bearer(request: &HttpRequest, form: &Form) -> Result<HttpResponse, Refusal> {
    let assertion = form.need("assertion")?;
    let identity = &extract::state(request).identity;
    let proved = identity.prove(form.get("client_id"), Proof::Assertion(assertion)).await;
    // Here it is the grant that is wrong, not the client.
    let proved = proved.map_err(|error| error.coded("invalid_grant"))?;
    Ok(answer(&identity.client_credentials(&proved, form.get("scope")).await?))
}

fn answer(grant: &Grant) -> HttpResponse {
    let mut body = json!({
        "access_token": grant.token,
        "token_type": "Bearer",
        "expires_in": grant.expires_in,
        "scope": grant.scope,
        "project": { "reference": format!("Project/{}", grant.project) },
    });
    if let Some(profile) = &grant.profile {
        body["profile"] = json!({ "reference": profile });
    }
    reply::ok().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).json(body)
}
