//! The token endpoint (<https://www.rfc-editor.org/rfc/rfc6749#section-3.2>): one file a grant. There is no implicit
//! grant and none by password (<https://www.rfc-editor.org/rfc/rfc9700#section-2.4>).

mod client_credentials;
mod device_code;
mod exchange;
mod person;

use actix_web::{HttpRequest, HttpResponse, web};

use super::form::{self, Form};
use super::refusal::{Refusal, refuse};
use crate::http::reply::Failure;
use crate::identity::DEVICE;
pub(in crate::http) use person::answer;
pub(super) use person::said;

pub(in crate::http) async fn token(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    match grant(&request, payload).await {
        Ok(reply) => Ok(reply),
        Err(refusal) => refusal.reply(),
    }
}

async fn grant(request: &HttpRequest, payload: web::Payload) -> Result<HttpResponse, Refusal> {
    let form: Form = form::body(request, payload).await?;
    match form.need("grant_type")? {
        "authorization_code" => person::by_code(request, &form).await,
        "refresh_token" => person::by_refresh(request, &form).await,
        "client_credentials" => client_credentials::give(request, &form).await,
        DEVICE => device_code::give(request, &form).await,
        exchange::EXCHANGE => exchange::give(request, &form).await,
        client_credentials::BEARER => client_credentials::give_to_bearer(request, &form).await,
        _ => Err(refuse("unsupported_grant_type", "this grant is not offered here")),
    }
}
