//! Challenges: ten minutes to show a code of a factor, once.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::caller::Caller;
use super::super::refusal::{Refusal, missing, said};
use super::super::{id, moment, part};
use super::addressed;
use crate::error::{Kind, unsupported};
use crate::http::{origin, reply};
use crate::identity::application::{CodeKind, Coded, Of};
use crate::store::Row;

/// Seconds.
const LIFETIME: i64 = 600;

pub(super) async fn begin(caller: &Caller<'_>, row: &Arc<Row>) -> Result<Value, Refusal> {
    let of = Of { user: Some(&row.id), lifetime: LIFETIME, ..Of::default() };
    let coded = caller.identity().new_code(&caller.repo, CodeKind::Challenge, of).await?;
    show(caller, &coded).await
}

async fn show(caller: &Caller<'_>, coded: &Coded) -> Result<Value, Refusal> {
    Ok(json!({
        "object": "authentication_challenge",
        "id": id::show(id::CHALLENGE, &coded.id),
        "expires_at": moment::instant(&coded.body, "expiresAt"),
        "authentication_factor_id": id::show(id::FACTOR, coded.target("user").unwrap_or_default()),
        "created_at": moment::created(&caller.repo, &coded.row).await?,
        "updated_at": moment::text(coded.row.updated),
    }))
}

pub(in crate::http) async fn create(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    if asked.text("sms_template").is_some() {
        return Err(unsupported("No factor is a telephone here.").into());
    }
    asked.pass(&["authentication_factor_id"]);
    asked.finish()?;
    let (row, _) = addressed(&request, &caller).await?;
    Ok(reply::made().json(begin(&caller, &row).await?))
}

pub(in crate::http) async fn verify(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let code = asked.needed("code");
    asked.pass(&["authentication_challenge_id"]);
    asked.finish()?;
    let given = part(&request, "challenge");
    let unknown = || missing("authentication_challenge", &given);
    let id = id::read(id::CHALLENGE, &given).ok_or_else(unknown)?;
    let coded =
        caller.identity().code(&caller.repo, CodeKind::Challenge, &id).await.map_err(|_| unknown())?;
    if coded.is("used") {
        let text = "The authentication challenge has already been verified.";
        return Err(said(Kind::Invalid, "authentication_challenge_previously_verified", text));
    }
    if coded.is_expired() {
        let text = "The authentication challenge has expired.";
        return Err(said(Kind::Invalid, "authentication_challenge_expired", text));
    }
    let user = coded.target("user").unwrap_or_default();
    let valid = caller.identity().prove_app(user, &code, &origin::origin(&request)).await?;
    let shown = show(&caller, &coded).await?;
    if valid {
        caller.identity().use_challenge(&coded).await?;
    }
    Ok(reply::made().json(json!({ "challenge": shown, "valid": valid })))
}
