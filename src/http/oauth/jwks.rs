//! The public keys that tokens are signed with (<https://www.rfc-editor.org/rfc/rfc7517#section-5>).

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};

use crate::http::reply::Failure;
use crate::http::{State, reply};

pub(in crate::http) async fn jwks(state: web::Data<State>) -> Result<HttpResponse, Failure> {
    let keys = state.identity.jwks().await?;
    Ok(reply::ok().insert_header((CACHE_CONTROL, "public, max-age=60")).json(keys))
}
