//! `GET /user/organizations`: the organizations of whoever calls: those he is a member of, and for an admin those below
//! his own.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::super::answer::one;
use super::super::asked::Asked;
use super::super::caller::Caller;
use super::super::record::{body, is};
use super::super::role::Roles;
use super::read::provided;
use crate::error::{Result, malformed};
use crate::http::reply::Failure;

/// Organizations below one that are listed.
const MOST: usize = 1_000;

pub(in crate::http) async fn organizations(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &["email", "guid", "include_inactive", "provider_guid", "roles"])?;
    provided(&caller.repo, asked.text("provider_guid")?)?;
    asked.flag("include_inactive")?;
    let himself = match caller.person() {
        Some(id) => {
            let own = caller.user(id).await?;
            let email = body(&own)?.get("email").and_then(Value::as_str).map(str::to_lowercase);
            let same = |name: &str, own: Option<&str>| -> Result<bool> {
                Ok(asked.text(name)?.is_none_or(|given| Some(given.to_lowercase().as_str()) == own))
            };
            same("email", email.as_deref())? && same("guid", Some(id))?
        }
        None => asked.text("email")?.is_none() && asked.text("guid")?.is_none(),
    };
    if !himself {
        return Err(malformed("this tells of whoever calls, and of nobody else")
            .coded("not-supported")
            .into());
    }
    let wanted = asked.texts("roles");
    let mut found = mine(&caller).await?;
    if !wanted.is_empty() {
        found.retain(|org| {
            let roles = org["current_users_roles"].as_str().unwrap_or_default();
            roles.split(',').any(|role| wanted.iter().any(|one| one == role))
        });
    }
    Ok(one(&asked, found.into()))
}

/// The organizations of the caller, his present one first.
pub(in crate::http::axway) async fn mine(caller: &Caller<'_>) -> Result<Vec<Value>> {
    let home = caller.home();
    let store = &caller.repo.engine().store;
    let mut found: Vec<Value> = Vec::new();
    for row in caller.identity().memberships_of(caller.repo.actor()).await? {
        let membership = body(&row)?;
        let id = store.project_id(row.project)?;
        let Some(name) = caller.identity().name_of_project(row.project).await? else { continue };
        let roles = Roles::of(caller.identity(), row.project, &[&membership]).await?.named(&membership);
        let place = if row.project == home.number { 0 } else { found.len() };
        found.insert(place, shown(&id, row.project, &name, &roles));
    }
    if caller.repo.actor().administers() {
        let own = vec!["administrator".to_owned()];
        for row in caller.identity().organizations(&caller.repo, None, false, MOST).await? {
            let project = body(&row)?;
            if !found.iter().any(|known| known["guid"] == row.id.as_str()) && !is(&project, "superAdmin") {
                let name = project.get("name").and_then(Value::as_str).unwrap_or_default();
                found.push(shown(&row.id, row.project, name, &own));
            }
        }
    }
    Ok(found)
}

fn shown(id: &str, number: i32, name: &str, roles: &[String]) -> Value {
    json!({
        "guid": id,
        "org_id": number,
        "name": name,
        // Those that sleep are not told.
        "active": true,
        "multiuser": true,
        "deletable": false,
        "current_users_role": roles.first(),
        "current_users_roles": roles.join(","),
    })
}
