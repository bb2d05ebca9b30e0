//! Sign-ins and sessions as events. A Login is written by and by without new versions, so only what stays as it was is told
//! of it: that a first factor was right, by the line that made it, and that its session began or was ended, by the line of
//! the AuditEvent that goes with that.

use serde_json::{Value, json};

use super::super::{id, moment, session};
use crate::http::record::{list, parsed, target, text};
use crate::http::workos::refusal::Refusal;
use crate::repo::{Engine, Repo, told_by};
use crate::store::{Period, Row, Store};

/// A Login that is new in its project.
pub(super) fn authenticated(
    repo: &Repo,
    row: &Row,
    body: &Value,
    at: i64,
) -> Result<Option<(&'static str, Value)>, Refusal> {
    // Whoever goes on with a session that he has proves nothing again.
    if body.get("basedOn").is_some() || body.get("impersonator").is_some() {
        return Ok(None);
    }
    let (event, kind) = match text(body, "authMethod") {
        Some("password") => ("authentication.password_succeeded", "password"),
        Some("magic-auth") => ("authentication.magic_auth_succeeded", "magic_auth"),
        Some("passkey") => ("authentication.passkey_succeeded", "passkey"),
        _ => return Ok(None),
    };
    let Some(user) = body.get("user").and_then(|user| target(user, "User")) else { return Ok(None) };
    let Some(email) = email_at(repo.engine(), row.project, user, at)? else { return Ok(None) };
    let told = json!({
        "type": kind,
        "status": "succeeded",
        "ip_address": text(body, "remoteAddress"),
        "user_agent": text(body, "userAgent"),
        "user_id": id::show(id::USER, user),
        "email": email,
    });
    Ok(Some((event, told)))
}

/// The record of a sign-in that led to tokens, or of the end of a session.
pub(super) fn recorded(repo: &Repo, record: &Value) -> Result<Option<(&'static str, Value)>, Refusal> {
    let event = match record.pointer("/subtype/0/code").and_then(Value::as_str) {
        Some("login") if record["outcome"] == "0" => "session.created",
        Some("logout") if record["outcome"] == "0" => "session.revoked",
        _ => return Ok(None),
    };
    let login = list(record, "entity").iter().find_map(|one| target(one.get("what")?, "Login"));
    let Some(login) = login else { return Ok(None) };
    let (store, project) = (&repo.engine().store, repo.actor().project);
    let Some(row) = look(store, project, "Login", login)?.filter(|row| !row.deleted) else {
        return Ok(None);
    };
    let body = parsed(&row)?;
    let is = |name: &str| body.get(name) == Some(&Value::Bool(true));
    let is_person = body.get("user").and_then(|user| target(user, "User")).is_some();
    // One that was given up on the way had no session.
    if !is_person || !is("granted") {
        return Ok(None);
    }
    let mut told = session::render(&row, told_by(login).unwrap_or(row.updated))?;
    if event == "session.created" {
        told["status"] = Value::from("active");
        told["ended_at"] = Value::Null;
        // It is chosen afterwards, and may be another later.
        if let Some(told) = told.as_object_mut() {
            told.shift_remove("organization_id");
        }
    }
    told["updated_at"] = match event {
        "session.created" => told["created_at"].clone(),
        _ => moment::instant(&body, "endedAt"),
    };
    Ok(Some((event, told)))
}

/// The address of a user at a moment.
fn email_at(engine: &Engine, project: i32, user: &str, at: i64) -> Result<Option<String>, Refusal> {
    let store = &engine.store;
    // Of the pool of the project, or of the server's.
    for pool in [project, 0] {
        let Some(row) = look(store, pool, "User", user)? else { continue };
        let then = Period { during: Some((at, at)), ..Period::default() };
        let then = store.versions(&row, then, i64::MAX, 1)?;
        if let Some(version) = then.into_iter().find(|version| !version.deleted) {
            let body: Value = crate::resource::parse(version.body.as_bytes())?;
            return Ok(text(&body, "email").map(str::to_owned));
        }
    }
    Ok(None)
}

fn look(store: &Store, project: i32, kind: &str, id: &str) -> Result<Option<Row>, Refusal> {
    let Some(kind) = store.kind(kind) else { return Ok(None) };
    Ok(store.get(project, kind, id)?.map(|row| Row::clone(&row)))
}
