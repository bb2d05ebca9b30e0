//! Licences: nothing here is licensed by the seat, so there are none, and that is the answer.

use actix_web::{HttpRequest, HttpResponse};

use super::{answer, caller, id};
use crate::error::{malformed, not_found};
use crate::http::reply::Failure;

pub(in crate::http) async fn licences(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (_, asked) = caller(&request).await?;
    if let Some((name, _)) = asked.filters.first() {
        return Err(malformed("this is no filter here; there are none")
            .coded("not-supported")
            .at(name)
            .into());
    }
    answer::none(&request, &asked)
}

pub(in crate::http) async fn licence(request: HttpRequest) -> Result<HttpResponse, Failure> {
    caller(&request).await?;
    Err(not_found(format!("there is no licence '{}'", id(&request))).into())
}
