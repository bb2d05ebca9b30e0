//! delete (<https://hl7.org/fhir/R4/http.html#delete>).

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::http::reply::{Failure, etag, no_content};
use crate::http::{extract, negotiate};

pub(in crate::http) async fn delete(
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let if_match = extract::if_match(&request)?;
    let (kind, id) = path.into_inner();
    let mut reply = no_content();
    if let Some(version) = repo.delete(&kind, &id, if_match).await? {
        reply.insert_header((ETAG, etag(version)));
    }
    Ok(reply.finish())
}
