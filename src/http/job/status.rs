//! What has become of a request in the background (<https://hl7.org/fhir/R4/async.html>): 202 while it runs, then
//! its answer as the only entry of a batch-response.

use actix_web::http::header::{EXPIRES, HeaderName, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, web};
use uuid::Uuid;

use super::{Owner, Told};
use crate::error::{Error, not_found};
use crate::http::fhir::Responses;
use crate::http::reply::{Failure, accepted, fhir, ok};
use crate::http::{extract, negotiate};

const PROGRESS: HeaderName = HeaderName::from_static("x-progress");

pub(in crate::http) async fn status(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let found = Uuid::parse_str(&path)
        .ok()
        .and_then(|id| extract::state(&request).jobs.ask(id, &Owner::from(repo.actor())));
    match found {
        None => Err(absent(&path).into()),
        Some(Told::Running(count)) => {
            let mut reply = accepted(None);
            reply.insert_header((PROGRESS, format!("{count} done"))).insert_header((RETRY_AFTER, "1"));
            Ok(reply.finish())
        }
        Some(Told::Done(outcome)) => {
            let mut reply = ok();
            reply.insert_header((EXPIRES, httpdate::fmt_http_date(outcome.expires)));
            let body = Responses(vec![outcome.answer.clone()]).finish("batch");
            Ok(fhir(&request, form, reply, body))
        }
    }
}

pub(in crate::http) async fn cancel(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let repo = extract::caller(&request).await?;
    let id = Uuid::parse_str(&path).ok();
    match id.is_some_and(|id| extract::state(&request).jobs.cancel(id, &Owner::from(repo.actor()))) {
        true => Ok(accepted(None).finish()),
        false => Err(absent(&path).into()),
    }
}

fn absent(id: &str) -> Error {
    not_found(format!("there is no request {id} of yours in the background, or not any more"))
}
