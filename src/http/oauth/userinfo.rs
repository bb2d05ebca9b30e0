//! Who a token is of (<https://openid.net/specs/openid-connect-core-1_0.html#UserInfo>).

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse};

use crate::error::forbidden;
use crate::http::reply::Failure;
use crate::http::{extract, reply};

pub(in crate::http) async fn userinfo(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let token = extract::bearer(&request)?;
    let said = extract::state(&request).identity.user_info(token).await?;
    let said = said.ok_or_else(|| forbidden("this token was not given with the scope openid"))?;
    Ok(reply::ok().insert_header((CACHE_CONTROL, "no-store")).json(said))
}
