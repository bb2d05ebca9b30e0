//! `$reindex` (`fhir/operation/Resource-reindex.json`): makes index rows anew.

use actix_web::{HttpRequest, HttpResponse, web};

use super::input::Input;
use super::{counted, progress};
use crate::http::reply::Failure;
use crate::http::{extract, negotiate};

pub(in crate::http) async fn reindex_all(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    run(&request, payload, None, None).await
}

pub(in crate::http) async fn reindex_type(
    request: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    run(&request, payload, Some(&path), None).await
}

pub(in crate::http) async fn reindex(
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
    Input::read(request, payload, "resource").await?.finish()?;
    let count = repo.reindex(kind, id, &progress(request)).await?;
    Ok(counted(request, form, count))
}
