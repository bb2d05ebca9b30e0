//! Revocation (<https://www.rfc-editor.org/rfc/rfc7009>): a client ends a session that it was given.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};

use super::client::client;
use super::form;
use super::refusal::Refusal;
use crate::http::reply::Failure;
use crate::http::{extract, reply};

pub(in crate::http) async fn revoke(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    match ended(&request, payload).await {
        Ok(reply) => Ok(reply),
        Err(refusal) => refusal.reply(),
    }
}

async fn ended(request: &HttpRequest, payload: web::Payload) -> Result<HttpResponse, Refusal> {
    let form = form::body(request, payload).await?;
    let proved = client(request, &form).await?;
    let token = form.need("token")?;
    extract::state(request).identity.revoke_token(token, &proved.client.id).await?;
    // Whether there was such a token is told to nobody (section 2.2).
    Ok(reply::ok().insert_header((CACHE_CONTROL, "no-store")).finish())
}
