//! Lists, single records, and what they lead to.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::asked::Asked;
use super::document::Document;
use super::kind::{
    APPLICATION_MEMBERSHIPS, CREDENTIALS, Kind, MEMBERSHIPS, ORGANIZATIONS, PERMISSIONS, ROLES, WEBHOOKS,
};
use super::{administers, asked, caller, id, kind, part, related, told, version};
use crate::error::{fault, not_found};
use crate::http::extract;
use crate::http::record::{found, parsed, target};
use crate::http::reply::{Failure, ok};
use crate::repo::{Repo, absent};
use crate::store::Row;

pub(in crate::http) async fn memberships(request: HttpRequest) -> Result<HttpResponse, Failure> {
    many(&request, &MEMBERSHIPS).await
}

pub(in crate::http) async fn membership(request: HttpRequest) -> Result<HttpResponse, Failure> {
    one(&request, &MEMBERSHIPS).await
}

pub(in crate::http) async fn of_membership(request: HttpRequest) -> Result<HttpResponse, Failure> {
    relation(&request, &MEMBERSHIPS).await
}

pub(in crate::http) async fn organizations(request: HttpRequest) -> Result<HttpResponse, Failure> {
    many(&request, &ORGANIZATIONS).await
}

pub(in crate::http) async fn organization(request: HttpRequest) -> Result<HttpResponse, Failure> {
    one(&request, &ORGANIZATIONS).await
}

pub(in crate::http) async fn of_organization(request: HttpRequest) -> Result<HttpResponse, Failure> {
    relation(&request, &ORGANIZATIONS).await
}

pub(in crate::http) async fn roles(request: HttpRequest) -> Result<HttpResponse, Failure> {
    many(&request, &ROLES).await
}

pub(in crate::http) async fn role(request: HttpRequest) -> Result<HttpResponse, Failure> {
    one(&request, &ROLES).await
}

pub(in crate::http) async fn of_role(request: HttpRequest) -> Result<HttpResponse, Failure> {
    relation(&request, &ROLES).await
}

pub(in crate::http) async fn credentials(request: HttpRequest) -> Result<HttpResponse, Failure> {
    many(&request, &CREDENTIALS).await
}

pub(in crate::http) async fn credential(request: HttpRequest) -> Result<HttpResponse, Failure> {
    one(&request, &CREDENTIALS).await
}

pub(in crate::http) async fn of_credential(request: HttpRequest) -> Result<HttpResponse, Failure> {
    relation(&request, &CREDENTIALS).await
}

pub(in crate::http) async fn permissions(request: HttpRequest) -> Result<HttpResponse, Failure> {
    many(&request, &PERMISSIONS).await
}

pub(in crate::http) async fn permission(request: HttpRequest) -> Result<HttpResponse, Failure> {
    one(&request, &PERMISSIONS).await
}

pub(in crate::http) async fn of_permission(request: HttpRequest) -> Result<HttpResponse, Failure> {
    relation(&request, &PERMISSIONS).await
}

pub(in crate::http) async fn application_memberships(request: HttpRequest) -> Result<HttpResponse, Failure> {
    many(&request, &APPLICATION_MEMBERSHIPS).await
}

pub(in crate::http) async fn application_membership(request: HttpRequest) -> Result<HttpResponse, Failure> {
    one(&request, &APPLICATION_MEMBERSHIPS).await
}

pub(in crate::http) async fn of_application_membership(
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    relation(&request, &APPLICATION_MEMBERSHIPS).await
}

/// Those of the project, which are its admin's to see.
pub(in crate::http) async fn webhooks(request: HttpRequest) -> Result<HttpResponse, Failure> {
    administers(&caller(&request).await?)?;
    many(&request, &WEBHOOKS).await
}

async fn many(request: &HttpRequest, kind: &Kind) -> Result<HttpResponse, Failure> {
    let repo = caller(request).await?;
    let asked = Asked::of_many(kind, asked(request)?)?;
    if let Some(holder) = kind.holder() {
        // Whoever may not search what holds them is told so, and not that there are none.
        repo.search(holder.kind.resource, &[("_count".to_owned(), "1".to_owned())], false).await?;
        let parts = part::everywhere(&repo, kind).await?;
        return part::page(request, &repo, kind, parts, &asked, kind.name).await;
    }
    page(request, &repo, kind, &asked, kind.name).await
}

async fn page(
    request: &HttpRequest,
    repo: &Repo,
    kind: &Kind,
    asked: &Asked,
    path: &str,
) -> Result<HttpResponse, Failure> {
    let found = repo.search_at(kind.resource, &asked.search, asked.skip(), asked.size).await?;
    let total = found.total.ok_or_else(|| fault("a list without its total"))?;
    let document = Document::new(repo, asked, &extract::state(request).public_url);
    Ok(told(request, ok(), &document.many(kind, &found.rows, total, path).await?))
}

async fn one(request: &HttpRequest, kind: &Kind) -> Result<HttpResponse, Failure> {
    let repo = caller(request).await?;
    let asked = Asked::of_one(kind, asked(request)?)?;
    let row = read(&repo, kind, id(request)).await?;
    let document = Document::new(&repo, &asked, &extract::state(request).public_url);
    Ok(told(request, ok(), &document.one(kind, Some(&row)).await?))
}

/// A record of the type: a membership of a client is none.
pub(super) async fn read(repo: &Repo, kind: &Kind, id: &str) -> Result<Arc<Row>, Failure> {
    if kind.holder().is_some() {
        return Ok(Box::pin(part::find(repo, kind, id)).await?.1);
    }
    let row = found(repo, kind.resource, id).await?;
    // A client has one too, and that is no member here.
    let is_person = |body: &Value| body.get("user").and_then(|user| target(user, "User")).is_some();
    if kind.name == MEMBERSHIPS.name && !is_person(&parsed(&row)?) {
        return Err(absent(kind.name, id).into());
    }
    Ok(row)
}

/// What a record leads to, as a list or a record of its own.
async fn relation(request: &HttpRequest, from: &'static Kind) -> Result<HttpResponse, Failure> {
    let repo = caller(request).await?;
    let name = request.match_info().get("relation").unwrap_or_default();
    let relation = related::named(from, name)?;
    let row = read(&repo, from, id(request)).await?;
    if relation.to == "versions" {
        return version::of_record(request, &repo, from, &row).await;
    }
    let to = kind::of(relation.to).ok_or_else(|| fault("a relation to nothing"))?;
    let path = format!("{}/{}/{name}", from.name, row.id);
    if !relation.many {
        let asked = Asked::of_one(to, asked(request)?)?;
        let found = related::of(&repo, from, &[row], relation).await?.pop().unwrap_or_default();
        let document = Document::new(&repo, &asked, &extract::state(request).public_url);
        return Ok(told(request, ok(), &document.one(to, found.first()).await?));
    }
    let mut asked = Asked::of_many(to, asked(request)?)?;
    if to.holder().is_some() {
        let parts = related::parts(&repo, from, &row, to).await?;
        return part::page(request, &repo, to, parts, &asked, &path).await;
    }
    match related::search(&repo, from, &row, relation).await? {
        Some(own) => {
            asked.search.extend(own);
            page(request, &repo, to, &asked, &path).await
        }
        None => {
            let document = Document::new(&repo, &asked, &extract::state(request).public_url);
            Ok(told(request, ok(), &document.many(to, &[], 0, &path).await?))
        }
    }
}

/// The refusal of a type that is known to the dialect and has no list here.
pub(super) fn nothing(what: &str) -> Failure {
    not_found(format!("there is no {what}")).into()
}
