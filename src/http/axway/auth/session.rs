//! The session that a request belongs to: `GET /auth/findSession`, `GET /auth/checkSession`, `GET /session`.

use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::super::answer::one;
use super::super::asked::Asked;
use super::super::caller::Caller;
use super::super::org::brief;
use super::super::record::{body, moment, text};
use super::super::role::Roles;
use super::super::team;
use super::super::user::mine;
use super::super::user::view::{kind_of, shown};
use crate::error::{Kind, Result};
use crate::http::reply::Failure;

/// Nothing, where nobody is signed in: a service account has no session of this sort.
pub(in crate::http) async fn find_session(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, &["from"])?;
    let caller = match Caller::of(&request).await {
        Ok(caller) if caller.person().is_some() => caller,
        Ok(_) => return Ok(one(&asked, Value::Null)),
        Err(failure) if failure.error().kind == Kind::Unauthenticated => return Ok(one(&asked, Value::Null)),
        Err(failure) => return Err(failure),
    };
    Ok(one(&asked, session(&caller, asked.text("from")?).await?))
}

/// A session of a person, with all that a client shows of it.
pub(super) async fn session(caller: &Caller<'_>, from: Option<&str>) -> Result<Value> {
    let home = caller.home();
    let id = caller.person().unwrap_or_default();
    let user = shown(caller, &caller.user(id).await?).await?;
    let membership = match caller.identity().membership_of(caller.repo.actor()).await? {
        Some(row) => body(&row)?,
        None => json!({}),
    };
    let roles = Roles::of(caller.identity(), home.number, &[&membership]).await?.named(&membership);
    let org = brief(caller, &home).await?;
    let agent = caller.request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    let (login, teams) = (&caller.repo.actor().login, team::accessible(&home, &format!("User/{id}")).await?);
    let mut session = json!({
        "guid": id,
        "from": from.unwrap_or_else(|| kind_of(agent)),
        "idp": "local",
        "org": org,
        "org_id": home.number,
        "org_name": org["name"],
        "orgs": mine(caller).await?,
        "role": roles[0],
        "roles": roles,
        "teams": teams,
        "user": user,
    });
    if let Some(login) = login {
        // The id of the session. What opens it is in the cookie or the token alone.
        session["sid"] = login.as_str().into();
        session["sessionID"] = login.as_str().into();
    }
    Ok(session)
}

pub(in crate::http) async fn check_session(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let org_id = caller.home().number;
    let Some(id) = caller.person() else {
        let reference = caller.repo.actor().reference.split_once('/').map_or("", |(_, id)| id);
        return Ok(one(&asked, json!({ "guid": reference, "org_id": org_id, "is_staff": false })));
    };
    let user = shown(&caller, &caller.user(id).await?).await?;
    let mut checked = json!({ "org_id": org_id, "is_staff": false });
    for name in ["user_id", "guid", "email", "lastname", "firstname", "username"] {
        checked[name] = user[name].clone();
    }
    Ok(one(&asked, checked))
}

pub(in crate::http) async fn own_session(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let home = caller.home();
    let mut told = json!({ "idp": "local", "org_guid": home.id });
    if let Some(id) = caller.person() {
        told["user_guid"] = id.into();
        let sessions = caller.identity().sessions_of(id).await?;
        let own = sessions.iter().find(|one| Some(&one.id) == caller.repo.actor().login.as_ref());
        if let Some(own) = own {
            told["sessionID"] = own.id.as_str().into();
            let began =
                text(&own.login, "authTime").and_then(|at| chrono::DateTime::parse_from_rfc3339(at).ok());
            if let Some(began) = began {
                told["created"] = moment(began.timestamp_millis()).into();
            }
        }
    }
    Ok(one(&asked, told))
}
