//! What a page of sign-in shows before anybody signs in: `/auth/clientinfo/{id}`, `/auth/method`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::asked::Asked;
use crate::http::reply::Failure;
use crate::identity::Bucket;

pub(in crate::http) async fn client_info(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::bare(&request, Bucket::Auth)?;
    Ok(asked.json(&asked.state.identity.client_info(&path).await?))
}

/// How somebody with this e-mail signs in: with the password, whoever he is.
pub(in crate::http) async fn method(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Auth).await?;
    asked.needed("email")?;
    Ok(asked.json(&json!({})))
}
