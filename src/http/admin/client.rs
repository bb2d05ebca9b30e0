//! A client of the project; bots there are none.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::{act, admin, body};
use crate::error::unsupported;
use crate::http::reply::{Failure, created, fhir};
use crate::http::{extract, negotiate};
use crate::identity::project::NewClient;

/// Answers with its secret, this once.
pub(in crate::http) async fn client(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let (repo, id) = admin(&request).await?;
    let asked = NewClient::parse(&body(&request, payload).await?)?;
    let identity = &extract::state(&request).identity;
    let (mut client, secret) =
        identity.new_client(&repo, &id, &asked, act(&request, "create-client")).await?;
    client["secret"] = Value::from(secret);
    let id = client["id"].as_str().unwrap_or_default();
    let location = format!("{}/ClientApplication/{id}", repo.engine().base_url);
    Ok(fhir(&request, form, created(&location), client.to_string().into_bytes()))
}

pub(in crate::http) async fn bot(request: HttpRequest) -> Result<HttpResponse, Failure> {
    admin(&request).await?;
    Err(unsupported("bots are not offered here: the server runs no code of its users").into())
}
