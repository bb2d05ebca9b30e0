//! Sessions of users: listed, revoked, and left by a browser; the keys that their tokens are checked by; and the way to the
//! server's own sign-in pages.

mod browser;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

pub(in crate::http) use browser::{authorize, device, logout};

use super::asked::Parameters;
use super::caller::Caller;
use super::list::{Paging, ends};
use super::refusal::{Refusal, missing};
use super::{id, moment, part, user};
use crate::http::{extract, reply};
use crate::identity::Identity;
use crate::store::Row;

/// A version of a session.
pub(super) fn render(row: &Row, created: i64) -> Result<Value, Refusal> {
    let body = crate::resource::parse(row.body.as_bytes())?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let reference = body.pointer("/user/reference").and_then(Value::as_str).unwrap_or_default();
    let over = body.get("revoked") == Some(&Value::Bool(true));
    let ends = text("expiresAt").and_then(|ends| chrono::DateTime::parse_from_rfc3339(ends).ok());
    let expired = ends.is_some_and(|ends| ends <= chrono::Utc::now());
    // What has no end is as good as one that is far away.
    let expires = ends.map_or(created + 100 * 365 * 86_400_000, |ends| ends.timestamp_millis());
    let mut shown = json!({
        "object": "session",
        "id": id::show(id::SESSION, &row.id),
        "user_id": id::show(id::USER, reference.trim_start_matches("User/")),
        "ip_address": text("remoteAddress"),
        "user_agent": text("userAgent"),
        "auth_method": match text("authMethod") {
            Some("password") => "password",
            Some("magic-auth") => "magic_code",
            Some("passkey") => "passkey",
            _ => "unknown",
        },
        "status": if over { "revoked" } else if expired { "expired" } else { "active" },
        "expires_at": moment::text(expires),
        "ended_at": moment::instant(&body, "endedAt"),
        "created_at": moment::text(created),
        "updated_at": moment::text(row.updated),
    });
    if let Some(organization) = Identity::organization_of(&body) {
        shown["organization_id"] = Value::from(id::show(id::ORGANIZATION, organization));
    }
    Ok(shown)
}

/// Those of a user that nobody has ended.
pub(in crate::http) async fn list(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let mut asked = Parameters::read(&request)?;
    let paging = Paging::read(&mut asked, id::SESSION);
    asked.finish()?;
    let person = user::addressed(&request, &caller.repo).await?;
    let clauses = [
        ("user", format!("User/{}", person.id)),
        ("granted", "true".to_owned()),
        ("revoked:not", "true".to_owned()),
    ];
    let mut clauses: Vec<(String, String)> =
        clauses.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    if let Some(since) = caller.identity().sessions_since(&person.id).await? {
        // Another password has ended all before it.
        clauses.push(("auth-time".to_owned(), format!("ge{}", moment::text(since))));
    }
    let found = paging.fetch(&caller.repo, "Login", clauses, "_id").await?;
    let created = caller.repo.created(&found.rows).await?;
    let rows: Vec<(&Arc<Row>, i64)> = found.rows.iter().zip(created).collect();
    let data = rows.into_iter().map(|(row, created)| render(row, created));
    let data = data.collect::<Result<Vec<Value>, Refusal>>()?;
    Ok(reply::ok().json(paging.envelope(data, ends(&found))))
}

pub(in crate::http) async fn revoke(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let given = asked.needed("session_id");
    asked.pass(&["return_to"]);
    asked.finish()?;
    let unknown = || missing("session", &given);
    let id = id::read(id::SESSION, &given).ok_or_else(unknown)?;
    let row = caller.repo.read("Login", &id).await.map_err(|_| unknown())?;
    caller.identity().end_as(caller.repo.actor(), &row.id).await?;
    let row = caller.repo.read("Login", &id).await?;
    let created = caller.repo.created(std::slice::from_ref(&row)).await?.pop().unwrap_or(row.updated);
    Ok(reply::ok().json(render(&row, created)?))
}

/// The keys by which the tokens of sessions are checked (<https://www.rfc-editor.org/rfc/rfc7517#section-5>).
pub(in crate::http) async fn jwks(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let state = extract::state(&request);
    let given = part(&request, "client");
    let unknown = || missing("client", &given);
    let id = id::read("client", &given).ok_or_else(unknown)?;
    state.identity.client(&id).await?.ok_or_else(unknown)?;
    Ok(reply::ok().json(state.identity.session_keys().await?))
}
