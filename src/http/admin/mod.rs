//! What admins do to their project, its members and clients: the calls of Medplum's `/admin`, which are older than
//! FHIR's operations and no part of it. JSON in; JSON, or an OperationOutcome, out.

mod client;
mod describe;
mod everywhere;
mod invite;
mod member;
mod password;
mod project;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

pub(super) use client::{bot, client};
pub(super) use describe::describe;
pub(super) use everywhere::{not_offered, open, reindex, set_any_password};
pub(super) use invite::invite;
pub(super) use member::{member, members, remove, update};
pub(super) use password::{reset_factor, reset_password, set_password};
pub(super) use project::{project, secrets, settings, sites};

use super::reply::{Failure, fhir, ok, outcome};
use super::{extract, negotiate, origin};
use crate::error::{Issue, Severity, forbidden, not_found};
use crate::repo::audit::{Act, Audit};
use crate::repo::{Rank, Repo};
use crate::resource;

/// The repo of an admin, and the id of the project in the address: his own, or, for a super admin, any. Of another one
/// he is told what he is told of none.
async fn admin(request: &HttpRequest) -> Result<(Repo, String), Failure> {
    let repo = extract::caller(request).await?;
    let id = request.match_info().get("id").unwrap_or_default();
    let missing = || not_found(format!("there is no Project/{id}"));
    match repo.actor().rank {
        _ if !repo.actor().administers() => Err(forbidden("this is for the admin of the project").into()),
        Rank::ProjectAdmin if id == repo.actor().project_id => Ok((repo, id.to_owned())),
        Rank::ProjectAdmin | Rank::Member => Err(missing().into()),
        Rank::System | Rank::SuperAdmin => {
            let known = repo.engine().store.project_number(id)?.is_some();
            if !known || repo.read("Project", id).await.is_err() {
                return Err(missing().into());
            }
            Ok((repo, id.to_owned()))
        }
    }
}

/// The repo of a super admin.
async fn super_admin(request: &HttpRequest) -> Result<Repo, Failure> {
    let repo = extract::caller(request).await?;
    match repo.actor().rank {
        Rank::System | Rank::SuperAdmin if repo.actor().administers() => Ok(repo),
        _ => Err(forbidden("this is for a super admin").into()),
    }
}

/// The body, as JSON of either name.
async fn body(request: &HttpRequest, payload: web::Payload) -> Result<Value, Failure> {
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bytes = extract::bytes(request, payload).await?;
    if bytes.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    if !negotiate::is_json(media) {
        return Err(Failure::unsupported_media(format!(
            "this is sent as application/json, not as '{media}'"
        )));
    }
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => Ok(resource::parse_list(&bytes)?),
        _ => Ok(resource::parse(&bytes)?),
    }
}

/// How an act of this request is recorded.
fn act(request: &HttpRequest, what: &'static str) -> Audit {
    Audit::new(what, Act::Execute).address(origin::address(request).map(|address| address.to_string()))
}

/// A resource as the answer.
fn shown(request: &HttpRequest, resource: &[u8]) -> Result<HttpResponse, Failure> {
    Ok(fhir(request, negotiate::form(request)?, ok(), resource.to_vec()))
}

/// There is nothing to show, but that it was done.
fn done(request: &HttpRequest) -> Result<HttpResponse, Failure> {
    let said = Issue { severity: Severity::Information, ..Issue::error("informational", "All OK") };
    let mut body = outcome(&[said]);
    body["id"] = Value::from("ok");
    shown(request, body.to_string().as_bytes())
}
