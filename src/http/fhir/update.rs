//! update (<https://hl7.org/fhir/R4/http.html#update>), also under an id that is new, and of whatever meets a
//! condition (<https://hl7.org/fhir/R4/http.html#cond-update>).

use actix_web::http::header::IF_NONE_MATCH;
use actix_web::{HttpRequest, HttpResponse, web};

use super::written::written;
use crate::error::malformed;
use crate::http::reply::Failure;
use crate::http::{extract, negotiate};
use crate::repo::Criteria;

pub(in crate::http) async fn update(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    extract::no_parameters(&request)?;
    let absent = must_be_absent(&request)?;
    let if_match = extract::if_match(&request)?;
    let (kind, id) = path.into_inner();
    repo.knows(&kind)?;
    let body = extract::resource(&request, payload, &kind).await?;
    let done = match (absent, if_match) {
        (true, Some(_)) => {
            let text = "If-Match and If-None-Match contradict each other";
            return Err(malformed(text).coded("value").at("If-None-Match").into());
        }
        (true, None) => repo.create_as(&kind, &id, body).await?,
        (false, if_match) => repo.update(&kind, &id, body, if_match).await?,
    };
    Ok(written(&request, form, &repo, &kind, &done))
}

pub(in crate::http) async fn update_where(
    request: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let if_match = extract::if_match(&request)?;
    let kind = path.into_inner();
    repo.knows(&kind)?;
    let criteria = Criteria::parse(request.query_string(), "the address")?;
    let body = extract::resource(&request, payload, &kind).await?;
    let done = repo.update_where(&kind, body, &criteria, if_match).await?;
    Ok(written(&request, form, &repo, &kind, &done))
}

/// Whether the update may only create: `If-None-Match: *`. Versions cannot be excluded one by one.
fn must_be_absent(request: &HttpRequest) -> Result<bool, Failure> {
    match extract::header(request, &IF_NONE_MATCH)?.as_deref() {
        None => Ok(false),
        Some("*") => Ok(true),
        Some(_) => Err(malformed("on an update only `*` can be given").at("If-None-Match").into()),
    }
}
