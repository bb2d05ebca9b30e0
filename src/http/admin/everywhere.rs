//! What a super admin does to all projects at once.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::password::credentials;
use super::{act, body, done, shown, super_admin};
use crate::error::{malformed, unsupported};
use crate::http::reply::Failure;
use crate::http::{extract, origin};
use crate::identity::project::Opening;
use crate::repo::operation::Progress;

/// Makes a project, and shows the keys of its clients this once.
pub(in crate::http) async fn open(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = super_admin(&request).await?;
    let asked = Opening::parse(&body(&request, payload).await?)?;
    let identity = &extract::state(&request).identity;
    let keys = identity.open_project(&repo, &asked, origin::origin(&request)).await?;
    shown(&request, keys.rendered().to_string().as_bytes())
}

/// Of the pool of the server, or of the project that the body names.
pub(in crate::http) async fn set_any_password(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = super_admin(&request).await?;
    let body = body(&request, payload).await?;
    let (email, password) = credentials(&body)?;
    let project = body.get("projectId").and_then(Value::as_str).filter(|project| !project.is_empty());
    let identity = &extract::state(&request).identity;
    identity.give_password(&repo, project, email, password, act(&request, "set-password")).await?;
    done(&request)
}

/// Makes the index of a type, or of all, anew. Only in the background: `Prefer: respond-async`.
pub(in crate::http) async fn reindex(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = super_admin(&request).await?;
    let asked = body(&request, payload).await?;
    // Whoever began it in the background reads there how far it has come.
    let progress = actix_web::HttpMessage::extensions(&request).get::<std::sync::Arc<Progress>>().cloned();
    let Some(progress) = progress else {
        return Err(malformed("Operation requires \"Prefer: respond-async\"").coded("required").into());
    };
    let kind = asked.get("resourceType").and_then(Value::as_str).filter(|kind| *kind != "*");
    if let Some(kind) = kind {
        repo.knows(kind)?;
    }
    repo.reindex(kind, None, &progress).await?;
    done(&request)
}

/// What other servers rebuild, and this one brings along.
pub(in crate::http) async fn not_offered(request: HttpRequest) -> Result<HttpResponse, Failure> {
    super_admin(&request).await?;
    let what = request.match_info().get("what").unwrap_or_default();
    Err(unsupported(format!(
        "'{what}' is not offered here: definitions are part of the server, and $expunge removes for good"
    ))
    .into())
}
