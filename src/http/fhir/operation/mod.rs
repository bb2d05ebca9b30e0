//! Operations (<https://hl7.org/fhir/R4/operations.html>): one file each.

mod deliveries;
mod everything;
mod expunge;
mod input;
mod meta;
mod project;
mod reindex;
mod status;
mod user;
mod validate;

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use serde_json::json;

pub(in crate::http) use deliveries::{deliveries, replay};
pub(in crate::http) use everything::{everything, everything_of_all};
pub(in crate::http) use expunge::expunge;
pub(in crate::http) use meta::{
    meta, meta_add, meta_add_version, meta_delete, meta_delete_version, meta_of_all, meta_of_type,
    meta_of_version,
};
pub(in crate::http) use project::{clone, init, rotate_secret};
pub(in crate::http) use reindex::reindex;
pub(in crate::http) use status::parameter_status;
pub(in crate::http) use user::{rescope, update_email};
pub(in crate::http) use validate::{validate_new, validate_next, validate_stored};

use crate::http::negotiate::Form;
use crate::http::origin;
use crate::http::reply::{fhir, ok};
use crate::repo::audit::{Act, Audit};
use crate::repo::operation::Progress;

/// What an operation is called on: everything, a type, or a resource, as the route has it.
fn called_on(request: &HttpRequest) -> (Option<&str>, Option<&str>) {
    let path = request.match_info();
    (path.get("type"), path.get("id"))
}

/// How an operation of an admin is recorded.
fn recorded(request: &HttpRequest, what: &'static str) -> Audit {
    Audit::new(what, Act::Execute).address(origin::address(request).map(|address| address.to_string()))
}

/// Where an operation notes how far it has come; whoever began it in the background reads there.
fn progress(request: &HttpRequest) -> Arc<Progress> {
    request.extensions().get::<Arc<Progress>>().cloned().unwrap_or_default()
}

/// The result of an operation that did something to so many.
fn counted(request: &HttpRequest, form: Form, count: u64) -> HttpResponse {
    // An integer of FHIR has 32 bits.
    let count = count.min(i32::MAX as u64);
    let parameter = json!([{ "name": "count", "valueInteger": count }]);
    let body = json!({ "resourceType": "Parameters", "parameter": parameter });
    fhir(request, form, ok(), body.to_string().into_bytes())
}
