//! The project itself: what its admin sees of it, and the three lists that he sets.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{act, admin, body, shown};
use crate::error::fault;
use crate::http::extract;
use crate::http::reply::Failure;

/// Elements that are shown.
const SHOWN: [&str; 7] = ["id", "name", "description", "setting", "secret", "site", "parent"];

pub(in crate::http) async fn project(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, id) = admin(&request).await?;
    let row = repo.read("Project", &id).await?;
    let mut project: Value = serde_json::from_str(&row.body).map_err(fault)?;
    if let Some(object) = project.as_object_mut() {
        object.retain(|name, _| SHOWN.contains(&name.as_str()));
    }
    shown(&request, json!({ "project": project }).to_string().as_bytes())
}

pub(in crate::http) async fn settings(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    set(request, payload, "setting").await
}

pub(in crate::http) async fn secrets(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    set(request, payload, "secret").await
}

pub(in crate::http) async fn sites(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    set(request, payload, "site").await
}

async fn set(request: HttpRequest, payload: web::Payload, element: &str) -> Result<HttpResponse, Failure> {
    let (repo, id) = admin(&request).await?;
    let list = body(&request, payload).await?;
    let audit = act(&request, "set-project");
    let identity = &extract::state(&request).identity;
    let row = identity.set_in_project(&repo, &id, element, &list, audit).await?;
    shown(&request, row.body.as_bytes())
}
