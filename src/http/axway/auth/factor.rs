//! Second factors of whoever is signed in: `/auth/mfa/…` and `/auth/authenticator`; and `POST /auth/validatePassword`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::super::answer::{done, one};
use super::super::asked::{Asked, Sent};
use super::super::caller::Caller;
use crate::error::{Result, forbidden, malformed, unauthenticated};
use crate::http::origin;
use crate::http::reply::Failure;
use crate::identity::Bucket;

/// Whoever asks is a person.
async fn somebody(request: &HttpRequest) -> Result<Caller<'_>, Failure> {
    let caller = Caller::of(request).await?;
    caller.identity().allow(Bucket::Auth, &origin::network(request))?;
    match caller.person() {
        Some(_) => Ok(caller),
        None => Err(forbidden("only people have this").into()),
    }
}

/// Whom it is about is whoever asks.
async fn himself(caller: &Caller<'_>, sent: &Sent) -> Result<()> {
    let Some(given) = sent.id("user_id")? else { return Ok(()) };
    match Some(caller.user(&given).await?.id.as_str()) == caller.person() {
        true => Ok(()),
        false => Err(forbidden("this is done for oneself").at("user_id")),
    }
}

pub(in crate::http) async fn send_code(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, &[])?;
    let caller = somebody(&request).await?;
    let sent = Sent::read(&request, payload, &["purpose", "user_id"]).await?;
    himself(&caller, &sent).await?;
    caller.identity().mail_own(caller.repo.actor()).await?;
    Ok(one(&asked, json!({ "guid": caller.person() })))
}

/// A code that is right is good no more.
pub(in crate::http) async fn verify_code(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, &[])?;
    let caller = somebody(&request).await?;
    let sent = Sent::read(&request, payload, &["authcode", "authcode_id", "purpose", "user_id"]).await?;
    himself(&caller, &sent).await?;
    let origin = origin::origin(&request);
    let valid = caller.identity().proves(caller.repo.actor(), sent.needed("authcode")?, &origin).await?;
    Ok(one(&asked, json!({ "valid": valid, "expired": false })))
}

/// What the app is to be shown.
pub(in crate::http) async fn begin_app(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, &[])?;
    let caller = somebody(&request).await?;
    let factors = caller.identity().factors(caller.repo.actor()).await?;
    let set_up = || malformed("an authenticator app is set up already").coded("business-rule");
    let uri = factors.get("enrollUri").ok_or_else(set_up)?;
    Ok(one(&asked, json!({ "uri": uri, "qrcode": factors.get("enrollQrCode") })))
}

/// Confirms the app by its code, after a sign-in of a moment ago.
pub(in crate::http) async fn confirm_app(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    Asked::read(&request, &[])?;
    let caller = somebody(&request).await?;
    let sent = Sent::read(&request, payload, &["code"]).await?;
    let missing = || malformed("this is missing").coded("required").at("code");
    let code = sent.id("code")?.ok_or_else(missing)?;
    // As a number it has lost the zeros in front.
    let code = format!("{code:0>6}");
    let (identity, origin) = (caller.identity(), origin::origin(&request));
    identity.fresh(caller.repo.actor(), password(&request)?.as_deref(), &origin).await?;
    identity.add_factor(caller.repo.actor(), "totp", &code, &origin).await?;
    Ok(done())
}

pub(in crate::http) async fn remove_app(request: HttpRequest) -> Result<HttpResponse, Failure> {
    Asked::read(&request, &[])?;
    let caller = somebody(&request).await?;
    let password = password(&request)?.ok_or_else(missing_password)?;
    let origin = origin::origin(&request);
    caller.identity().remove_app(caller.repo.actor(), &password, &origin).await?;
    Ok(done())
}

pub(in crate::http) async fn validate_password(request: HttpRequest) -> Result<HttpResponse, Failure> {
    Asked::read(&request, &[])?;
    let caller = somebody(&request).await?;
    let password = password(&request)?.ok_or_else(missing_password)?;
    let origin = origin::origin(&request);
    let known = caller.identity().fresh(caller.repo.actor(), Some(&password), &origin).await;
    known.map_err(|error| match error.issues.first().is_some_and(|issue| issue.code == "login") {
        true => unauthenticated("this is not the password").at("x-auth-password"),
        false => error,
    })?;
    Ok(done())
}

fn password(request: &HttpRequest) -> Result<Option<String>, Failure> {
    let Some(header) = request.headers().get("x-auth-password") else { return Ok(None) };
    let text = std::str::from_utf8(header.as_bytes()).map_err(|_| malformed("this header is no text"))?;
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

fn missing_password() -> Failure {
    malformed("this header is missing").coded("required").at("x-auth-password").into()
}
