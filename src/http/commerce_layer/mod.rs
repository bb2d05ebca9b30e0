//! Commerce Layer's Provisioning API (<https://docs.commercelayer.io/provisioning>), beneath `/api`: the user whose token
//! it is, and memberships, organizations, roles, API credentials and versions of his project, in JSON:API 1.0.

mod application;
mod asked;
mod credential;
mod describe;
mod document;
mod kept;
mod kind;
mod membership;
mod organization;
mod part;
mod permission;
mod ransack;
mod read;
mod refusal;
mod related;
mod role;
mod routes;
mod sent;
mod sieve;
mod user;
mod version;
mod view;
mod webhook;

use actix_web::http::header::{ACCEPT, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde_json::Value;

pub(super) use application::{
    create_application_membership, delete_application_membership, update_application_membership,
};
pub(super) use credential::{create_credential, delete_credential, update_credential};
pub(super) use describe::describe;
pub(super) use membership::{create_membership, delete_membership, resend_membership, update_membership};
pub(super) use organization::{transfer_organization, update_organization};
pub(super) use permission::{create_permission, update_permission};
pub(super) use read::{
    application_membership, application_memberships, credential, credentials, membership, memberships,
    of_application_membership, of_credential, of_membership, of_organization, of_permission, of_role,
    organization, organizations, permission, permissions, role, roles, webhooks,
};
pub(super) use refusal::dress;
pub(super) use role::{create_role, update_role};
pub(super) use routes::routes;
pub(super) use user::{update_user, user};
pub(super) use version::{version, versions};
pub(super) use webhook::{
    Webhooks, callback_webhook, create_webhook, delete_webhook, event_callback, last_event_callbacks,
    update_webhook, webhook,
};

use super::negotiate::Form;
use super::reply::{self, Failure};
use super::{extract, origin, parameters};
use crate::error::forbidden;
use crate::repo::audit::{Act, Audit};
use crate::repo::{Rank, Repo};

const MEDIA: HeaderValue = HeaderValue::from_static("application/vnd.api+json");
const NAME: &str = "application/vnd.api+json";
/// A writer who is outrun starts over with what the winner wrote, this often.
const ATTEMPTS: usize = 10;

/// Who asks.
async fn caller(request: &HttpRequest) -> Result<Repo, Failure> {
    if !accepts(request) {
        return Err(Failure::not_acceptable("answers come as application/vnd.api+json"));
    }
    let repo = extract::caller(request).await?.through("commerce-layer");
    if matches!(repo.actor().rank, Rank::SuperAdmin | Rank::System) {
        return Err(forbidden("this takes a token of a project; a super admin belongs to none").into());
    }
    Ok(repo)
}

/// Whether one of the ranges takes it, and without parameters (<https://jsonapi.org/format/1.0/#content-negotiation-servers>).
fn accepts(request: &HttpRequest) -> bool {
    let lines = request.headers().get_all(ACCEPT).filter_map(|line| line.to_str().ok());
    let ranges: Vec<&str> =
        lines.flat_map(|line| line.split(',')).map(str::trim).filter(|range| !range.is_empty()).collect();
    ranges.is_empty()
        || ranges.iter().any(|range| match range.split_once(';') {
            Some((NAME, parameter)) => parameter.trim().starts_with("q="),
            Some((wide, _)) => matches!(wide.trim(), "*/*" | "application/*"),
            None => matches!(*range, NAME | "*/*" | "application/*"),
        })
}

fn asked(request: &HttpRequest) -> Result<Vec<(String, String)>, Failure> {
    Ok(parameters::parse(request.query_string())?)
}

/// The id in the address.
fn id(request: &HttpRequest) -> &str {
    request.match_info().get("id").unwrap_or_default()
}

fn audit(request: &HttpRequest, what: &'static str, act: Act) -> Audit {
    Audit::new(what, act).address(origin::address(request).map(|address| address.to_string()))
}

/// Fails for whoever is no admin of the project.
fn administers(repo: &Repo) -> Result<(), Failure> {
    match repo.actor().administers() {
        true => Ok(()),
        false => Err(forbidden("this is for the admin of the project").into()),
    }
}

fn told(request: &HttpRequest, with: HttpResponseBuilder, document: &Value) -> HttpResponse {
    reply::json(request, Form::default(), with, MEDIA, document.to_string().into_bytes())
}
