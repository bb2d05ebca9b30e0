//! Sessions: `POST /session/query` and `DELETE /session/{session_id}`.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::answer::{done, page};
use super::asked::{Asked, Sent, wrong};
use super::caller::Caller;
use super::record::{body, list, moment, target, text};
use super::user::view::kind_of;
use crate::error::{Kind, Result, not_found};
use crate::http::reply::Failure;
use crate::identity::login::Session;

/// Sessions of a page at most.
const MOST: usize = 250;

/// The sessions that stand: one's own, or for an administrator those of the organization.
pub(in crate::http) async fn sessions(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::up_to(&request, &["sort"], MOST)?;
    let sent = Sent::read(&request, payload, &["from", "org_guid", "user_email", "user_id"]).await?;
    let org = match sent.text("org_guid")? {
        Some(given) => caller.org(given).await?,
        None => caller.home(),
    };
    let user = match (sent.id("user_id")?, sent.text("user_email")?) {
        (None, None) if caller.repo.actor().administers() => None,
        (None, None) => caller.person().map(str::to_owned),
        (Some(given), _) => Some(found(caller.user(&given).await.map(|row| row.id.clone()))?),
        (None, Some(email)) => {
            let asked = [("email:exact".to_owned(), crate::search::escape(&email.to_lowercase()))];
            let rows = caller.repo.search("User", &asked, false).await?.rows;
            Some(rows.first().map_or_else(|| "none".to_owned(), |row| row.id.clone()))
        }
    };
    if user.as_deref() != caller.person() {
        caller.administers()?;
    }
    let mut all = caller.identity().sessions_in(org.number, user.as_deref()).await?;
    if let Some(from) = sent.text("from")? {
        all.retain(|one| kind_of(text(&one.login, "userAgent")) == from);
    }
    match asked.text("sort")? {
        None | Some("-created") => {}
        Some("created") => all.reverse(),
        Some(_) => return Err(wrong("sort", "this is created or -created").into()),
    }
    let matched = all.len();
    let some: Vec<Session> = all.into_iter().skip(asked.skip()).take(asked.limit).collect();
    let ids: Vec<String> =
        some.iter().filter_map(|one| target(&one.login, "user", "User")).map(str::to_owned).collect();
    let users = caller.users(&org, &ids).await?;
    let users: HashMap<&str, Value> =
        users.iter().map(|row| Ok((row.id.as_str(), body(row)?))).collect::<Result<_>>()?;
    let (_, project) = org.record().await?;
    let shown = some.iter().map(|one| shown(&caller, one, &users, (&org.id, org.number, &project))).collect();
    Ok(page(&asked, shown, matched))
}

/// Of somebody who is not there, there are no sessions.
fn found(user: Result<String>) -> Result<String> {
    match user {
        Err(error) if error.kind == Kind::NotFound => Ok("none".to_owned()),
        user => user,
    }
}

fn shown(
    caller: &Caller<'_>,
    session: &Session,
    users: &HashMap<&str, Value>,
    (org, number, project): (&str, i32, &Value),
) -> Value {
    let login = &session.login;
    let told = session.shown();
    let mut shown = json!({
        "guid": session.id,
        "sessionID": session.id,
        "from": kind_of(text(login, "userAgent")),
        "org": { "guid": org, "name": project["name"] },
        "org_id": number.to_string(),
        "org_name": project["name"],
        "current": caller.repo.actor().login.as_deref() == Some(session.id.as_str()),
    });
    let began = text(login, "authTime").and_then(|at| chrono::DateTime::parse_from_rfc3339(at).ok());
    if let Some(began) = began {
        shown["created"] = moment(began.timestamp_millis()).into();
    }
    for (field, name, from) in [("os", "name", "os"), ("software", "name", "browser")] {
        if let Some(value) = told.get(from) {
            shown[field] = json!({ name: value });
        }
    }
    if let Some(address) = text(login, "remoteAddress") {
        shown["ipaddress"] = json!({ "address": address });
    }
    if let Some((id, user)) = target(login, "user", "User").and_then(|id| Some((id, users.get(id)?))) {
        let part = |name: &str| text(user, name).unwrap_or_default();
        shown["user"] = json!({
            "guid": id, "email": part("email"), "firstname": part("firstName"), "lastname": part("lastName"),
            "mfa": !list(user, "mfaMethod").is_empty(),
        });
    }
    shown
}

pub(in crate::http) async fn end_session(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    Asked::read(&request, &[])?;
    let given = caller.part("session_id");
    let missing = || not_found(format!("there is no session '{given}' here")).at("session_id");
    let ended = match caller.identity().end_as(caller.repo.actor(), given).await {
        // It may be one of an organization below.
        Err(error) if error.kind == Kind::NotFound => {
            let below = caller.identity().project_below(&caller.repo, "Login", given).await?;
            let org = caller.org(&below.ok_or_else(missing)?).await.map_err(|_| missing())?;
            caller.identity().end_as(org.repo.actor(), given).await
        }
        ended => ended,
    };
    ended.map_err(|error| if error.kind == Kind::NotFound { missing() } else { error })?;
    Ok(done())
}
