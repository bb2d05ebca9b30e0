//! Groups: the Groups of the project.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::collection::{Ask, Collection};
use super::{answer, caller, found, id, moment, parsed, put, text};
use crate::error::Result;
use crate::http::reply::Failure;
use crate::repo::Repo;
use crate::store::Row;

pub(super) const GROUPS: Collection = Collection {
    kind: "Group",
    filters: &[("user_id", Ask::To("member", "User")), ("updated_at", Ask::Moment("_lastUpdated"))],
    sorts: &[("updated_at", "_lastUpdated"), ("id", "_id")],
    order: "_id",
};

pub(in crate::http) async fn groups(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    let page = GROUPS.page(&repo, &asked).await?;
    let made = repo.created(&page.rows).await?;
    let views = page.rows.iter().zip(made).map(|(row, made)| view(&repo, row, made));
    let views = views.collect::<Result<_>>()?;
    answer::many(&request, &repo, &asked, &page, views)
}

pub(in crate::http) async fn group(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    asked.of_one()?;
    let row = found(&repo, GROUPS.kind, id(&request)).await?;
    let made = repo.created(std::slice::from_ref(&row)).await?;
    let view = view(&repo, &row, made.first().copied().unwrap_or(row.updated))?;
    answer::one(&request, &repo, &asked, &row, view)
}

pub(super) fn view(repo: &Repo, row: &Row, made: i64) -> Result<Value> {
    let body = parsed(row)?;
    let mut group = json!({ "id": row.id });
    put(&mut group, "name", text(&body, "name"));
    group["organization"] = Value::from(repo.actor().project_id.as_str());
    group["created_at"] = moment(made);
    group["updated_at"] = moment(row.updated);
    Ok(group)
}
