//! Roles are read, made, changed and taken away.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::caller::Caller;
use super::super::list::whole;
use super::super::part;
use super::super::record::{self, extend};
use super::super::refusal::{Refusal, bad, missing, said};
use super::{KIND, of_slug, place, render};
use crate::error::{Kind, busy};
use crate::http::reply;
use crate::repo::Repo;
use crate::store::Row;

/// Written anew, this often, where others change the same role.
const ATTEMPTS: usize = 12;

async fn show(repo: &Repo, row: &Arc<Row>, own: bool, new: bool) -> Result<HttpResponse, Refusal> {
    let created = repo.created(std::slice::from_ref(row)).await?.pop().unwrap_or(row.updated);
    let mut reply = if new { reply::made() } else { reply::ok() };
    Ok(reply.json(render(row, created, own)?))
}

async fn addressed(request: &HttpRequest, repo: &Repo) -> Result<Arc<Row>, Refusal> {
    let slug = part(request, "slug");
    of_slug(repo, &slug).await?.ok_or_else(|| missing("role", &slug))
}

async fn all(repo: &Repo, own: bool) -> Result<Vec<Value>, Refusal> {
    let asked = [("slug:missing", "false"), ("_sort", "_id"), ("_count", "1000")];
    let asked = asked.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let found = repo.search("AccessPolicy", &asked, false).await?;
    let created = repo.created(&found.rows).await?;
    found.rows.iter().zip(created).map(|(row, created)| render(row, created, own)).collect()
}

/// Those of the project, or of an organization with those of the project above it, which its members may have, too.
pub(in crate::http) async fn list(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let (repo, own) = place(&request, &caller).await?;
    let mut roles = all(&caller.repo, false).await?;
    if own {
        roles.extend(all(&repo, true).await?);
    }
    Ok(reply::ok().json(whole(roles)))
}

/// The same, by the address that organizations have.
pub(in crate::http) async fn of_organization(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    list(request).await
}

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let (repo, own) = place(&request, &caller).await?;
    match addressed(&request, &repo).await {
        Err(_) if own => {
            let row = addressed(&request, &caller.repo).await?;
            show(&caller.repo, &row, false, false).await
        }
        row => show(&repo, &row?, own, false).await,
    }
}

pub(in crate::http) async fn create(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let (own, slug) = (request.match_info().get("organization").is_some(), asked.text("slug"));
    let name = asked.needed("name");
    let description = asked.text("description");
    let kind = asked.text("resource_type_slug");
    // An organization's own roles may be named by the server.
    let slug = match (slug, own) {
        (Some(slug), _) => slug,
        (None, true) => slugged(&name),
        (None, false) => {
            asked.fault("slug", "required", "slug is required.");
            String::new()
        }
    };
    asked.finish()?;
    let (repo, own) = place(&request, &caller).await?;
    let mut body = json!({ "resourceType": "AccessPolicy", "slug": slug, "name": name });
    if let Some(description) = description {
        body["description"] = Value::from(description);
    }
    if let Some(kind) = kind {
        extend(&mut body, KIND, "valueCode", Some(Value::from(kind)));
    }
    let taken = || said(Kind::Conflict, "role_slug_conflict", format!("There is a role '{slug}' already."));
    if own && of_slug(&caller.repo, &slug).await?.is_some() {
        return Err(taken());
    }
    let written = repo.create("AccessPolicy", body).await.map_err(|error| match error.kind {
        Kind::Conflict => taken(),
        _ => error.into(),
    })?;
    show(&repo, &written.row, own, true).await
}

/// A name as a slug.
fn slugged(name: &str) -> String {
    let words = name.to_lowercase();
    let words = words.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    format!("org-{}", words.collect::<Vec<_>>().join("-")).trim_end_matches('-').to_owned()
}

/// Changes the role in the address.
async fn change(
    request: &HttpRequest,
    caller: &Caller<'_>,
    edit: impl Fn(&mut Value),
) -> Result<HttpResponse, Refusal> {
    let (repo, own) = place(request, caller).await?;
    for _ in 0..ATTEMPTS {
        let row = addressed(request, &repo).await?;
        let mut body = crate::resource::parse(row.body.as_bytes())?;
        edit(&mut body);
        match repo.update("AccessPolicy", &row.id, body, Some(row.version)).await {
            Ok(written) => return show(&repo, &written.row, own, false).await,
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy("this role is changed by many at once; try again").into())
}

pub(in crate::http) async fn update(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let (name, description) = (asked.text("name"), asked.sent("description"));
    asked.finish()?;
    let edit = |body: &mut Value| {
        if let Some(name) = &name {
            body["name"] = Value::from(name.as_str());
        }
        match &description {
            None => {}
            Some(Some(text)) if !text.is_empty() => body["description"] = Value::from(text.as_str()),
            Some(_) => drop(body.as_object_mut().map(|body| body.shift_remove("description"))),
        }
    };
    change(&request, &caller, edit).await
}

/// Fails for a permission that there is not.
async fn known(caller: &Caller<'_>, slugs: &[String]) -> Result<(), Refusal> {
    for slug in slugs {
        if record::PERMISSION.named(&caller.repo, slug).await?.is_none() {
            return Err(bad("invalid_permission", format!("There is no permission '{slug}'.")));
        }
    }
    Ok(())
}

fn put(body: &mut Value, mut slugs: Vec<String>) {
    let mut seen = std::collections::BTreeSet::new();
    slugs.retain(|slug| seen.insert(slug.clone()));
    match slugs.is_empty() {
        true => drop(body.as_object_mut().map(|body| body.shift_remove("permission"))),
        false => body["permission"] = json!(slugs),
    }
}

pub(super) fn held(body: &Value) -> Vec<String> {
    let all = body.get("permission").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|slug| slug.as_str().map(str::to_owned)).collect()
}

pub(in crate::http) async fn set_permissions(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let slugs = asked.texts("permissions");
    if slugs.is_none() {
        asked.fault("permissions", "required", "permissions is required.");
    }
    asked.finish()?;
    let slugs = slugs.unwrap_or_default();
    known(&caller, &slugs).await?;
    change(&request, &caller, |body| put(body, slugs.clone())).await
}

pub(in crate::http) async fn add_permission(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let slug = asked.needed("slug");
    asked.finish()?;
    known(&caller, std::slice::from_ref(&slug)).await?;
    let edit = |body: &mut Value| {
        let mut slugs = held(body);
        slugs.push(slug.clone());
        put(body, slugs);
    };
    change(&request, &caller, edit).await
}

pub(in crate::http) async fn remove_permission(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let permission = part(&request, "permission");
    let edit = |body: &mut Value| {
        let mut slugs = held(body);
        slugs.retain(|slug| *slug != permission);
        put(body, slugs);
    };
    change(&request, &caller, edit).await
}

/// Only an organization's own roles are taken away here; whoever has one has it no more.
pub(in crate::http) async fn delete(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let (repo, _) = place(&request, &caller).await?;
    let row = addressed(&request, &repo).await?;
    let asked = [("access-policy".to_owned(), format!("AccessPolicy/{}", row.id))];
    if !repo.search("ProjectMembership", &asked, false).await?.rows.is_empty() {
        return Err(said(Kind::Conflict, "role_in_use", "Members of the organization have this role."));
    }
    repo.delete("AccessPolicy", &row.id, None).await?;
    Ok(reply::no_content().finish())
}
