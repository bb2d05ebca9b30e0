//! The members of a project.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{act, admin, body, done, shown};
use crate::error::{Kind, fault, forbidden, malformed};
use crate::http::reply::Failure;
use crate::http::{extract, parameters};
use crate::repo::audit::{Act, Audit};
use crate::repo::{Repo, absent};
use crate::store::Row;

type Place = web::Path<(String, String)>;

/// A page of them, as a search for ProjectMembership has it, with its parameters.
pub(in crate::http) async fn members(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, project) = admin(&request).await?;
    let mut asked = parameters::parse(request.query_string())?;
    asked.retain(|(name, _)| !matches!(name.as_str(), "_format" | "_pretty"));
    if let Some((name, _)) = asked.iter().find(|(name, _)| name == "project") {
        return Err(malformed("the address names the project").coded("not-supported").at(name).into());
    }
    asked.push(("project".to_owned(), format!("Project/{project}")));
    let found = repo.search("ProjectMembership", &asked, false).await?;
    let entries: Result<Vec<Value>, _> = found
        .rows
        .iter()
        .map(|row| {
            let place = format!("{}/ProjectMembership/{}", repo.engine().base_url, row.id);
            let resource: Value = serde_json::from_str(&row.body)?;
            Ok(json!({ "fullUrl": place, "resource": resource, "search": { "mode": "match" } }))
        })
        .collect();
    let entries = entries.map_err(|error: serde_json::Error| fault(error))?;
    let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset" });
    if let Some(total) = found.total {
        bundle["total"] = Value::from(total);
    }
    if let Some(next) = found.next {
        let url = format!("{}/ProjectMembership?{next}", repo.engine().base_url);
        bundle["link"] = json!([{ "relation": "next", "url": url }]);
    }
    if !entries.is_empty() {
        bundle["entry"] = Value::Array(entries);
    }
    shown(&request, bundle.to_string().as_bytes())
}

pub(in crate::http) async fn member(request: HttpRequest, path: Place) -> Result<HttpResponse, Failure> {
    let (repo, project) = admin(&request).await?;
    let row = of_project(&repo, &project, &path.1).await?;
    shown(&request, row.body.as_bytes())
}

pub(in crate::http) async fn update(
    request: HttpRequest,
    path: Place,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, project) = admin(&request).await?;
    let id = &path.1;
    of_project(&repo, &project, id).await?;
    let body = body(&request, payload).await?;
    let names = |name: &str, value: &str| body.get(name).and_then(Value::as_str) == Some(value);
    if !names("resourceType", "ProjectMembership") || !names("id", id) {
        return Err(forbidden(format!("the body is not ProjectMembership/{id}")).into());
    }
    let audit = Audit { act: Act::Update, ..act(&request, "update-member") };
    let written = repo.audited(audit).update("ProjectMembership", id, body, None).await?;
    shown(&request, written.row.body.as_bytes())
}

pub(in crate::http) async fn remove(request: HttpRequest, path: Place) -> Result<HttpResponse, Failure> {
    let (repo, project) = admin(&request).await?;
    let identity = &extract::state(&request).identity;
    identity.remove_member(&repo, &project, &path.1, act(&request, "remove-member")).await?;
    done(&request)
}

/// The membership, if it is of this project.
async fn of_project(repo: &Repo, project: &str, id: &str) -> Result<std::sync::Arc<Row>, Failure> {
    let row = match repo.read("ProjectMembership", id).await {
        Ok(row) => row,
        Err(error) if matches!(error.kind, Kind::Deleted | Kind::NotFound) => {
            return Err(absent("ProjectMembership", id).into());
        }
        Err(error) => return Err(error.into()),
    };
    match repo.engine().store.project_number(project)? == Some(row.project) {
        true => Ok(row),
        false => Err(absent("ProjectMembership", id).into()),
    }
}
