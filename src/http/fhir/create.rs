//! create (<https://hl7.org/fhir/R4/http.html#create>).

use actix_web::http::header::HeaderName;
use actix_web::{HttpRequest, HttpResponse, web};

use super::written::written;
use crate::error::unsupported;
use crate::http::reply::Failure;
use crate::http::{extract, negotiate};

const IF_NONE_EXIST: HeaderName = HeaderName::from_static("if-none-exist");

pub(in crate::http) async fn create(
    request: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    if request.headers().contains_key(&IF_NONE_EXIST) {
        return Err(unsupported("conditional create is not offered here").at("If-None-Exist").into());
    }
    let kind = path.into_inner();
    repo.knows(&kind)?;
    let body = extract::resource(&request, payload, &kind).await?;
    let done = repo.create(&kind, body).await?;
    Ok(written(&request, form, &repo, &kind, &done))
}
