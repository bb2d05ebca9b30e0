//! `$expunge` (`fhir/operation/Resource-expunge.json`): removes for good.

use actix_web::{HttpRequest, HttpResponse, web};

use super::input::Input;
use super::{called_on, counted, progress};
use crate::http::reply::Failure;
use crate::http::{extract, negotiate};
use crate::repo::operation::Expunge;

/// Of everything, of a type, or of one resource.
pub(in crate::http) async fn expunge(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let (kind, id) = called_on(&request);
    let repo = extract::caller(&request).await?;
    if let Some(kind) = kind {
        repo.knows(kind)?;
    }
    let mut input = Input::read(&request, payload, "resource").await?;
    let asked = Expunge {
        deleted: input.boolean("expungeDeletedResources")?.unwrap_or(false),
        previous: input.boolean("expungePreviousVersions")?.unwrap_or(false),
        everything: input.boolean("expungeEverything")?.unwrap_or(false),
        limit: input.count("limit")?,
    };
    input.finish()?;
    let count = repo.expunge(kind, id, asked, &progress(&request)).await?;
    Ok(counted(&request, form, count))
}
