//! `$expunge` (`fhir/operation/Resource-expunge.json`): removes for good.

use actix_web::{HttpRequest, HttpResponse, web};

use super::input::Input;
use super::{counted, progress};
use crate::http::reply::Failure;
use crate::http::{extract, negotiate};
use crate::repo::operation::Expunge;

pub(in crate::http) async fn expunge_all(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    run(&request, payload, None, None).await
}

pub(in crate::http) async fn expunge_type(
    request: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    run(&request, payload, Some(&path), None).await
}

pub(in crate::http) async fn expunge(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    run(&request, payload, Some(&path.0), Some(&path.1)).await
}

async fn run(
    request: &HttpRequest,
    payload: web::Payload,
    kind: Option<&str>,
    id: Option<&str>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(request)?;
    let repo = extract::caller(request).await?;
    if let Some(kind) = kind {
        repo.knows(kind)?;
    }
    let mut input = Input::read(request, payload, "resource").await?;
    let asked = Expunge {
        deleted: input.boolean("expungeDeletedResources")?.unwrap_or(false),
        previous: input.boolean("expungePreviousVersions")?.unwrap_or(false),
        everything: input.boolean("expungeEverything")?.unwrap_or(false),
        limit: input.count("limit")?,
    };
    input.finish()?;
    let count = repo.expunge(kind, id, asked, &progress(request)).await?;
    Ok(counted(request, form, count))
}
