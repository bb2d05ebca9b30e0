//! Users: the people of the key's project.

mod hash;
mod list;
pub(super) mod metadata;
mod write;

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

pub(in crate::http) use list::{by_external_id, identities, list, read};
pub(super) use write::weak;
pub(in crate::http) use write::{create, delete, update};

use super::refusal::{Refusal, missing};
use super::{id, moment};
use crate::http::reply;
use crate::identity::Identity;
use crate::repo::Repo;
use crate::store::Row;
use std::sync::Arc;

/// Users as they are shown, in their order.
pub(super) async fn shown(
    identity: &Identity,
    repo: &Repo,
    rows: &[Arc<Row>],
) -> Result<Vec<Value>, Refusal> {
    let created = repo.created(rows).await?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let signed_in = identity.sign_ins(repo, &ids).await?;
    let mut shown = Vec::with_capacity(rows.len());
    for (row, created) in rows.iter().zip(created) {
        let last = signed_in.get(&row.id).map(|facts| facts.last.at);
        shown.push(render(row, created, last)?);
    }
    Ok(shown)
}

/// One user as he is shown.
pub(super) async fn show(identity: &Identity, repo: &Repo, row: &Arc<Row>) -> Result<Value, Refusal> {
    let mut shown = shown(identity, repo, std::slice::from_ref(row)).await?;
    Ok(shown.pop().unwrap_or_default())
}

/// A version of a user. What is not known is null, never left out.
pub(super) fn render(row: &Row, created: i64, signed_in: Option<i64>) -> Result<Value, Refusal> {
    let body = crate::resource::parse(row.body.as_bytes())?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let names: Vec<&str> = ["firstName", "lastName"].into_iter().filter_map(text).collect();
    let name = text("displayName").map(str::to_owned).or((!names.is_empty()).then(|| names.join(" ")));
    Ok(json!({
        "object": "user",
        "id": id::show(id::USER, &row.id),
        "email": text("email").unwrap_or_default(),
        "name": name,
        "first_name": text("firstName"),
        "last_name": text("lastName"),
        "email_verified": body.get("emailVerified") == Some(&Value::Bool(true)),
        "profile_picture_url": body.pointer("/photo/url"),
        "last_sign_in_at": signed_in.map(moment::text),
        "external_id": text("externalId"),
        "metadata": metadata::shown(body.get("metadata")),
        "locale": body.pointer("/preferredLanguage/0"),
        "created_at": moment::text(created),
        "updated_at": moment::text(row.updated),
    }))
}

/// The user that a part of the address names, of the key's project and no other.
pub(super) async fn named(repo: &Repo, given: &str) -> Result<Arc<Row>, Refusal> {
    let unknown = || missing("user", given);
    let id = id::read(id::USER, given).ok_or_else(unknown)?;
    let row = repo.read("User", &id).await.map_err(|error| match error.kind {
        crate::error::Kind::NotFound | crate::error::Kind::Deleted => unknown(),
        _ => error.into(),
    })?;
    // A guest is of another pool: this key is not for it.
    if row.project == repo.actor().project { Ok(row) } else { Err(unknown()) }
}

/// The user in the address.
pub(super) async fn addressed(request: &HttpRequest, repo: &Repo) -> Result<Arc<Row>, Refusal> {
    named(repo, &super::part(request, "user")).await
}

/// A user as the answer.
async fn answer(
    identity: &Identity,
    repo: &Repo,
    row: &Arc<Row>,
    new: bool,
) -> Result<HttpResponse, Refusal> {
    let mut reply = if new { reply::made() } else { reply::ok() };
    Ok(reply.json(show(identity, repo, row).await?))
}
