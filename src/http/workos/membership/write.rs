//! Memberships are made, given other roles, put to sleep and ended.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::super::asked::Asked;
use super::super::authorization::{MEMBER, assignable};
use super::super::caller::Caller;
use super::super::refusal::{Refusal, bad};
use super::super::{organization, user};
use super::list::addressed;
use super::show;
use crate::error::Kind;
use crate::http::reply;
use crate::identity::organization::{Wanted, accesses};
use crate::repo::Repo;

/// The roles that a request names.
fn slugs(asked: &mut Asked) -> Option<Vec<String>> {
    let (one, many) = (asked.text("role_slug"), asked.texts("role_slugs"));
    if one.is_some() && many.is_some() {
        asked.fault("role_slugs", "invalid_value", "Give role_slug or role_slugs, not both.");
    }
    if many.as_ref().is_some_and(Vec::is_empty) {
        asked.fault("role_slugs", "required", "role_slugs has one role at least.");
    }
    one.map(|slug| vec![slug]).or(many)
}

async fn policies(caller: &Caller<'_>, seat: &Repo, slugs: &[String]) -> Result<Vec<String>, Refusal> {
    let mut policies = Vec::with_capacity(slugs.len());
    for slug in slugs {
        policies.push(assignable(&caller.repo, seat, slug, Kind::Invalid).await?);
    }
    Ok(policies)
}

pub(in crate::http) async fn create(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let (person, home) = (asked.needed("user_id"), asked.needed("organization_id"));
    let slugs = slugs(&mut asked).unwrap_or_else(|| vec![MEMBER.to_owned()]);
    asked.finish()?;
    let person = user::named(&caller.repo, &person).await?;
    let (home, _) = organization::named(&caller, &home).await?;
    let seat = caller.identity().organization(&caller.repo, &home.id).await?;
    let roles = policies(&caller, &seat, &slugs).await?;
    let wanted = Wanted { user: &person.id, roles, invited_by: None };
    let made =
        caller.identity().join_organization(&caller.repo, &home.id, &wanted, caller.act("create")).await;
    let row = made.map_err(|error| match error.kind {
        Kind::Conflict => {
            bad("user_already_organization_member", "The user is a member of the organization already.")
        }
        _ => error.into(),
    })?;
    Ok(reply::made().json(show(&caller, &row).await?))
}

pub(in crate::http) async fn update(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let slugs = slugs(&mut asked);
    asked.finish()?;
    let (row, seat) = addressed(&request, &caller).await?;
    let Some(slugs) = slugs else {
        return Ok(reply::ok().json(show(&caller, &row).await?));
    };
    let roles = accesses(&policies(&caller, &seat, &slugs).await?);
    let change = |membership: &mut Value| -> Result<(), Refusal> {
        membership["access"] = roles.clone();
        membership.as_object_mut().map(|membership| membership.shift_remove("accessPolicy"));
        Ok(())
    };
    let row = caller.identity().change_member(&caller.repo, &row.id, caller.act("update"), change).await?;
    Ok(reply::ok().json(show(&caller, &row).await?))
}

pub(in crate::http) async fn deactivate(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    turn(request, false).await
}

pub(in crate::http) async fn reactivate(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    turn(request, true).await
}

async fn turn(request: HttpRequest, active: bool) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let (row, _) = addressed(&request, &caller).await?;
    let change = |membership: &mut Value| -> Result<(), Refusal> {
        membership["active"] = Value::Bool(active);
        Ok(())
    };
    let act = caller.act(if active { "reactivate" } else { "deactivate" });
    let row = caller.identity().change_member(&caller.repo, &row.id, act, change).await?;
    Ok(reply::ok().json(show(&caller, &row).await?))
}

pub(in crate::http) async fn delete(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let (row, _) = addressed(&request, &caller).await?;
    caller.identity().leave_organization(&caller.repo, &row.id, caller.act("delete")).await?;
    Ok(reply::no_content().finish())
}
