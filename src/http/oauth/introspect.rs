//! Introspection (<https://www.rfc-editor.org/rfc/rfc7662>), for clients that prove themselves and for whoever has a
//! token: both are told of tokens of their own project only.

use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL};
use actix_web::{HttpRequest, HttpResponse, web};

use super::client::client;
use super::form::{self, Form};
use super::refusal::{Refusal, refuse};
use crate::http::reply::Failure;
use crate::http::{extract, reply};

pub(in crate::http) async fn introspect(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    match told(&request, payload).await {
        Ok(reply) => Ok(reply),
        Err(refusal) => refusal.reply(),
    }
}

async fn told(request: &HttpRequest, payload: web::Payload) -> Result<HttpResponse, Refusal> {
    let form: Form = form::body(request, payload).await?;
    let identity = &extract::state(request).identity;
    let project = if is_bearer(request) {
        let repo = extract::caller(request).await?;
        Some(repo.actor().project_id.clone()).filter(|_| !repo.actor().is_boundless())
    } else {
        let proved = client(request, &form).await?;
        if !proved.proven {
            return Err(refuse("invalid_client", "the client did not prove that it is the one"));
        }
        Some(proved.client.project_id)
    };
    let said = identity.introspect(form.need("token")?, project.as_deref()).await?;
    Ok(reply::ok().insert_header((CACHE_CONTROL, "no-store")).json(said))
}

pub(super) fn is_bearer(request: &HttpRequest) -> bool {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    header.is_some_and(|header| header.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer ")))
}
