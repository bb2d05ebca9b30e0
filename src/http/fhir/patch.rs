//! patch (<https://hl7.org/fhir/R4/http.html#patch>), also of what meets a condition.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};

use super::written::written;
use crate::http::reply::Failure;
use crate::http::{extract, negotiate};
use crate::repo::Criteria;
use crate::resource::{self, Patch};

/// The media type of a JSON Patch (<https://www.rfc-editor.org/rfc/rfc6902#section-6>).
const JSON_PATCH: &str = "application/json-patch+json";
/// What a patch can be sent as.
const ACCEPTED: &str = "application/json-patch+json, application/fhir+json";

pub(in crate::http) async fn patch(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    extract::no_parameters(&request)?;
    let if_match = extract::if_match(&request)?;
    let (kind, id) = path.into_inner();
    repo.knows(&kind)?;
    let patch = document(&request, payload).await?;
    let done = repo.patch(&kind, &id, &patch, if_match).await?;
    Ok(written(&request, form, &repo, &kind, &done))
}

pub(in crate::http) async fn patch_where(
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
    let patch = document(&request, payload).await?;
    let done = repo.patch_where(&kind, &patch, &criteria, if_match).await?;
    Ok(written(&request, form, &repo, &kind, &done))
}

async fn document(request: &HttpRequest, payload: web::Payload) -> Result<Patch, Failure> {
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_json_patch =
        media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case(JSON_PATCH));
    if !is_json_patch && !negotiate::is_json(media) {
        return Err(Failure::unsupported_patch(
            format!("a patch is sent as {JSON_PATCH} or as Parameters, not as '{media}'"),
            ACCEPTED,
        ));
    }
    let body = extract::bytes(request, payload).await?;
    Ok(if is_json_patch { Patch::json(&body)? } else { Patch::path(&resource::parse(&body)?)? })
}
