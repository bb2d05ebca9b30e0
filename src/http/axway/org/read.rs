//! `GET /org/{org_id}`: an organization, with who belongs to it.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::super::answer::one;
use super::super::asked::Asked;
use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::{body, extension, moment, target, text};
use super::super::role::Roles;
use crate::error::{Kind, Result};
use crate::http::reply::Failure;

/// What they write for no limit.
const UNLIMITED: u32 = 10_000;

pub(in crate::http) async fn org(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &["onboarding"])?;
    asked.flag("onboarding")?;
    let org = caller.org(caller.part("org_id")).await?;
    Ok(one(&asked, whole(&caller, &org).await?))
}

/// An organization with its members, as far as the caller sees them.
pub(super) async fn whole(caller: &Caller<'_>, org: &Org) -> Result<Value> {
    let (row, project) = org.record().await?;
    let mut shown = brief(caller, org).await?;
    shown["created"] = moment(org.repo.created(std::slice::from_ref(&row)).await?[0]).into();
    shown["updated"] = moment(row.updated).into();
    if let Some(parent) = target(&project, "parent", "Project") {
        shown["parent_org_guid"] = parent.into();
    }
    let memberships =
        match org.all("ProjectMembership", &[("profile-type:not", "ClientApplication".into())]).await {
            Err(error) if error.kind == Kind::Forbidden => Vec::new(),
            found => found?,
        };
    let bodies = memberships.iter().map(|row| body(row)).collect::<Result<Vec<Value>>>()?;
    let roles = Roles::of(caller.identity(), org.number, &bodies.iter().collect::<Vec<_>>()).await?;
    let primary = primary(&project);
    let users = bodies.iter().filter_map(|membership| {
        let user = target(membership, "user", "User")?;
        let roles = roles.named(membership);
        Some(json!({ "guid": user, "role": roles[0], "roles": roles, "primary": primary == Some(user) }))
    });
    shown["users"] = users.collect();
    Ok(shown)
}

/// An organization as a session tells of it.
pub(in crate::http::axway) async fn brief(caller: &Caller<'_>, org: &Org) -> Result<Value> {
    let (_, project) = org.record().await?;
    let mut shown = json!({
        "guid": org.id,
        "org_id": org.number,
        "name": text(&project, "name").unwrap_or_default(),
        // Those that sleep are not there.
        "active": true,
        // Nothing is sold here, so nothing is limited.
        "entitlements": { "limit_users": UNLIMITED, "limit_read_only_users": 0, "partners": [] },
        "subscriptions": [],
    });
    if let Some(region) = extension(&project, "region") {
        shown["region"] = region.clone();
    }
    if org.id == caller.repo.actor().project_id {
        shown["provider"] = (target(&project, "parent", "Project").is_none()).into();
    }
    Ok(shown)
}

/// The id of the member whom to turn to.
pub(super) fn primary(project: &Value) -> Option<&str> {
    extension(project, "primary-contact")?.get("reference")?.as_str()?.strip_prefix("User/")
}
