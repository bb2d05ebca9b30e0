//! SCIM 2.0 (<https://www.rfc-editor.org/rfc/rfc7644>): the users and groups of a project, kept by a directory elsewhere.
//! A mapping and no second system: what is written goes through `repo` and `identity` like everything else.

mod accept;
mod answer;
mod bulk;
mod describe;
mod discovery;
mod filter;
mod group;
mod list;
mod me;
mod one;
mod patch;
mod path;
mod refusal;
mod routes;
mod schema;
mod shape;
mod user;

use std::sync::Arc;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, web};
use serde_json::Value;

pub(super) use describe::describe;
pub(super) use routes::routes;

use bulk::bulk;
use discovery::{resource_type, resource_types, schema as schema_by_id, schemas, service_provider_config};
use list::{groups, search_all, search_groups, search_users, users};
use me::{delete_me, me as who, patch_me, post_me, put_me};
use one::{
    create_group, create_user, delete_group, delete_user, group as group_by_id, patch_group, patch_user,
    put_group, put_user, user as user_by_id,
};

use super::reply::Failure;
use super::{extract, origin};
use crate::error::forbidden;
use crate::identity::Identity;
use crate::repo::Repo;
use crate::resource;
use refusal::Result;

/// Resources of a page where nothing is said, and at most.
const DEFAULT_PAGE: usize = 100;
const MAX_PAGE: usize = 1_000;
/// Of one bulk request.
const MAX_OPERATIONS: usize = 1_000;
const MAX_PAYLOAD: usize = 8 * 1024 * 1024;
/// Whoever loses a race begins anew, this often.
const ATTEMPTS: usize = 20;

/// Who asks, and by what it is done.
struct Caller {
    repo: Repo,
    identity: Arc<Identity>,
    /// The address of SCIM as clients see it.
    base: String,
    /// Where the request came from.
    address: Option<String>,
}

fn base(request: &HttpRequest) -> String {
    format!("{}/scim/v2", extract::state(request).public_url)
}

/// The admin who asks.
async fn caller(request: &HttpRequest) -> Result<Caller> {
    let repo = extract::caller(request).await?;
    if !repo.actor().administers() {
        return Err(forbidden("this is for an admin of the project").into());
    }
    if repo.actor().is_boundless() {
        return Err(forbidden("SCIM serves one project; take the key of a client of that project").into());
    }
    Ok(Caller {
        repo: repo.through("scim"),
        identity: Arc::clone(&extract::state(request).identity),
        base: base(request),
        address: origin::address(request).map(|address| address.to_string()),
    })
}

/// The body, as JSON of either name.
async fn body(request: &HttpRequest, payload: web::Payload) -> Result<Value> {
    Ok(resource::parse(&bytes(request, payload).await?)?)
}

async fn bytes(request: &HttpRequest, payload: web::Payload) -> Result<web::Bytes> {
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !matches!(essence.as_str(), "application/scim+json" | "application/json") {
        let text = format!("this is sent as application/scim+json, not as '{media}'");
        return Err(Failure::unsupported_media(text).into());
    }
    Ok(extract::bytes(request, payload).await?)
}
