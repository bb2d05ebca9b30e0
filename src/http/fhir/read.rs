//! read, conditional read and vread (<https://hl7.org/fhir/R4/http.html#read>, <https://hl7.org/fhir/R4/http.html#cread>).

use std::time::UNIX_EPOCH;

use actix_web::http::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};

use super::subset::Subset;
use crate::error::unsupported;
use crate::http::reply::{Failure, fhir, not_modified, ok, versioned};
use crate::http::{extract, negotiate};

pub(in crate::http) async fn read(
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let (kind, id) = path.into_inner();
    if id.starts_with(['$', '_']) {
        return Err(unsupported(format!("{id} is not offered here")).into());
    }
    let subset = Subset::asked(&request)?;
    let row = repo.read(&kind, &id).await?;
    let unchanged = is_unchanged(&request, row.version, row.updated)?;
    let mut reply = if unchanged { not_modified() } else { ok() };
    versioned(&mut reply, row.version, row.updated);
    if unchanged {
        return Ok(reply.finish());
    }
    let body = subset.of(repo.definitions(), &kind, &row.body)?;
    Ok(fhir(&request, form, reply, body))
}

pub(in crate::http) async fn vread(
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let (kind, id, version) = path.into_inner();
    let subset = Subset::asked(&request)?;
    let found = repo.vread(&kind, &id, &version).await?;
    let mut reply = ok();
    versioned(&mut reply, found.version, found.updated);
    let body = subset.of(repo.definitions(), &kind, &found.body)?;
    Ok(fhir(&request, form, reply, body))
}

/// If-None-Match decides where it is given, If-Modified-Since else
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2>).
fn is_unchanged(request: &HttpRequest, version: i64, updated: i64) -> Result<bool, Failure> {
    if let Some(tags) = extract::header(request, &IF_NONE_MATCH)? {
        let mut tags = tags.split(',').map(str::trim);
        return Ok(tags.any(|tag| tag == "*" || extract::version(tag) == Some(version)));
    }
    let Some(since) = extract::header(request, &IF_MODIFIED_SINCE)? else { return Ok(false) };
    // What is no date is to be passed over (section 13.1.3).
    let Ok(since) = httpdate::parse_http_date(&since) else { return Ok(false) };
    let since = since.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Ok(u64::try_from(updated / 1000).is_ok_and(|updated| updated <= since))
}
