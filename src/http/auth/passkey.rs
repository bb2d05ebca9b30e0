//! Passkeys: `/auth/passkey` (<https://www.w3.org/TR/webauthn-3/>). Options come as `navigator.credentials` takes them in
//! JSON (`parseCreationOptionsFromJSON`, `parseRequestOptionsFromJSON`), credentials as `toJSON()` gives them.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::asked::Asked;
use crate::error::malformed;
use crate::http::reply::Failure;
use crate::http::{extract, reply};
use crate::identity::Bucket;

/// The passkeys of whoever is in.
pub(in crate::http) async fn list_passkeys(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = extract::caller(&request).await?;
    let keys = extract::state(&request).identity.passkeys(repo.actor()).await?;
    Ok(reply::ok().json(json!({ "passkeys": keys })))
}

/// What the browser is asked for a new one.
pub(in crate::http) async fn begin_passkey(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = Asked::of_caller(&request, payload).await?;
    asked.state.identity.fresh(repo.actor(), asked.text("password")?, &asked.origin).await?;
    Ok(asked.json(&asked.state.identity.passkey_creation(repo.actor()).await?))
}

/// What the browser has made.
pub(in crate::http) async fn finish_passkey(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = Asked::of_caller(&request, payload).await?;
    let name = asked.text("name")?.unwrap_or("Passkey");
    Ok(asked.json(&asked.state.identity.passkey_made(repo.actor(), credential(&asked)?, name).await?))
}

pub(in crate::http) async fn delete_passkey(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let repo = extract::caller(&request).await?;
    let asked = Asked::bare(&request, Bucket::Auth)?;
    asked.state.identity.fresh(repo.actor(), None, &asked.origin).await?;
    asked.state.identity.passkey_forget(repo.actor(), &path).await?;
    Ok(asked.done())
}

/// What the browser is asked to sign in.
pub(in crate::http) async fn passkey_options(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let asked = Asked::bare(&request, Bucket::Auth)?;
    Ok(asked.json(&asked.state.identity.passkey_request()?))
}

pub(in crate::http) async fn passkey_login(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Login).await?;
    let step = asked.state.identity.passkey_sign_in(credential(&asked)?, asked.sign_in()?).await?;
    Ok(asked.step(step).await)
}

fn credential<'a>(asked: &'a Asked<'_>) -> Result<&'a Value, Failure> {
    let missing = || Failure::from(malformed("a credential is missing").coded("required").at("credential"));
    asked.value("credential").filter(|credential| credential.is_object()).ok_or_else(missing)
}
