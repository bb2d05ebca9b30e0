//! Roles are AccessPolicies. One that is made here allows nothing until somebody says what.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::asked::Asked;
use super::document::Document;
use super::kind::ROLES;
use super::sent::Sent;
use super::{ATTEMPTS, asked, caller, id, read, told};
use crate::error::{Error, Issue, Kind, busy};
use crate::http::extract;
use crate::http::record::{found, parsed};
use crate::http::reply::{Failure, created, ok};
use crate::repo::Repo;

pub(in crate::http) async fn create_role(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&ROLES, asked(&request)?)?;
    let sent = Sent::read(&request, payload, &ROLES, None, (&["name"], &["organization"])).await?;
    sent.needed("name")?;
    sent.stays_in(&repo.actor().project_id)?;
    let mut policy = json!({ "resourceType": "AccessPolicy" });
    sent.write_record(&mut policy, &[("name", "name")]);
    let row = repo.create("AccessPolicy", policy).await?.row;
    let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
    let place = format!("{}/roles/{}", document.base, row.id);
    Ok(told(&request, created(&place), &document.one(&ROLES, Some(&row)).await?))
}

pub(in crate::http) async fn update_role(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&ROLES, asked(&request)?)?;
    let sent = Sent::read(&request, payload, &ROLES, Some(id(&request)), (&["name"], &[])).await?;
    if sent.attributes.contains_key("name") {
        sent.needed("name")?;
    }
    for _ in 0..ATTEMPTS {
        let row = read::read(&repo, &ROLES, id(&request)).await?;
        let mut policy = parsed(&row)?;
        sent.write_record(&mut policy, &[("name", "name")]);
        match repo.update("AccessPolicy", &row.id, policy, Some(row.version)).await {
            Ok(written) => {
                let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
                return Ok(told(&request, ok(), &document.one(&ROLES, Some(&written.row)).await?));
            }
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy("this role is changed by many at once; try again").into())
}

/// The access of a membership that has this role, which must be one of the project's.
pub(super) async fn access(repo: &Repo, role: &str) -> Result<Value, Failure> {
    match found(repo, "AccessPolicy", role).await {
        Ok(row) => Ok(json!([{ "policy": { "reference": format!("AccessPolicy/{}", row.id) } }])),
        Err(error) if error.kind == Kind::NotFound => {
            Err(Error::new(Kind::Invalid, vec![Issue::error("not-found", "must exist")])
                .at("/data/relationships/role")
                .into())
        }
        Err(error) => Err(error.into()),
    }
}
