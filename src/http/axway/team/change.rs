//! Teams are made, changed and removed.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::answer::one;
use super::super::asked::{Asked, Sent, wrong};
use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::{body, extend};
use super::place::{entity, put};
use super::view::{named, shown, tagged};
use crate::error::{Result, unsupported};
use crate::http::reply::Failure;

const KNOWN: [&str; 6] = ["default", "desc", "name", "org_guid", "tags", "users"];

/// Puts what was sent into a group.
async fn apply(caller: &Caller<'_>, org: &Org, sent: &Sent, group: &mut Value) -> Result<()> {
    if let Some(name) = sent.text("name")? {
        if !(2..=100).contains(&name.chars().count()) {
            return Err(wrong("name", "this has 2 to 100 characters"));
        }
        group["name"] = name.into();
    }
    if sent.has("desc") {
        let desc = sent.text("desc")?.filter(|desc| !desc.is_empty());
        if desc.is_some_and(|desc| desc.chars().count() > 200) {
            return Err(wrong("desc", "this has 200 characters at most"));
        }
        extend(
            group,
            "team-description",
            desc.map(|desc| json!({ "valueString": desc })).into_iter().collect(),
        );
    }
    if let Some(default) = sent.flag("default")? {
        let value = json!({ "valueBoolean": default });
        extend(group, "default-team", Some(value).filter(|_| default).into_iter().collect());
    }
    if let Some(tags) = sent.texts("tags")? {
        tagged(group, &tags)?;
    }
    if let Some(users) = sent.list("users")? {
        group.as_object_mut().map(|group| group.shift_remove("member"));
        for user in users {
            let place = || wrong("users", "a member is { guid, roles, type }");
            let guid = user.get("guid").and_then(Value::as_str).ok_or_else(place)?;
            let kind = user.get("type").and_then(Value::as_str);
            let roles = user.get("roles").and_then(Value::as_array).ok_or_else(place)?;
            let roles: Option<Vec<String>> =
                roles.iter().map(|role| role.as_str().map(str::to_owned)).collect();
            put(group, &entity(caller, org, guid, kind).await?, &roles.ok_or_else(place)?)?;
        }
    }
    Ok(())
}

pub(in crate::http) async fn create_team(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let sent = Sent::read(&request, payload, &KNOWN).await?;
    sent.needed("name")?;
    let org = match sent.text("org_guid")? {
        Some(given) => caller.org(given).await?,
        None => caller.home(),
    };
    let mut group = json!({ "resourceType": "Group", "type": "person", "actual": true, "active": true });
    apply(&caller, &org, &sent, &mut group).await?;
    let row = org.repo.create("Group", group).await?.row;
    alone(&org, &sent, &row.id).await?;
    Ok(one(&asked, shown(&org, &row, &body(&row)?, row.updated)))
}

pub(in crate::http) async fn update_team(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let known = ["default", "desc", "name", "tags", "users"];
    let sent = Sent::read(&request, payload, &known).await?;
    let (org, row, mut group) = named(&caller, caller.part("team_id")).await?;
    apply(&caller, &org, &sent, &mut group).await?;
    let row = org.repo.update("Group", &row.id, group, Some(row.version)).await?.row;
    alone(&org, &sent, &row.id).await?;
    let created = org.repo.created(std::slice::from_ref(&row)).await?[0];
    Ok(one(&asked, shown(&org, &row, &body(&row)?, created)))
}

/// Of an organization's teams one is the default.
async fn alone(org: &Org, sent: &Sent, id: &str) -> Result<()> {
    if sent.flag("default")? != Some(true) {
        return Ok(());
    }
    for row in org.all("Group", &[("default-team", "true".to_owned())]).await? {
        if row.id != id {
            let mut group = body(&row)?;
            extend(&mut group, "default-team", Vec::new());
            org.repo.update("Group", &row.id, group, Some(row.version)).await?;
        }
    }
    Ok(())
}

pub(in crate::http) async fn delete_team(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &["reassign_team"])?;
    if asked.text("reassign_team")?.is_some() {
        let text = "nothing belongs to a team here that another one could be given";
        return Err(unsupported(text).at("reassign_team").into());
    }
    let (org, row, group) = named(&caller, caller.part("team_id")).await?;
    let created = org.repo.created(std::slice::from_ref(&row)).await?[0];
    org.repo.delete("Group", &row.id, Some(row.version)).await?;
    Ok(one(&asked, shown(&org, &row, &group, created)))
}
