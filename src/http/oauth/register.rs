//! Dynamic registration of clients (<https://www.rfc-editor.org/rfc/rfc7591>) and its management
//! (<https://www.rfc-editor.org/rfc/rfc7592>): off, by admins of projects, or by anybody, as the operator says.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};

use super::refusal::{Refusal, refuse};
use crate::config::Registration;
use crate::error::{forbidden, not_found};
use crate::http::reply::Failure;
use crate::http::{extract, origin, reply};
use crate::identity::{Bucket, Client};
use crate::repo::Rank;

/// Bytes of what a client says of itself, at most.
const LONGEST: usize = 64 * 1024;

async fn metadata(request: &HttpRequest, payload: web::Payload) -> Result<Map<String, Value>, Refusal> {
    let bytes = extract::bytes(request, payload).await?;
    if bytes.len() > LONGEST {
        return Err(refuse("invalid_client_metadata", "this is more than a client has to say of itself"));
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(said)) => Ok(said),
        _ => Err(refuse("invalid_client_metadata", "the body is no JSON object")),
    }
}

fn said(result: Result<HttpResponse, Refusal>) -> Result<HttpResponse, Failure> {
    result.or_else(Refusal::reply)
}

pub(in crate::http) async fn register(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let state = extract::state(&request);
    let (project, trusted) = match state.registration {
        Registration::Off => return Err(not_found("clients do not register themselves here").into()),
        Registration::Open => match &state.registration_project {
            Some(project) => (project.clone(), false),
            None => return Err(not_found("no project takes clients that register themselves").into()),
        },
        Registration::Token => {
            let repo = extract::caller(&request).await?;
            let actor = repo.actor();
            let rules = matches!(actor.rank, Rank::ProjectAdmin | Rank::SuperAdmin);
            if !rules || actor.policy.is_some() {
                return Err(forbidden("clients are registered by admins of their project").into());
            }
            (actor.project_id.clone(), true)
        }
    };
    state.identity.allow(Bucket::Login, &origin::network(&request))?;
    said(made(&request, payload, &project, trusted).await)
}

async fn made(
    request: &HttpRequest,
    payload: web::Payload,
    project: &str,
    trusted: bool,
) -> Result<HttpResponse, Refusal> {
    let said = metadata(request, payload).await?;
    let state = extract::state(request);
    let (id, told) = state.identity.register_client(project, &said, trusted).await?;
    let place = format!("{}/oauth2/register/{id}", state.public_url);
    Ok(reply::created(&place).insert_header((CACHE_CONTROL, "no-store")).json(told))
}

async fn own(request: &HttpRequest, id: &str) -> Result<Client, Failure> {
    let token = extract::bearer(request)?;
    Ok(extract::state(request).identity.registered_client(id, token).await?)
}

/// `secret`: one that was made just now.
fn shown(request: &HttpRequest, client: &Client, secret: Option<String>) -> Result<HttpResponse, Failure> {
    let mut told = extract::state(request).identity.registration(client, extract::bearer(request)?);
    if let Some(secret) = secret {
        told["client_secret"] = secret.into();
        told["client_secret_expires_at"] = 0.into();
    }
    Ok(reply::ok().insert_header((CACHE_CONTROL, "no-store")).json(told))
}

pub(in crate::http) async fn registration(
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let client = own(&request, &id).await?;
    shown(&request, &client, None)
}

pub(in crate::http) async fn change_registration(
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let client = own(&request, &id).await?;
    let changed = async {
        let said = metadata(&request, payload).await?;
        if said.get("client_id").and_then(Value::as_str) != Some(client.id.as_str()) {
            return Err(refuse("invalid_request", "client_id is that of the registration"));
        }
        let (client, secret) = extract::state(&request).identity.change_registration(&client, &said).await?;
        Ok(shown(&request, &client, secret)?)
    };
    said(changed.await)
}

pub(in crate::http) async fn unregister(
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let client = own(&request, &id).await?;
    extract::state(&request).identity.unregister(&client).await?;
    Ok(reply::no_content().finish())
}
