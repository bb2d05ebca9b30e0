//! `$reindex` (`fhir/operation/Resource-reindex.json`): makes index rows anew.

use actix_web::{HttpRequest, HttpResponse, web};

use super::input::Input;
use super::{called_on, counted, progress};
use crate::http::reply::Failure;
use crate::http::{extract, negotiate};

/// Of everything, of a type, or of one resource.
pub(in crate::http) async fn reindex(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let (kind, id) = called_on(&request);
    let repo = extract::caller(&request).await?;
    if let Some(kind) = kind {
        repo.knows(kind)?;
    }
    Input::read(&request, payload, "resource").await?.finish()?;
    let count = repo.reindex(kind, id, &progress(&request)).await?;
    Ok(counted(&request, form, count))
}
