//! Who one is: `GET /auth/me`.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse};

use crate::http::reply::Failure;
use crate::http::{extract, reply};

pub(in crate::http) async fn me(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = extract::caller(&request).await?;
    let me = extract::state(&request).identity.me(&repo).await?;
    Ok(reply::ok().insert_header((CACHE_CONTROL, "no-store")).json(me))
}
