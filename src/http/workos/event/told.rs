//! What a write is called, and the record as it was then.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::caller::Caller;
use super::super::record;
use super::super::refusal::Refusal;
use super::super::{authorization, invitation, membership, organization, user, verification};
use crate::store::{Row, Told};

/// The events that there are.
pub(super) const NAMES: [&str; 28] = [
    "email_verification.created",
    "invitation.accepted",
    "invitation.created",
    "invitation.revoked",
    "magic_auth.created",
    "organization.created",
    "organization.deleted",
    "organization.updated",
    "organization_domain.created",
    "organization_domain.deleted",
    "organization_domain.updated",
    "organization_membership.created",
    "organization_membership.deleted",
    "organization_membership.updated",
    "organization_role.created",
    "organization_role.deleted",
    "organization_role.updated",
    "password_reset.created",
    "password_reset.succeeded",
    "permission.created",
    "permission.deleted",
    "permission.updated",
    "role.created",
    "role.deleted",
    "role.updated",
    "user.created",
    "user.deleted",
    "user.updated",
];

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Created,
    Updated,
    Deleted,
}

fn named(what: &str, fate: Fate) -> Option<&'static str> {
    let word = match fate {
        Fate::Created => "created",
        Fate::Updated => "updated",
        Fate::Deleted => "deleted",
    };
    NAMES.into_iter().find(|name| name.split_once('.') == Some((what, word)))
}

/// The event of a line, if it is one.
pub(super) async fn of(caller: &Caller<'_>, line: &Told) -> Result<Option<(&'static str, Value)>, Refusal> {
    let engine = caller.repo.engine();
    let fate = match (line.row.deleted, line.created) {
        (true, _) => Fate::Deleted,
        (_, true) => Fate::Created,
        _ => Fate::Updated,
    };
    let before = || -> Result<Option<Row>, Refusal> {
        Ok(engine.store.past(line.row.project, line.row.rid, line.row.version - 1)?)
    };
    // Of what is gone its last version tells.
    let row =
        if fate == Fate::Deleted { before()?.filter(|row| !row.deleted) } else { Some(line.row.clone()) };
    let Some(row) = row.filter(|row| !row.body.is_empty()) else { return Ok(None) };
    let body = crate::resource::parse(row.body.as_bytes())?;
    let row = Arc::new(row);
    let created = caller.repo.created(std::slice::from_ref(&row)).await?.pop().unwrap_or(row.updated);
    let kind = engine.store.kind_name(row.kind).unwrap_or_default();
    let own = row.project == caller.repo.actor().project;
    let told = match kind {
        "User" => named("user", fate).zip(Some(user::render(&row, created, None)?)),
        "Project" => {
            let asleep = |body: &Value| body.get("active") == Some(&Value::Bool(false));
            let fate = if asleep(&body) { Fate::Deleted } else { fate };
            named("organization", fate).zip(Some(organization::render(&row, created, json!([]))?))
        }
        "ProjectMembership" if !membership::user_of(&body).is_empty() => {
            let (slugs, _) = membership::granted(caller.identity(), &row, &body).await?;
            let home = engine.store.project_id(row.project)?;
            let project = engine.store.kind("Project").unwrap_or_default();
            match engine.store.fetch(row.project, project, &home).await? {
                Some(home) => named("organization_membership", fate)
                    .zip(Some(membership::render(&row, &home, created, &slugs, None)?)),
                None => None,
            }
        }
        "AccessPolicy" if body.get("slug").is_some() => {
            let what = if own { "role" } else { "organization_role" };
            named(what, fate).zip(Some(authorization::render(&row, created, !own)?))
        }
        "Basic" if record::PERMISSION.is_of(&body) => {
            named("permission", fate).zip(Some(authorization::render_permission(&row, created)?))
        }
        "Basic" if record::DOMAIN.is_of(&body) => {
            named("organization_domain", fate).zip(Some(organization::render_domain(&row, &body, created)))
        }
        "UserSecurityRequest" => code(caller, &row, &body, fate, created),
        _ => None,
    };
    Ok(told)
}

/// Codes and tokens: told of without what they are.
fn code(
    caller: &Caller<'_>,
    row: &Arc<Row>,
    body: &Value,
    fate: Fate,
    created: i64,
) -> Option<(&'static str, Value)> {
    let is = |name: &str| body.get(name) == Some(&Value::Bool(true));
    let kind = body.get("type").and_then(Value::as_str)?;
    let project = caller.repo.actor().project_id.as_str();
    let name = match (kind, fate) {
        ("verify-email", Fate::Created) => "email_verification.created",
        ("magic-auth", Fate::Created) => "magic_auth.created",
        ("reset", Fate::Created) => "password_reset.created",
        ("reset", Fate::Updated) if is("used") => "password_reset.succeeded",
        ("invite", Fate::Created) => "invitation.created",
        ("invite", Fate::Updated) if is("used") => "invitation.accepted",
        ("invite", Fate::Updated) if is("revoked") => "invitation.revoked",
        _ => return None,
    };
    let data = match kind {
        "invite" => invitation::told(row, body, project, created),
        _ => verification::told(row, body, kind, created),
    };
    Some((name, data))
}
