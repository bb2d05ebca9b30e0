//! Truto's unified user directory (<https://truto.one/docs/api-reference/unified-user-directory-api>): one key, one
//! integrated account, which is the key's project. Users, groups, roles, organizations, workspaces and activities are views
//! of the same records that FHIR serves.

mod activity;
mod answer;
mod asked;
mod collection;
mod describe;
mod group;
mod licence;
mod project;
mod refusal;
mod role;
mod routes;
mod user;
mod webhook;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};

pub(super) use describe::describe;
pub(super) use refusal::dress;
pub(super) use routes::routes;
pub(super) use webhook::{Webhooks, webhooks};

use super::record::{all, cursor, found, list, moment, parsed, policies, put, target, text};
use super::reply::{Failure, JSON, no_content};
use super::{extract, negotiate, parameters};
use crate::error::{forbidden, malformed, not_found};
use crate::repo::{Rank, Repo};
use crate::resource;
use asked::Asked;

/// Who asks, in the account that he has to name, and what for.
async fn caller(request: &HttpRequest) -> Result<(Repo, Asked), Failure> {
    let repo = extract::caller(request).await?.through("truto");
    let asked = Asked::parse(parameters::parse(request.query_string())?)?;
    if asked.account != repo.actor().project_id {
        let text = format!("there is no integrated account '{}' for this key", asked.account);
        return Err(not_found(text).at("integrated_account_id").into());
    }
    if matches!(repo.actor().rank, Rank::SuperAdmin | Rank::System) {
        return Err(forbidden("this takes the key of a project; a super admin belongs to none").into());
    }
    Ok((repo, asked))
}

/// The id in the address.
fn id(request: &HttpRequest) -> &str {
    request.match_info().get("id").unwrap_or_default()
}

/// The body: a JSON object of fields that are known.
async fn body(
    request: &HttpRequest,
    payload: web::Payload,
    known: &[&str],
) -> Result<Map<String, Value>, Failure> {
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !negotiate::is_json(media) {
        return Err(Failure::unsupported_media("the body is sent as application/json"));
    }
    let Value::Object(body) = resource::parse(&extract::bytes(request, payload).await?)? else {
        return Err(malformed("the body is a JSON object").into());
    };
    match body.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => {
            let text = format!("this cannot be written here; what can is {}", known.join(", "));
            Err(malformed(text).coded("not-supported").at(name).into())
        }
        None => Ok(body),
    }
}

fn done() -> HttpResponse {
    no_content().finish()
}
