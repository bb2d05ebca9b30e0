//! Organizations and workspaces: both are projects. An organization is the project as such; a workspace says besides whose
//! it is, which is its parent, where it has one.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::collection::{Ask, Collection};
use super::{answer, caller, found, id, moment, parsed, put, target, text};
use crate::error::Result;
use crate::http::reply::Failure;
use crate::store::Row;

pub(super) const PROJECTS: Collection = Collection {
    kind: "Project",
    filters: &[("name", Ask::Is("name:exact")), ("updated_at", Ask::Moment("_lastUpdated"))],
    sorts: &[("name", "name"), ("updated_at", "_lastUpdated"), ("id", "_id")],
    order: "_id",
};

pub(in crate::http) async fn organizations(request: HttpRequest) -> Result<HttpResponse, Failure> {
    many(&request, |_, _| None).await
}

pub(in crate::http) async fn organization(request: HttpRequest) -> Result<HttpResponse, Failure> {
    one(&request, |_, _| None).await
}

pub(in crate::http) async fn workspaces(request: HttpRequest) -> Result<HttpResponse, Failure> {
    many(&request, |row, body| Some(owner(row, body))).await
}

pub(in crate::http) async fn workspace(request: HttpRequest) -> Result<HttpResponse, Failure> {
    one(&request, |row, body| Some(owner(row, body))).await
}

/// The organization that a workspace is part of.
pub(super) fn owner(row: &Row, body: &Value) -> String {
    body.get("parent").and_then(|parent| target(parent, "Project")).unwrap_or(&row.id).to_owned()
}

async fn many(
    request: &HttpRequest,
    part_of: fn(&Row, &Value) -> Option<String>,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(request).await?;
    let page = PROJECTS.page(&repo, &asked).await?;
    let made = repo.created(&page.rows).await?;
    let views = page.rows.iter().zip(made).map(|(row, made)| view(row, made, part_of));
    let views = views.collect::<Result<_>>()?;
    answer::many(request, &repo, &asked, &page, views)
}

async fn one(
    request: &HttpRequest,
    part_of: fn(&Row, &Value) -> Option<String>,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(request).await?;
    asked.of_one()?;
    let row = found(&repo, PROJECTS.kind, id(request)).await?;
    let made = repo.created(std::slice::from_ref(&row)).await?;
    let view = view(&row, made.first().copied().unwrap_or(row.updated), part_of)?;
    answer::one(request, &repo, &asked, &row, view)
}

fn view(row: &Row, made: i64, part_of: fn(&Row, &Value) -> Option<String>) -> Result<Value> {
    let body = parsed(row)?;
    let mut project = json!({ "id": row.id });
    put(&mut project, "name", text(&body, "name"));
    put(&mut project, "organization", part_of(row, &body));
    project["created_at"] = moment(made);
    project["updated_at"] = moment(row.updated);
    Ok(project)
}
