//! update (<https://hl7.org/fhir/R4/http.html#update>), also under an id that is new.

use actix_web::http::header::IF_NONE_MATCH;
use actix_web::{HttpRequest, HttpResponse, web};

use super::written::written;
use crate::error::unsupported;
use crate::http::reply::Failure;
use crate::http::{extract, negotiate};

pub(in crate::http) async fn update(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    if request.headers().contains_key(IF_NONE_MATCH) {
        return Err(unsupported("If-None-Match is not offered on an update").at("If-None-Match").into());
    }
    let if_match = extract::if_match(&request)?;
    let (kind, id) = path.into_inner();
    repo.knows(&kind)?;
    let body = extract::resource(&request, payload, &kind).await?;
    let done = repo.update(&kind, &id, body, if_match).await?;
    Ok(written(&request, form, &repo, &kind, &done))
}
