//! `$init` and `$clone` of projects, `$rotate-secret` of a client (`fhir/operation/Project-init.json`,
//! `Project-clone.json`, `ClientApplication-rotate-secret.json`).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::input::begin;
use super::recorded;
use crate::error::{Result, forbidden, malformed};
use crate::http::reply::{Failure, created, fhir, ok};
use crate::http::{extract, negotiate};
use crate::identity::project::NewProject;
use crate::repo::Repo;

fn super_admin(repo: &Repo) -> Result<()> {
    match repo.actor().is_boundless() && repo.actor().administers() {
        true => Ok(()),
        false => Err(forbidden("this is for a super admin")),
    }
}

pub(in crate::http) async fn init(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (form, repo, mut input) = begin(&request, payload, super_admin).await?;
    let missing = || malformed("there is no `name`").coded("required").at("name");
    let asked = NewProject {
        name: input.text("name")?.ok_or_else(missing)?,
        parent: input.reference("parent", "Project")?,
        owner: input.reference("owner", "User")?,
        provisioned: false,
    };
    input.finish()?;
    let identity = &extract::state(&request).identity;
    let made = identity.new_project(&repo, &asked, recorded(&request, "create-project")).await?;
    shown(&request, form, &repo, &made.project).await
}

pub(in crate::http) async fn clone(
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (form, repo, mut input) = begin(&request, payload, super_admin).await?;
    let name = input.text("name")?;
    let types = input.texts("resourceTypes")?;
    input.finish()?;
    let identity = &extract::state(&request).identity;
    let audit = recorded(&request, "clone-project");
    let copy = identity.clone_project(&repo, &id, name.as_deref(), &types, audit).await?;
    shown(&request, form, &repo, &copy).await
}

async fn shown(
    request: &HttpRequest,
    form: negotiate::Form,
    repo: &Repo,
    id: &str,
) -> Result<HttpResponse, Failure> {
    let row = repo.read("Project", id).await?;
    let location = format!("{}/Project/{id}/_history/{}", repo.engine().base_url, row.version);
    Ok(fhir(request, form, created(&location), row.body.as_bytes().to_vec()))
}

pub(in crate::http) async fn rotate_secret(
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (form, repo, mut input) = begin(&request, payload, |_| Ok(())).await?;
    let finish = input.boolean("finish")?.unwrap_or(false);
    input.finish()?;
    let identity = &extract::state(&request).identity;
    let audit = recorded(&request, "rotate-secret");
    let (mut client, secret) = identity.rotate_secret(&repo, &id, finish, audit).await?;
    if let Some(secret) = secret {
        client["secret"] = Value::from(secret);
    }
    Ok(fhir(&request, form, ok(), client.to_string().into_bytes()))
}
