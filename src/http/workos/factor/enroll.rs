//! A factor is set up. Its secret is shown this once, and it counts from the first code on that answers a challenge.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::caller::Caller;
use super::super::refusal::{Refusal, said};
use super::super::user;
use super::{challenge, render};
use crate::error::{Kind, unsupported};
use crate::http::reply;
use crate::store::Row;

async fn begin(
    caller: &Caller<'_>,
    row: &Arc<Row>,
    issuer: Option<&str>,
    name: Option<&str>,
) -> Result<Value, Refusal> {
    let seed =
        caller.identity().begin_app(&row.id, issuer, name).await.map_err(|error| match error.kind {
            Kind::Conflict => said(
                Kind::Invalid,
                "authentication_factor_exists",
                "The user has an authenticator app already.",
            ),
            _ => error.into(),
        })?;
    let app = caller.identity().app(&row.id).await?;
    let app = app.ok_or_else(|| said(Kind::Conflict, "conflict", "The factor was taken away meanwhile."))?;
    let mut factor = render(row, &app, &seed.account, &seed.issuer);
    factor["totp"]["secret"] = Value::from(seed.secret);
    factor["totp"]["uri"] = Value::from(seed.uri);
    factor["totp"]["qr_code"] = Value::from(seed.picture.unwrap_or_default());
    Ok(factor)
}

/// Of a user, with a challenge to answer at once.
pub(in crate::http) async fn enroll_of(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let kind = asked.needed("type");
    let (issuer, name) = (asked.text("totp_issuer"), asked.text("totp_user"));
    if kind != "totp" && !kind.is_empty() {
        asked.fault("type", "not_supported", "The type of a factor is totp.");
    }
    asked.finish()?;
    let row = user::addressed(&request, &caller.repo).await?;
    let factor = begin(&caller, &row, issuer.as_deref(), name.as_deref()).await?;
    let challenge = challenge::begin(&caller, &row).await?;
    Ok(reply::made().json(json!({ "authentication_factor": factor, "authentication_challenge": challenge })))
}

/// The older call. Here a factor is always somebody's.
pub(in crate::http) async fn enroll(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let kind = asked.needed("type");
    let (issuer, name) = (asked.text("totp_issuer"), asked.text("totp_user"));
    let person = asked.text("user_id");
    asked.pass(&["phone_number"]);
    if !["totp", "sms", ""].contains(&kind.as_str()) {
        asked.fault("type", "not_supported", "The type of a factor is totp.");
    }
    asked.finish()?;
    if kind != "totp" {
        return Err(unsupported("No messages are sent to telephones: the type of a factor is totp.").into());
    }
    let Some(person) = person else {
        return Err(unsupported("A factor is set up for a user: name one by user_id.").into());
    };
    let row = user::named(&caller.repo, &person).await?;
    Ok(reply::made().json(begin(&caller, &row, issuer.as_deref(), name.as_deref()).await?))
}
