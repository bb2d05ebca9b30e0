//! Second factors: `/auth/mfa/…`, during a sign-in (no token, but the name of the sign-in) and of whoever is in.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::asked::Asked;
use crate::http::reply::Failure;
use crate::http::{extract, reply};
use crate::identity::Bucket;

/// Proves the factor of a sign-in.
pub(in crate::http) async fn verify(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Auth).await?;
    let step = asked
        .state
        .identity
        .verify_factor(asked.needed("login")?, asked.needed("token")?, &asked.origin)
        .await?;
    Ok(asked.step(step).await)
}

/// Sets up the app that a sign-in asks for.
pub(in crate::http) async fn enroll_at_login(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Auth).await?;
    let (login, token) = (asked.needed("login")?, asked.needed("token")?);
    let (step, codes) = asked.state.identity.enroll_at_login(login, token, &asked.origin).await?;
    Ok(asked.step_with(step, Some(("recoveryCodes", json!(codes)))).await)
}

/// Mails the code that a sign-in asks for.
pub(in crate::http) async fn mail_factor(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Auth).await?;
    asked.state.identity.mail_factor(asked.needed("login")?).await?;
    Ok(asked.done())
}

pub(in crate::http) async fn status(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = extract::caller(&request).await?;
    let status = extract::state(&request).identity.factors(repo.actor()).await?;
    Ok(reply::ok().insert_header(("cache-control", "no-store")).json(status))
}

/// Adds a factor; the recovery codes are shown this once.
pub(in crate::http) async fn enroll(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = Asked::of_caller(&request, payload).await?;
    let (method, token) = (asked.text("method")?.unwrap_or("totp"), asked.needed("token")?);
    asked.state.identity.fresh(repo.actor(), asked.text("password")?, &asked.origin).await?;
    let codes = asked.state.identity.add_factor(repo.actor(), method, token, &asked.origin).await?;
    Ok(asked.json(&json!({ "recoveryCodes": codes })))
}

pub(in crate::http) async fn disable(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = Asked::of_caller(&request, payload).await?;
    let (method, token) = (asked.text("method")?.unwrap_or("totp"), asked.needed("token")?);
    asked.state.identity.remove_factor(repo.actor(), method, token, &asked.origin).await?;
    Ok(asked.done())
}

/// New recovery codes in the place of the old ones.
pub(in crate::http) async fn recovery(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = Asked::of_caller(&request, payload).await?;
    let codes =
        asked.state.identity.renew_recovery(repo.actor(), asked.needed("token")?, &asked.origin).await?;
    Ok(asked.json(&json!({ "recoveryCodes": codes })))
}

/// Mails a code to whoever is in.
pub(in crate::http) async fn mail_own(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = extract::caller(&request).await?;
    let asked = Asked::bare(&request, Bucket::Auth)?;
    asked.state.identity.mail_own(repo.actor()).await?;
    Ok(asked.done())
}
