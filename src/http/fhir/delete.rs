//! delete (<https://hl7.org/fhir/R4/http.html#delete>), also of whatever meets a condition
//! (<https://hl7.org/fhir/R4/http.html#cdelete>).

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::error::malformed;
use crate::http::reply::{Failure, etag, no_content};
use crate::http::{extract, negotiate};
use crate::repo::Criteria;

pub(in crate::http) async fn delete(
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    extract::no_parameters(&request)?;
    let if_match = extract::if_match(&request)?;
    let (kind, id) = path.into_inner();
    let mut reply = no_content();
    if let Some(version) = repo.delete(&kind, &id, if_match).await? {
        reply.insert_header((ETAG, etag(version)));
    }
    Ok(reply.finish())
}

pub(in crate::http) async fn delete_where(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let kind = path.into_inner();
    repo.knows(&kind)?;
    if extract::if_match(&request)?.is_some() {
        let text = "a condition that versions differ under cannot be bound to one of them";
        return Err(malformed(text).coded("not-supported").at("If-Match").into());
    }
    repo.delete_where(&kind, &Criteria::parse(request.query_string(), "the address")?).await?;
    Ok(no_content().finish())
}
