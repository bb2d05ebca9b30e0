//! `/Me` (<https://www.rfc-editor.org/rfc/rfc7644#section-3.11>): the user whose token it is, if he is of the project's
//! own database and its admin. A client is nobody.

use actix_web::{HttpRequest, HttpResponse, web};

use super::one;
use super::refusal::Result;
use super::{caller, schema};
use crate::error::unsupported;

async fn own(request: &HttpRequest) -> Result<String> {
    let caller = caller(request).await?;
    let id = caller.repo.actor().reference.strip_prefix("User/").map(str::to_owned);
    id.ok_or_else(|| unsupported("this is the token of a client, which is no user").into())
}

pub(in crate::http) async fn me(request: HttpRequest) -> Result<HttpResponse> {
    let id = own(&request).await?;
    one::get(&request, schema::user(), &id).await
}

pub(in crate::http) async fn put_me(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse> {
    let id = own(&request).await?;
    one::put(&request, payload, schema::user(), &id).await
}

pub(in crate::http) async fn patch_me(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse> {
    let id = own(&request).await?;
    one::modify(&request, payload, schema::user(), &id).await
}

pub(in crate::http) async fn delete_me(request: HttpRequest) -> Result<HttpResponse> {
    let id = own(&request).await?;
    one::delete(&request, schema::user(), &id).await
}

/// Who has a token is there already.
pub(in crate::http) async fn post_me(request: HttpRequest) -> Result<HttpResponse> {
    caller(&request).await?;
    Err(unsupported("nobody makes himself; an admin makes users at /Users").into())
}
