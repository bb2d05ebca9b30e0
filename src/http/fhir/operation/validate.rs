//! `$validate` (<https://hl7.org/fhir/R4/resource-operation-validate.html>): 200 with an OperationOutcome whether
//! the resource is valid or not; another status where that cannot be told.

use actix_web::{HttpRequest, HttpResponse, web};

use super::input::Input;
use crate::error::{Issue, Result, Severity, malformed};
use crate::http::reply::{Failure, fhir, ok, outcome};
use crate::http::{extract, negotiate};
use crate::repo::operation::{Mode, Validation};

/// The parameter that a bare resource stands for.
const RESOURCE: &str = "resource";

/// Of a resource that is not stored.
pub(in crate::http) async fn validate_new(
    request: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    repo.knows(&path)?;
    let validation = asked(Input::read(&request, payload, RESOURCE).await?, &request)?;
    let issues = repo.validate(&path, None, validation).await?;
    Ok(answer(&request, form, issues))
}

/// Of a stored resource, or of what is to be written there.
pub(in crate::http) async fn validate_next(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let (kind, id) = path.into_inner();
    repo.knows(&kind)?;
    let validation = asked(Input::read(&request, payload, RESOURCE).await?, &request)?;
    let issues = repo.validate(&kind, Some(&id), validation).await?;
    Ok(answer(&request, form, issues))
}

/// Of a stored resource, by GET.
pub(in crate::http) async fn validate_stored(
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let (kind, id) = path.into_inner();
    repo.knows(&kind)?;
    let validation = asked(Input::of_address(&request)?, &request)?;
    let issues = repo.validate(&kind, Some(&id), validation).await?;
    Ok(answer(&request, form, issues))
}

fn asked(mut input: Input, request: &HttpRequest) -> Result<Validation, Failure> {
    let mode = match input.text("mode")? {
        None => Mode::Content,
        Some(code) => Mode::of(&code).ok_or_else(|| {
            let text = format!("there is no mode '{code}'; there are create, update, delete and profile");
            malformed(text).coded("value").at("mode")
        })?,
    };
    let profile = input.text("profile")?;
    let resource = input.resource(RESOURCE)?;
    input.finish()?;
    Ok(Validation { mode, profile, resource, if_match: extract::if_match(request)? })
}

fn answer(request: &HttpRequest, form: negotiate::Form, mut issues: Vec<Issue>) -> HttpResponse {
    if issues.iter().all(|issue| issue.severity == Severity::Information) {
        let text = "nothing is wrong with it";
        issues.push(Issue { severity: Severity::Information, ..Issue::error("informational", text) });
    }
    fhir(request, form, ok(), outcome(&issues).to_string().into_bytes())
}
