//! An e-mail is verified, or another one is, which takes its place then.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::caller::Caller;
use super::super::refusal::{Refusal, bad, missing, said};
use super::super::{id, moment, part, user};
use super::{CODE, begin, mail, render};
use crate::error::Kind;
use crate::http::reply;
use crate::identity::application::{CodeKind, Coded, Of, Tried};
use crate::search::escape;
use crate::store::Row;

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let given = part(&request, "verification");
    let unknown = || missing("email_verification", &given);
    let id = id::read(id::VERIFICATION, &given).ok_or_else(unknown)?;
    let coded =
        caller.identity().code(&caller.repo, CodeKind::VerifyEmail, &id).await.map_err(|_| unknown())?;
    let mut shown = render(&caller.repo, &coded).await?;
    shown["code"] = Value::from(coded.secret);
    Ok(reply::ok().json(shown))
}

pub(in crate::http) async fn send(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, asked) = Caller::asks(&request, payload).await?;
    asked.finish()?;
    let row = user::addressed(&request, &caller.repo).await?;
    let body = crate::resource::parse(row.body.as_bytes())?;
    if body.get("emailVerified") == Some(&Value::Bool(true)) {
        return Err(bad("email_already_verified", "The e-mail is verified already."));
    }
    begin(caller.identity(), &caller.repo, &row.id).await?;
    let shown = user::show(caller.identity(), &caller.repo, &row).await?;
    Ok(reply::ok().json(json!({ "user": shown })))
}

pub(in crate::http) async fn confirm(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, row, coded) = proved(&request, payload, CodeKind::VerifyEmail).await?;
    let identity = caller.identity();
    super::super::invitation::prove_email(
        identity,
        &caller.repo,
        &row.id,
        coded.text("email").unwrap_or_default(),
    )
    .await?;
    let row = user::named(&caller.repo, &row.id).await?;
    let shown = user::show(identity, &caller.repo, &row).await?;
    Ok(reply::ok().json(json!({ "user": shown })))
}

pub(in crate::http) async fn change_send(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let email = asked.needed("new_email").trim().to_lowercase();
    asked.finish()?;
    let row = user::addressed(&request, &caller.repo).await?;
    let body = crate::resource::parse(row.body.as_bytes())?;
    let shaped = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !shaped || email.chars().any(char::is_whitespace) {
        return Err(said(Kind::Invalid, "invalid_email", "This is no e-mail address."));
    }
    if body.get("email").and_then(Value::as_str) == Some(&email) {
        return Err(said(
            Kind::Conflict,
            "email_change_not_needed",
            "This is the e-mail of the user already.",
        ));
    }
    let taken = [("email:exact".to_owned(), escape(&email))];
    let found = caller.repo.search("User", &taken, false).await?;
    if found.rows.iter().any(|other| other.project == row.project) {
        return Err(said(Kind::Conflict, "email_not_available", "This email is not available."));
    }
    let identity = caller.identity();
    identity.allow_mail("email-change", &format!("{} {email}", caller.repo.actor().project_id))?;
    let of = Of { user: Some(&row.id), email: Some(&email), lifetime: CODE, ..Of::default() };
    let coded = identity.new_code(&caller.repo, CodeKind::EmailChange, of).await?;
    mail(identity, &caller.repo, CodeKind::EmailChange, &coded).await;
    Ok(reply::ok().json(json!({
        "object": "email_change",
        "user": user::show(identity, &caller.repo, &row).await?,
        "new_email": email,
        "expires_at": moment::instant(&coded.body, "expiresAt"),
        "created_at": moment::created(&caller.repo, &coded.row).await?,
    })))
}

pub(in crate::http) async fn change_confirm(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, row, coded) = proved(&request, payload, CodeKind::EmailChange).await?;
    let identity = caller.identity();
    let email = coded.text("email").unwrap_or_default().to_owned();
    let change = |user: &mut Value| -> Result<(), crate::error::Error> {
        user["email"] = Value::from(email.as_str());
        user["emailVerified"] = Value::Bool(true);
        Ok(())
    };
    let changed = identity.change_user(&caller.repo, &row.id, caller.act("update-email"), change).await;
    let row = changed.map_err(|error| match error.kind {
        Kind::Conflict => said(Kind::Conflict, "email_not_available", "This email is not available."),
        _ => error.into(),
    })?;
    let shown = user::show(identity, &caller.repo, &row).await?;
    Ok(reply::ok().json(json!({ "object": "email_change_confirmation", "user": shown })))
}

/// The user of the address, and the code of this kind that he was sent last: the one that the body has.
async fn proved<'r>(
    request: &'r HttpRequest,
    payload: web::Payload,
    kind: CodeKind,
) -> Result<(Caller<'r>, Arc<Row>, Coded), Refusal> {
    let (caller, mut asked) = Caller::asks(request, payload).await?;
    let code = asked.needed("code");
    asked.finish()?;
    let row = user::addressed(request, &caller.repo).await?;
    let reference = format!("User/{}", row.id);
    let coded = caller.identity().last_code(&caller.repo, kind, ("user", &reference)).await?;
    let none = || match kind {
        CodeKind::EmailChange => {
            said(Kind::Conflict, "no_pending_email_change", "No change of the e-mail is under way.")
        }
        _ => refused(kind, Tried::Wrong),
    };
    let coded = coded.ok_or_else(none)?;
    match caller.identity().try_code(&coded, &code).await? {
        Tried::Right => Ok((caller, row, coded)),
        tried => Err(refused(kind, tried)),
    }
}

/// Why a code does not do.
fn refused(kind: CodeKind, tried: Tried) -> Refusal {
    const WRONG: &str = "The code is wrong.";
    const USED: &str = "The code was used before.";
    const EXPIRED: &str = "The code is no longer good.";
    const SPENT: &str = "The code was tried too often.";
    match (kind, tried) {
        (CodeKind::EmailChange, Tried::Used) => {
            said(Kind::Conflict, "email_change_code_previously_used", USED)
        }
        (CodeKind::EmailChange, Tried::Expired) => bad("email_change_code_expired", EXPIRED),
        (CodeKind::EmailChange, Tried::Spent) => said(Kind::Limited, "email_change_too_many_attempts", SPENT),
        (CodeKind::EmailChange, _) => bad("email_change_code_incorrect", WRONG),
        (_, Tried::Used) => bad("email_verification_code_previously_used", USED),
        (_, Tried::Expired) => bad("email_verification_code_expired", EXPIRED),
        _ => bad("email_verification_code_incorrect", WRONG),
    }
}
