//! `$meta` (<https://hl7.org/fhir/R4/resource-operation-meta.html>), `$meta-add` and `$meta-delete`: the labels of
//! a resource, of a version, of a type, of all.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};

use super::input::Input;
use crate::error::{Result, malformed};
use crate::http::reply::{Failure, fhir, ok};
use crate::http::{extract, negotiate};
use crate::repo::operation::{Relabel, meta_answer};

type Place = web::Path<(String, String)>;
type VersionPlace = web::Path<(String, String, String)>;

pub(in crate::http) async fn meta_of_all(request: HttpRequest) -> Result<HttpResponse, Failure> {
    labels(&request, None).await
}

pub(in crate::http) async fn meta_of_type(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    labels(&request, Some(&path)).await
}

async fn labels(request: &HttpRequest, kind: Option<&str>) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(request)?;
    let repo = extract::caller(request).await?;
    Input::of_address(request)?.finish()?;
    Ok(answer(request, form, repo.labels(kind).await?))
}

pub(in crate::http) async fn meta(request: HttpRequest, path: Place) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    Input::of_address(&request)?.finish()?;
    Ok(answer(&request, form, repo.meta(&path.0, &path.1, None).await?))
}

pub(in crate::http) async fn meta_of_version(
    request: HttpRequest,
    path: VersionPlace,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    Input::of_address(&request)?.finish()?;
    Ok(answer(&request, form, repo.meta(&path.0, &path.1, Some(&path.2)).await?))
}

pub(in crate::http) async fn meta_add(
    request: HttpRequest,
    path: Place,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    relabel(request, path, payload, Relabel::Add).await
}

pub(in crate::http) async fn meta_delete(
    request: HttpRequest,
    path: Place,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    relabel(request, path, payload, Relabel::Remove).await
}

async fn relabel(
    request: HttpRequest,
    path: Place,
    payload: web::Payload,
    change: Relabel,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let (kind, id) = path.into_inner();
    repo.knows(&kind)?;
    let labels = given(&request, payload).await?;
    let if_match = extract::if_match(&request)?;
    Ok(answer(&request, form, repo.relabel(&kind, &id, change, &labels, if_match).await?))
}

pub(in crate::http) async fn meta_add_version(
    request: HttpRequest,
    path: VersionPlace,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    relabel_version(request, path, payload, Relabel::Add).await
}

pub(in crate::http) async fn meta_delete_version(
    request: HttpRequest,
    path: VersionPlace,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    relabel_version(request, path, payload, Relabel::Remove).await
}

async fn relabel_version(
    request: HttpRequest,
    path: VersionPlace,
    payload: web::Payload,
    change: Relabel,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let (kind, id, version) = path.into_inner();
    repo.knows(&kind)?;
    let labels = given(&request, payload).await?;
    Ok(answer(&request, form, repo.relabel_version(&kind, &id, &version, change, &labels).await?))
}

/// The labels that are to be added or taken away.
async fn given(request: &HttpRequest, payload: web::Payload) -> Result<Map<String, Value>, Failure> {
    let mut input = Input::read(request, payload, "meta").await?;
    let meta = input.value("meta", "Meta")?;
    input.finish()?;
    match meta {
        Some(Value::Object(meta)) => Ok(meta),
        Some(_) => Err(malformed("a Meta is an object").coded("structure").at("meta").into()),
        None => Err(malformed("there is no `meta`").coded("required").at("meta").into()),
    }
}

fn answer(request: &HttpRequest, form: negotiate::Form, meta: Map<String, Value>) -> HttpResponse {
    fhir(request, form, ok(), meta_answer(meta).to_string().into_bytes())
}
