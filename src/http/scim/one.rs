//! One user, one group: made, read, replaced, patched, taken away
//! (<https://www.rfc-editor.org/rfc/rfc7644#section-3.3> to 3.6).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use uuid::Uuid;

use super::super::reply;
use super::accept;
use super::answer::{self, if_match};
use super::list::Asked;
use super::patch;
use super::refusal::Result;
use super::schema::{self, Resource};
use super::shape::Wanted;
use super::{Caller, body, caller};

/// A resource as it is by now.
pub(super) struct Shown {
    pub place: String,
    pub tag: String,
    pub body: Value,
}

/// Makes a resource under a new id.
pub(super) async fn make(
    caller: &Caller,
    kind: &'static Resource,
    id: &str,
    sent: &Value,
    wanted: &Wanted,
) -> Result<Shown> {
    let scim = accept::resource(kind, sent)?;
    match kind.name {
        "User" => user_shown(caller, super::user::create(caller, id, scim).await?, wanted).await,
        _ => Ok(group_shown(caller, super::group::create(caller, id, &scim).await?, wanted)),
    }
}

pub(super) async fn find(
    caller: &Caller,
    kind: &'static Resource,
    id: &str,
    wanted: &Wanted,
) -> Result<Shown> {
    match kind.name {
        "User" => user_shown(caller, super::user::find(&caller.repo, id).await?, wanted).await,
        _ => Ok(group_shown(caller, super::group::find(&caller.repo, id).await?, wanted)),
    }
}

pub(super) async fn replace(
    caller: &Caller,
    kind: &'static Resource,
    (id, tags): (&str, Option<&str>),
    sent: &Value,
    wanted: &Wanted,
) -> Result<Shown> {
    let scim = accept::resource(kind, sent)?;
    match kind.name {
        "User" => user_shown(caller, super::user::replace(caller, id, tags, &scim).await?, wanted).await,
        _ => Ok(group_shown(caller, super::group::replace(caller, id, tags, &scim).await?, wanted)),
    }
}

pub(super) async fn change(
    caller: &Caller,
    kind: &'static Resource,
    (id, tags): (&str, Option<&str>),
    sent: &Value,
    wanted: &Wanted,
) -> Result<Shown> {
    let operations = patch::read(kind, sent)?;
    match kind.name {
        "User" => user_shown(caller, super::user::patch(caller, id, tags, &operations).await?, wanted).await,
        _ => {
            Ok(group_shown(caller, super::group::patch(caller, id, tags, &operations, wanted).await?, wanted))
        }
    }
}

pub(super) async fn remove(
    caller: &Caller,
    kind: &'static Resource,
    (id, tags): (&str, Option<&str>),
) -> Result<()> {
    match kind.name {
        "User" => super::user::delete(caller, id, tags).await,
        _ => super::group::delete(caller, id, tags).await,
    }
}

async fn user_shown(caller: &Caller, person: super::user::Person, wanted: &Wanted) -> Result<Shown> {
    let place = format!("{}/Users/{}", caller.base, person.row.id);
    let tag = person.tag();
    let body = super::user::shown(&caller.repo, &[person], &caller.base, wanted).await?.pop();
    Ok(Shown { place, tag, body: wanted.shape(body.unwrap_or_default()) })
}

fn group_shown(caller: &Caller, team: super::group::Team, wanted: &Wanted) -> Shown {
    let place = format!("{}/Groups/{}", caller.base, team.row.id);
    let tag = team.tag();
    let body = super::group::shown(&[team], &caller.base, wanted).pop();
    Shown { place, tag, body: wanted.shape(body.unwrap_or_default()) }
}

fn id(request: &HttpRequest) -> &str {
    request.match_info().get("id").unwrap_or_default()
}

/// How much of a resource the address asks for.
pub(super) fn wanted(request: &HttpRequest, kind: &'static Resource) -> Result<Wanted> {
    Asked::of_query(request)?.shape_only(kind)
}

pub(super) async fn post(
    request: &HttpRequest,
    payload: web::Payload,
    kind: &'static Resource,
) -> Result<HttpResponse> {
    let caller = caller(request).await?;
    let wanted = wanted(request, kind)?;
    let sent = body(request, payload).await?;
    let shown = make(&caller, kind, &Uuid::now_v7().to_string(), &sent, &wanted).await?;
    answer::created(request, &shown.place, &shown.tag, &shown.body)
}

pub(super) async fn get(request: &HttpRequest, kind: &'static Resource, id: &str) -> Result<HttpResponse> {
    let caller = caller(request).await?;
    let shown = find(&caller, kind, id, &wanted(request, kind)?).await?;
    answer::read(request, &shown.tag, &shown.body)
}

pub(super) async fn put(
    request: &HttpRequest,
    payload: web::Payload,
    kind: &'static Resource,
    id: &str,
) -> Result<HttpResponse> {
    let caller = caller(request).await?;
    let (wanted, tags) = (wanted(request, kind)?, if_match(request)?);
    let sent = body(request, payload).await?;
    let shown = replace(&caller, kind, (id, tags.as_deref()), &sent, &wanted).await?;
    answer::resource(request, &shown.tag, &shown.body)
}

/// A group may be large: it is sent back to whoever says what of it he wants.
pub(super) async fn modify(
    request: &HttpRequest,
    payload: web::Payload,
    kind: &'static Resource,
    id: &str,
) -> Result<HttpResponse> {
    let caller = caller(request).await?;
    let (mut wanted, tags) = (wanted(request, kind)?, if_match(request)?);
    let sent = body(request, payload).await?;
    let silent = kind.name == "Group" && request.query_string().is_empty();
    if silent {
        wanted = Wanted::bare();
    }
    let shown = change(&caller, kind, (id, tags.as_deref()), &sent, &wanted).await?;
    match silent {
        true => Ok(answer::changed(&shown.tag)),
        false => answer::resource(request, &shown.tag, &shown.body),
    }
}

pub(super) async fn delete(request: &HttpRequest, kind: &'static Resource, id: &str) -> Result<HttpResponse> {
    let caller = caller(request).await?;
    let tags = if_match(request)?;
    remove(&caller, kind, (id, tags.as_deref())).await?;
    Ok(reply::no_content().finish())
}

pub(in crate::http) async fn create_user(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    post(&request, payload, schema::user()).await
}

pub(in crate::http) async fn create_group(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    post(&request, payload, schema::group()).await
}

pub(in crate::http) async fn user(request: HttpRequest) -> Result<HttpResponse> {
    get(&request, schema::user(), id(&request)).await
}

pub(in crate::http) async fn group(request: HttpRequest) -> Result<HttpResponse> {
    get(&request, schema::group(), id(&request)).await
}

pub(in crate::http) async fn put_user(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse> {
    put(&request, payload, schema::user(), id(&request)).await
}

pub(in crate::http) async fn put_group(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse> {
    put(&request, payload, schema::group(), id(&request)).await
}

pub(in crate::http) async fn patch_user(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse> {
    modify(&request, payload, schema::user(), id(&request)).await
}

pub(in crate::http) async fn patch_group(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    modify(&request, payload, schema::group(), id(&request)).await
}

pub(in crate::http) async fn delete_user(request: HttpRequest) -> Result<HttpResponse> {
    delete(&request, schema::user(), id(&request)).await
}

pub(in crate::http) async fn delete_group(request: HttpRequest) -> Result<HttpResponse> {
    delete(&request, schema::group(), id(&request)).await
}
