//! Signing in by a code that is mailed. Whoever has no account is given one.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::caller::Caller;
use super::super::refusal::{Refusal, bad, missing};
use super::super::{id, invitation, part};
use super::{CODE, mail, render};
use crate::error::Kind;
use crate::http::reply;
use crate::identity::application::{CodeKind, Coded, Of};

async fn show(caller: &Caller<'_>, coded: Coded) -> Result<Value, Refusal> {
    let mut shown = render(&caller.repo, &coded).await?;
    shown["code"] = Value::from(coded.secret);
    Ok(shown)
}

pub(in crate::http) async fn create(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let email = asked.needed("email").trim().to_lowercase();
    let token = asked.text("invitation_token");
    asked.pass(&["ip_address", "user_agent", "radar_auth_attempt_id", "signals_id"]);
    asked.finish()?;
    let identity = caller.identity();
    invitation::offered(identity, &caller.repo, token.as_deref(), &email).await?;
    identity.allow_mail("magic-auth", &format!("{} {email}", caller.repo.actor().project_id))?;
    let row = match invitation::person(&caller.repo, &email).await? {
        Some(row) => row,
        None => {
            let made =
                identity.create_user(&caller.repo, json!({ "email": email }), true, caller.act("create"));
            made.await.map_err(|error| match error.kind {
                Kind::Invalid => bad("invalid_email", "This is no e-mail address."),
                _ => error.into(),
            })?
        }
    };
    let of = Of { user: Some(&row.id), email: Some(&email), lifetime: CODE, ..Of::default() };
    let coded = identity.new_code(&caller.repo, CodeKind::MagicAuth, of).await?;
    mail(identity, &caller.repo, CodeKind::MagicAuth, &coded).await;
    Ok(reply::made().json(show(&caller, coded).await?))
}

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let given = part(&request, "magic");
    let unknown = || missing("magic_auth", &given);
    let id = id::read(id::MAGIC, &given).ok_or_else(unknown)?;
    let coded =
        caller.identity().code(&caller.repo, CodeKind::MagicAuth, &id).await.map_err(|_| unknown())?;
    Ok(reply::ok().json(show(&caller, coded).await?))
}
