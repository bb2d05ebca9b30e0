//! What a write is called, and the record as it was then.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::record;
use super::super::refusal::Refusal;
use super::super::{authorization, invitation, membership, organization, user, verification};
use super::sign_in;
use crate::http::webhook::{self, Fate};
use crate::identity::Identity;
use crate::repo::Repo;
use crate::repo::subscription::WORKOS;
use crate::store::{Row, Told};

fn named(what: &str, fate: Fate) -> Option<&'static str> {
    let word = match fate {
        Fate::Created => "created",
        Fate::Updated => "updated",
        Fate::Deleted => "deleted",
    };
    WORKOS.events.iter().copied().find(|name| name.split_once('.') == Some((what, word)))
}

/// The event of a line, if it is one.
pub(super) async fn of(
    repo: &Repo,
    identity: &Identity,
    line: &Told,
) -> Result<Option<(&'static str, Value)>, Refusal> {
    let engine = repo.engine();
    let Some((fate, row)) = webhook::told(&engine.store, line)? else { return Ok(None) };
    let body = crate::resource::parse(row.body.as_bytes())?;
    let created = repo.created(std::slice::from_ref(&row)).await?.pop().unwrap_or(row.updated);
    let kind = engine.store.kind_name(row.kind).unwrap_or_default();
    let own = row.project == repo.actor().project;
    let told = match kind {
        "User" => named("user", fate).zip(Some(user::render(&row, created, None)?)),
        "Project" => {
            let asleep = |body: &Value| body.get("active") == Some(&Value::Bool(false));
            let fate = if asleep(&body) { Fate::Deleted } else { fate };
            named("organization", fate).zip(Some(organization::render(&row, created, json!([]))?))
        }
        "ProjectMembership" if !membership::user_of(&body).is_empty() => {
            let (slugs, _) = membership::granted(identity, &row, &body).await?;
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
        // What changes of a domain is its state.
        "Basic" if record::DOMAIN.is_of(&body) => {
            let verified = fate == Fate::Updated && organization::is_verified(&body);
            let name = named("organization_domain", fate);
            name.map(|name| if verified { "organization_domain.verified" } else { name })
                .zip(Some(organization::render_domain(&row, &body, created)))
        }
        "Login" if own && fate == Fate::Created => sign_in::authenticated(repo, &row, &body, line.place.at)?,
        "AuditEvent" if own && fate == Fate::Created => sign_in::recorded(repo, &body)?,
        "UserSecurityRequest" => code(repo, &row, &body, fate, created),
        _ => None,
    };
    Ok(told)
}

/// Codes and tokens: told of without what they are.
fn code(
    repo: &Repo,
    row: &Arc<Row>,
    body: &Value,
    fate: Fate,
    created: i64,
) -> Option<(&'static str, Value)> {
    let is = |name: &str| body.get(name) == Some(&Value::Bool(true));
    let kind = body.get("type").and_then(Value::as_str)?;
    let project = repo.actor().project_id.as_str();
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
