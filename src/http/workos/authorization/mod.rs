//! Roles and permissions. A role is an AccessPolicy with a slug, of the key's project or of one organization; what it
//! allows here is its own to say in FHIR, what it allows in an application is its `permission`.

mod permission;
mod role;

use std::sync::Arc;

use actix_web::HttpRequest;
use serde_json::{Value, json};

pub(super) use permission::render as render_permission;
pub(in crate::http) use permission::{
    create as create_permission, delete as delete_permission, list as permissions, read as permission,
    update as update_permission,
};
pub(in crate::http) use role::{
    add_permission, create as create_role, delete as delete_role, list as roles, of_organization,
    read as role, remove_permission, set_permissions, update as update_role,
};

use super::caller::Caller;
use super::record::extension;
use super::refusal::{Refusal, said};
use super::{id, moment, organization, part};
use crate::error::Kind;
use crate::repo::Repo;
use crate::search::escape;
use crate::store::Row;

/// The role of a member who is given none.
pub(super) const MEMBER: &str = "member";
const KIND: &str = "resource-kind";

/// A version of a role.
pub(super) fn render(row: &Row, created: i64, of_organization: bool) -> Result<Value, Refusal> {
    let body = crate::resource::parse(row.body.as_bytes())?;
    let slug = body.get("slug").and_then(Value::as_str).unwrap_or_default();
    Ok(json!({
        "object": "role",
        "id": id::show(id::ROLE, &row.id),
        "slug": slug,
        "name": body.get("name").and_then(Value::as_str).unwrap_or(slug),
        "description": body.get("description"),
        "type": if of_organization { "OrganizationRole" } else { "EnvironmentRole" },
        "resource_type_slug": extension(&body, KIND).and_then(Value::as_str).unwrap_or("organization"),
        "permissions": body.get("permission").cloned().unwrap_or_else(|| json!([])),
        "created_at": moment::text(created),
        "updated_at": moment::text(row.updated),
    }))
}

/// The role of a slug in one project.
async fn of_slug(repo: &Repo, slug: &str) -> Result<Option<Arc<Row>>, Refusal> {
    let asked = [("slug".to_owned(), escape(slug))];
    Ok(repo.search("AccessPolicy", &asked, false).await?.rows.into_iter().next())
}

/// The role of a slug that an organization's members may have: its own, or of the project above it. Where there is none,
/// that is a wrong value of a membership (`Invalid`) and makes a bad request of an invitation (`Malformed`).
pub(super) async fn assignable(
    above: &Repo,
    seat: &Repo,
    slug: &str,
    refusal: Kind,
) -> Result<String, Refusal> {
    for repo in [seat, above] {
        if let Some(row) = of_slug(repo, slug).await? {
            return Ok(format!("AccessPolicy/{}", row.id));
        }
    }
    if slug != MEMBER {
        return Err(said(refusal, "invalid_role", format!("There is no role '{slug}'.")));
    }
    // The role that every environment has, made when it is first given.
    let body = json!({ "resourceType": "AccessPolicy", "slug": MEMBER, "name": "Member" });
    match above.create("AccessPolicy", body).await {
        Ok(written) => Ok(format!("AccessPolicy/{}", written.row.id)),
        Err(error) if error.kind == Kind::Conflict => match of_slug(above, MEMBER).await? {
            Some(row) => Ok(format!("AccessPolicy/{}", row.id)),
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// Where the roles of an address are: in an organization, if it names one.
async fn place(request: &HttpRequest, caller: &Caller<'_>) -> Result<(Repo, bool), Refusal> {
    match request.match_info().get("organization") {
        None => Ok((caller.repo.clone(), false)),
        Some(_) => {
            let (row, _) = organization::named(caller, &part(request, "organization")).await?;
            Ok((caller.identity().organization(&caller.repo, &row.id).await?, true))
        }
    }
}
