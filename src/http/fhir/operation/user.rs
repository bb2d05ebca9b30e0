//! `$update-email` and `$rescope` of a user (`fhir/operation/User-update-email.json`, `User-rescope.json`).

use actix_web::{HttpRequest, HttpResponse, web};

use super::input::begin;
use super::recorded;
use crate::error::{Result, malformed};
use crate::http::extract;
use crate::http::reply::{Failure, fhir, ok};
use crate::identity::user::{NewEmail, Pool};

pub(in crate::http) async fn update_email(
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (form, repo, mut input) = begin(&request, payload, |_| Ok(())).await?;
    let missing = || malformed("there is no `email`").coded("required").at("email");
    let asked = NewEmail {
        email: input.text("email")?.ok_or_else(missing)?,
        profiles: input.boolean("updateProfileTelecom")?.unwrap_or(false),
        trusted: input.boolean("skipEmailVerification")?.unwrap_or(false),
        send: input.boolean("sendEmail")?.unwrap_or(true),
    };
    input.finish()?;
    let identity = &extract::state(&request).identity;
    let (user, unsent) =
        identity.update_email(&repo, &id, &asked, recorded(&request, "update-email")).await?;
    match unsent {
        Some(error) => Err(Failure::unsent(&format!("User/{}", *id), error)),
        None => Ok(fhir(&request, form, ok(), user.body.as_bytes().to_vec())),
    }
}

pub(in crate::http) async fn rescope(
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (form, repo, mut input) = begin(&request, payload, |_| Ok(())).await?;
    let scope = input.text("scope")?;
    let project = input.reference("project", "Project")?;
    input.finish()?;
    let to = match (scope.as_deref(), project) {
        (Some("server"), None) => Pool::Server,
        (Some("project"), Some(project)) => Pool::Project(project),
        (Some("server"), Some(_)) => {
            return Err(malformed("the pool of the server is in no project")
                .coded("value")
                .at("project")
                .into());
        }
        (Some("project"), None) => {
            return Err(malformed("there is no `project`").coded("required").at("project").into());
        }
        _ => return Err(malformed("a scope is `project` or `server`").coded("value").at("scope").into()),
    };
    let identity = &extract::state(&request).identity;
    let user = identity.rescope(&repo, &id, &to, recorded(&request, "rescope")).await?;
    Ok(fhir(&request, form, ok(), user.body.as_bytes().to_vec()))
}
