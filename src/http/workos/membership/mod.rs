//! Memberships of organizations: what somebody of the key's project is in one of its organizations.

mod list;
mod write;

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

pub(in crate::http) use list::{list, read};
pub(in crate::http) use write::{create, deactivate, delete, reactivate, update};

use super::authorization::MEMBER;
use super::caller::Caller;
use super::refusal::Refusal;
use super::{id, moment, user};
use crate::identity::Identity;
use crate::store::Row;

/// What a membership says of itself.
pub(super) fn status(body: &Value) -> &'static str {
    if body.get("active") == Some(&Value::Bool(false)) { "inactive" } else { "active" }
}

/// The ids of the policies that a membership has.
pub(super) fn policies(body: &Value) -> Vec<String> {
    let older = body.pointer("/accessPolicy/reference");
    let accesses = body.get("access").and_then(Value::as_array).into_iter().flatten();
    let all = older.into_iter().chain(accesses.filter_map(|one| one.pointer("/policy/reference")));
    all.filter_map(|reference| Some(reference.as_str()?.strip_prefix("AccessPolicy/")?.to_owned())).collect()
}

/// The user that a membership is of.
pub(super) fn user_of(body: &Value) -> &str {
    let reference = body.pointer("/user/reference").and_then(Value::as_str).unwrap_or_default();
    reference.strip_prefix("User/").unwrap_or_default()
}

/// Slugs of the roles of a membership, that of a mere member where it has none.
pub(super) async fn roles(identity: &Identity, row: &Row, body: &Value) -> Result<Vec<String>, Refusal> {
    Ok(granted(identity, row, body).await?.0)
}

/// The same, and the permissions that these roles give.
pub(super) async fn granted(
    identity: &Identity,
    row: &Row,
    body: &Value,
) -> Result<(Vec<String>, Vec<String>), Refusal> {
    let (mut slugs, mut permissions) = (Vec::new(), Vec::new());
    for id in policies(body) {
        let Some(policy) = identity.inherited_policy(row.project, &id).await? else { continue };
        if let Some(slug) = policy.get("slug").and_then(Value::as_str) {
            slugs.push(slug.to_owned());
        }
        let held = policy.get("permission").and_then(Value::as_array).into_iter().flatten();
        permissions.extend(held.filter_map(|one| one.as_str().map(str::to_owned)));
    }
    if slugs.is_empty() {
        slugs.push(MEMBER.to_owned());
    }
    permissions.sort_unstable();
    permissions.dedup();
    Ok((slugs, permissions))
}

/// A version of a membership, with its user where he is there.
pub(super) fn render(
    row: &Row,
    organization: &Row,
    created: i64,
    slugs: &[String],
    user: Option<Value>,
) -> Result<Value, Refusal> {
    let body = crate::resource::parse(row.body.as_bytes())?;
    let name = crate::resource::parse(organization.body.as_bytes())?;
    let roles: Vec<Value> = slugs.iter().map(|slug| json!({ "slug": slug })).collect();
    let mut shown = json!({
        "object": "organization_membership",
        "id": id::show(id::MEMBERSHIP, &row.id),
        "user_id": id::show(id::USER, user_of(&body)),
        "organization_id": id::show(id::ORGANIZATION, &organization.id),
        "organization_name": name.get("name").and_then(Value::as_str).unwrap_or_default(),
        "status": status(&body),
        "directory_managed": false,
        "custom_attributes": {},
        "role": roles.first(),
        "roles": roles,
        "created_at": moment::text(created),
        "updated_at": moment::text(row.updated),
    });
    if let Some(user) = user {
        shown["user"] = user;
    }
    Ok(shown)
}

/// Memberships as they are shown, in their order.
pub(super) async fn shown(caller: &Caller<'_>, rows: &[Arc<Row>]) -> Result<Vec<Value>, Refusal> {
    let created = caller.repo.created(rows).await?;
    let mut bodies = Vec::with_capacity(rows.len());
    let mut people: Vec<Arc<Row>> = Vec::new();
    for row in rows {
        let body = crate::resource::parse(row.body.as_bytes())?;
        if people.iter().all(|known| known.id != user_of(&body))
            && let Ok(user) = caller.repo.read("User", user_of(&body)).await
        {
            people.push(user);
        }
        bodies.push(body);
    }
    let users = user::shown(caller.identity(), &caller.repo, &people).await?;
    let users: HashMap<&str, Value> = people.iter().map(|row| row.id.as_str()).zip(users).collect();
    let mut shown = Vec::with_capacity(rows.len());
    for ((row, body), created) in rows.iter().zip(&bodies).zip(created) {
        let organization = caller.repo.engine().store.project_id(row.project)?;
        let (organization, _) = caller.identity().organization_record(&caller.repo, &organization).await?;
        let slugs = roles(caller.identity(), row, body).await?;
        shown.push(render(row, &organization, created, &slugs, users.get(user_of(body)).cloned())?);
    }
    Ok(shown)
}

pub(super) async fn show(caller: &Caller<'_>, row: &Arc<Row>) -> Result<Value, Refusal> {
    Ok(shown(caller, std::slice::from_ref(row)).await?.pop().unwrap_or_default())
}
