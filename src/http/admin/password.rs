//! How a member signs in: a link to another password, another password, no second factor any more.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::{act, admin, body, done};
use crate::error::{Error, Issue, Kind, Result, forbidden, malformed};
use crate::http::extract;
use crate::http::reply::Failure;

type Place = web::Path<(String, String)>;

pub(in crate::http) async fn reset_password(
    request: HttpRequest,
    path: Place,
) -> Result<HttpResponse, Failure> {
    let (repo, project) = admin(&request).await?;
    let identity = &extract::state(&request).identity;
    identity.reset_member(&repo, &project, &path.1, act(&request, "reset-password")).await?;
    done(&request)
}

pub(in crate::http) async fn reset_factor(
    request: HttpRequest,
    path: Place,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, project) = admin(&request).await?;
    let body = body(&request, payload).await?;
    let method = match body.get("method") {
        None | Some(Value::Null) => "totp",
        Some(Value::String(method)) if method == "totp" => "totp",
        Some(Value::String(method)) if method == "email" => "email",
        Some(_) => {
            return Err(malformed("a method is `totp` or `email`").coded("value").at("method").into());
        }
    };
    let identity = &extract::state(&request).identity;
    identity.reset_factor(&repo, &project, &path.1, method, act(&request, "reset-factor")).await?;
    done(&request)
}

/// For a user of the pool of the caller's own project.
pub(in crate::http) async fn set_password(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = extract::caller(&request).await?;
    if !repo.actor().administers() {
        return Err(forbidden("this is for the admin of the project").into());
    }
    let body = body(&request, payload).await?;
    let (email, password) = credentials(&body)?;
    let identity = &extract::state(&request).identity;
    let project = repo.actor().project_id.clone();
    let audit = act(&request, "set-password");
    identity.give_password(&repo, Some(&project), email, password, audit).await?;
    done(&request)
}

/// The e-mail and the password in a body.
pub(super) fn credentials(body: &Value) -> Result<(&str, &str)> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    match (text("email"), text("password")) {
        (Some(email), Some(password)) => Ok((email, password)),
        (email, password) => {
            let mut issues = Vec::new();
            if email.is_none() {
                issues.push(Issue::error("required", "Valid email address is required").at("email"));
            }
            if password.is_none() {
                let text = "Invalid password, must be at least 8 characters";
                issues.push(Issue::error("required", text).at("password"));
            }
            Err(Error::new(Kind::Malformed, issues))
        }
    }
}
