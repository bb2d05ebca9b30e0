//! An e-mail is verified, or another one is, which takes its place then.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::asked::{Asked, Parameters};
use super::super::caller::Caller;
use super::super::refusal::{Refusal, bad, missing, said};
use super::super::{id, moment, part, user};
use super::{CODE, begin, mail, render};
use crate::error::Kind;
use crate::http::reply;
use crate::identity::application::{CodeKind, Of, Tried};
use crate::search::escape;

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    Parameters::read(&request)?.finish()?;
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
    let caller = Caller::of(&request).await?;
    Asked::read(&request, payload).await?.finish()?;
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
    let caller = Caller::of(&request).await?;
    let mut asked = Asked::read(&request, payload).await?;
    let code = asked.needed("code");
    asked.finish()?;
    let row = user::addressed(&request, &caller.repo).await?;
    let identity = caller.identity();
    let reference = format!("User/{}", row.id);
    let wrong = || bad("email_verification_code_incorrect", "The code is wrong.");
    let coded = identity.last_code(&caller.repo, CodeKind::VerifyEmail, ("user", &reference)).await?;
    let coded = coded.ok_or_else(wrong)?;
    match identity.try_code(&coded, &code).await? {
        Tried::Right => {}
        Tried::Used => {
            return Err(bad("email_verification_code_previously_used", "The code was used before."));
        }
        Tried::Expired => return Err(bad("email_verification_code_expired", "The code is no longer good.")),
        Tried::Wrong | Tried::Spent => return Err(wrong()),
    }
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
    let caller = Caller::of(&request).await?;
    let mut asked = Asked::read(&request, payload).await?;
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
    let caller = Caller::of(&request).await?;
    let mut asked = Asked::read(&request, payload).await?;
    let code = asked.needed("code");
    asked.finish()?;
    let row = user::addressed(&request, &caller.repo).await?;
    let identity = caller.identity();
    let none = || said(Kind::Conflict, "no_pending_email_change", "No change of the e-mail is under way.");
    let reference = format!("User/{}", row.id);
    let coded = identity.last_code(&caller.repo, CodeKind::EmailChange, ("user", &reference)).await?;
    let coded = coded.ok_or_else(none)?;
    match identity.try_code(&coded, &code).await? {
        Tried::Right => {}
        Tried::Used => {
            return Err(said(
                Kind::Conflict,
                "email_change_code_previously_used",
                "The code was used before.",
            ));
        }
        Tried::Expired => return Err(bad("email_change_code_expired", "The code is no longer good.")),
        Tried::Wrong => return Err(bad("email_change_code_incorrect", "The code is wrong.")),
        Tried::Spent => {
            return Err(said(
                Kind::Limited,
                "email_change_too_many_attempts",
                "The code was tried too often.",
            ));
        }
    }
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
