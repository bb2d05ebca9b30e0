//! Another password, by a token that is mailed.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::caller::Caller;
use super::super::refusal::{Refusal, bad, missing};
use super::super::user::weak;
use super::super::{id, invitation, part, user};
use super::{mail, render};
use crate::error::Kind;
use crate::http::reply;
use crate::identity::Identity;
use crate::identity::application::{CodeKind, Coded, Of};

/// Seconds.
const LIFETIME: i64 = 3600;

async fn show(caller: &Caller<'_>, coded: &Coded) -> Result<Value, Refusal> {
    let mut shown = render(&caller.repo, coded).await?;
    shown["password_reset_token"] = Value::from(Identity::token_of(coded));
    shown["password_reset_url"] = Value::from(caller.identity().link_of(CodeKind::Reset, coded));
    Ok(shown)
}

pub(in crate::http) async fn create(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let email = asked.needed("email").trim().to_lowercase();
    asked.finish()?;
    let identity = caller.identity();
    identity.allow_mail("password-reset", &format!("{} {email}", caller.repo.actor().project_id))?;
    let found = invitation::person(&caller.repo, &email).await?;
    let row = found.ok_or_else(|| missing("user", &email))?;
    let of = Of { user: Some(&row.id), email: Some(&email), lifetime: LIFETIME, ..Of::default() };
    let coded = identity.new_code(&caller.repo, CodeKind::Reset, of).await?;
    mail(identity, &caller.repo, CodeKind::Reset, &coded).await;
    Ok(reply::made().json(show(&caller, &coded).await?))
}

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let given = part(&request, "reset");
    let unknown = || missing("password_reset", &given);
    let id = id::read(id::RESET, &given).ok_or_else(unknown)?;
    let coded = caller.identity().code(&caller.repo, CodeKind::Reset, &id).await.map_err(|_| unknown())?;
    Ok(reply::ok().json(show(&caller, &coded).await?))
}

pub(in crate::http) async fn confirm(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let (token, password) = (asked.needed("token"), asked.needed("new_password"));
    asked.finish()?;
    let identity = caller.identity();
    let unknown = || missing("password_reset_token", &token);
    let coded = identity.by_token(&caller.repo, CodeKind::Reset, &token).await.map_err(|_| unknown())?;
    let over = |text: &str| {
        bad("password_reset_error", "Could not reset the password.")
            .with("errors", json!([{ "code": "password_reset_token_invalid", "message": text }]))
    };
    let held = identity.hold(&coded.id, &coded.secret).await.map_err(|error| match error.kind {
        Kind::Malformed => over("The token was used, or is no longer good."),
        _ => error.into(),
    })?;
    identity.accept(&held, &password).await.map_err(|error| {
        let used = error.issues.first().is_some_and(|issue| issue.text == "Already used");
        if used { over("The token was used.") } else { weak(error) }
    })?;
    let row = user::named(&caller.repo, &held.user).await?;
    let shown = user::show(identity, &caller.repo, &row).await?;
    Ok(reply::ok().json(json!({ "user": shown })))
}
