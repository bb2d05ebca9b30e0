//! Permissions: words that applications know, with a name for people.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::asked::Parameters;
use super::super::caller::Caller;
use super::super::list::{Paging, ends};
use super::super::record::{self, extend, extension};
use super::super::refusal::{Refusal, missing, said, wrong};
use super::super::{id, moment, part};
use super::KIND;
use super::role::held;
use crate::error::Kind;
use crate::http::reply;
use crate::repo::{Criteria, Outcome, Repo};
use crate::store::Row;

const NAME: &str = "record-name";
const DESCRIPTION: &str = "record-description";

/// A version of a permission.
pub(in crate::http::workos) fn render(row: &Row, created: i64) -> Result<Value, Refusal> {
    let body = crate::resource::parse(row.body.as_bytes())?;
    let slug = record::value(&body);
    Ok(json!({
        "object": "permission",
        "id": id::show(id::PERMISSION, &row.id),
        "slug": slug,
        "name": extension(&body, NAME).and_then(Value::as_str).unwrap_or(slug),
        "description": extension(&body, DESCRIPTION),
        "system": false,
        "resource_type_slug": extension(&body, KIND).and_then(Value::as_str).unwrap_or("organization"),
        "created_at": moment::text(created),
        "updated_at": moment::text(row.updated),
    }))
}

async fn show(repo: &Repo, row: &Arc<Row>, new: bool) -> Result<HttpResponse, Refusal> {
    let created = repo.created(std::slice::from_ref(row)).await?.pop().unwrap_or(row.updated);
    let mut reply = if new { reply::made() } else { reply::ok() };
    Ok(reply.json(render(row, created)?))
}

async fn addressed(request: &HttpRequest, repo: &Repo) -> Result<Arc<Row>, Refusal> {
    let slug = part(request, "slug");
    record::PERMISSION.named(repo, &slug).await?.ok_or_else(|| missing("permission", &slug))
}

pub(in crate::http) async fn list(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let mut asked = Parameters::read(&request)?;
    let paging = Paging::read(&mut asked, id::PERMISSION);
    asked.finish()?;
    let found = paging.fetch(&caller.repo, "Basic", vec![record::PERMISSION.clause()], "_id").await?;
    let created = caller.repo.created(&found.rows).await?;
    let data = found.rows.iter().zip(created).map(|(row, created)| render(row, created));
    let data = data.collect::<Result<Vec<Value>, Refusal>>()?;
    Ok(reply::ok().json(paging.envelope(data, ends(&found))))
}

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let row = addressed(&request, &caller.repo).await?;
    show(&caller.repo, &row, false).await
}

pub(in crate::http) async fn create(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let (slug, name) = (asked.needed("slug"), asked.needed("name"));
    let (description, kind) = (asked.text("description"), asked.text("resource_type_slug"));
    asked.finish()?;
    let legal = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || "._:-*".contains(char);
    if !slug.chars().all(legal) {
        return Err(wrong("slug", "invalid_value", "A slug has small letters, digits and . _ : - only."));
    }
    let mut body = record::PERMISSION.body(&slug, None);
    extend(&mut body, NAME, "valueString", Some(Value::from(name)));
    extend(&mut body, DESCRIPTION, "valueString", description.map(Value::from));
    extend(&mut body, KIND, "valueCode", kind.map(Value::from));
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in record::PERMISSION.clauses(&slug) {
        query.append_pair(&name, &value);
    }
    let criteria = Criteria::parse(&query.finish(), "slug")?;
    let written = caller.repo.create_unless("Basic", body, &criteria).await?;
    if written.outcome == Outcome::Found {
        let text = format!("There is a permission '{slug}' already.");
        return Err(said(Kind::Conflict, "permission_slug_conflict", text));
    }
    show(&caller.repo, &written.row, true).await
}

pub(in crate::http) async fn update(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let (name, description) = (asked.text("name"), asked.sent("description"));
    asked.finish()?;
    let row = addressed(&request, &caller.repo).await?;
    let mut body = crate::resource::parse(row.body.as_bytes())?;
    if let Some(name) = name {
        extend(&mut body, NAME, "valueString", Some(Value::from(name)));
    }
    if let Some(text) = description {
        extend(&mut body, DESCRIPTION, "valueString", text.filter(|text| !text.is_empty()).map(Value::from));
    }
    let written = caller.repo.update("Basic", &row.id, body, Some(row.version)).await?;
    show(&caller.repo, &written.row, false).await
}

/// Roles that hold it lose it.
pub(in crate::http) async fn delete(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let row = addressed(&request, &caller.repo).await?;
    let slug = part(&request, "slug");
    let asked = [("slug:missing", "false"), ("_count", "1000")];
    let asked = asked.map(|(name, value)| (name.to_owned(), value.to_owned()));
    for role in caller.repo.search("AccessPolicy", &asked, false).await?.rows {
        let mut body = crate::resource::parse(role.body.as_bytes())?;
        let mut slugs = held(&body);
        if slugs.contains(&slug) {
            slugs.retain(|held| *held != slug);
            match slugs.is_empty() {
                true => drop(body.as_object_mut().map(|body| body.shift_remove("permission"))),
                false => body["permission"] = json!(slugs),
            }
            caller.repo.update("AccessPolicy", &role.id, body, Some(role.version)).await?;
        }
    }
    caller.repo.delete("Basic", &row.id, None).await?;
    Ok(reply::no_content().finish())
}
