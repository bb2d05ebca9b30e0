//! create (<https://hl7.org/fhir/R4/http.html#create>), on condition too (<https://hl7.org/fhir/R4/http.html#ccreate>).

use actix_web::http::header::HeaderName;
use actix_web::{HttpRequest, HttpResponse, web};

use super::written::written;
use crate::http::reply::Failure;
use crate::http::{extract, negotiate};
use crate::repo::Criteria;

const IF_NONE_EXIST: HeaderName = HeaderName::from_static("if-none-exist");

pub(in crate::http) async fn create(
    request: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    extract::no_parameters(&request)?;
    let kind = path.into_inner();
    repo.knows(&kind)?;
    let body = extract::resource(&request, payload, &kind).await?;
    let done = match extract::header(&request, &IF_NONE_EXIST)? {
        Some(query) => repo.create_unless(&kind, body, &Criteria::parse(&query, "If-None-Exist")?).await?,
        None => repo.create(&kind, body).await?,
    };
    Ok(written(&request, form, &repo, &kind, &done))
}
