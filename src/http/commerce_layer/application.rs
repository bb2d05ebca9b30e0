//! Application memberships: what a member may do besides when he comes through an application, which is an API
//! credential here. Kept in `ProjectMembership.application`; the filters are the variables of the role's policy.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::asked::Asked;
use super::document::Document;
use super::kind::{APPLICATION_MEMBERSHIPS, MEMBERSHIPS};
use super::sent::Sent;
use super::{ATTEMPTS, administers, asked, caller, id, part, read, role, told};
use crate::error::{Error, Issue, Kind, Result, busy};
use crate::http::extract;
use crate::http::record::{found, list, parsed, text};
use crate::http::reply::{Failure, created, no_content, ok};
use crate::repo::Repo;
use crate::repo::Written;
use crate::store::Row;

/// An entry in the words of the dialect.
pub(super) fn attributes(entry: &Value) -> Value {
    let mut filters = Map::new();
    for parameter in list(entry, "parameter") {
        let Some(name) = text(parameter, "name") else { continue };
        let value = parameter.get("valueString").or_else(|| parameter.pointer("/valueReference/reference"));
        filters.insert(name.to_owned(), value.cloned().unwrap_or_default());
    }
    json!({ "filters": if filters.is_empty() { Value::Null } else { Value::Object(filters) } })
}

pub(in crate::http) async fn create_application_membership(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&APPLICATION_MEMBERSHIPS, asked(&request)?)?;
    let relations = &["api_credential", "membership", "organization", "role"][..];
    let kind = &APPLICATION_MEMBERSHIPS;
    let sent = Sent::read(&request, payload, kind, None, (&["filters"], relations)).await?;
    administers(&repo)?;
    sent.stays_in(&repo.actor().project_id)?;
    let client = sent.needed_relation("api_credential")?.to_owned();
    exists(&repo, "ClientApplication", &client, "api_credential").await?;
    // Without a member it would be of a profile of members, which there are none of here.
    let member = sent.needed_relation("membership")?.to_owned();
    let role = sent.needed_relation("role")?.to_owned();
    role::access(&repo, &role).await?;
    let mut entry = json!({
        "client": { "reference": format!("ClientApplication/{client}") },
        "policy": { "reference": format!("AccessPolicy/{role}") },
    });
    filter(&mut entry, &sent)?;
    sent.write_record(&mut entry, &[]);
    for _ in 0..ATTEMPTS {
        let row =
            read::read(&repo, &MEMBERSHIPS, &member).await.map_err(|failure| match failure.error().kind {
                Kind::NotFound => must_exist("membership"),
                _ => failure,
            })?;
        let mut membership = parsed(&row)?;
        let place = list(&membership, "application").len();
        if list(&membership, "application").iter().any(|one| part::label(kind, one) == client) {
            let text = "the member has this application already";
            let error = Error::new(Kind::Invalid, vec![Issue::error("duplicate", text)]);
            return Err(error.at("/data/relationships/api_credential").into());
        }
        match membership.get_mut("application").and_then(Value::as_array_mut) {
            Some(entries) => entries.push(entry.clone()),
            None => membership["application"] = json!([entry]),
        }
        if let Some(written) = written(&repo, &row, membership).await? {
            let parts = part::of(kind, &written.row)?;
            let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
            let made = parts.get(place);
            let at = made.map_or("", |made| &made.id);
            let at = format!("{}/application_memberships/{at}", document.base);
            return Ok(told(&request, created(&at), &document.one(kind, made).await?));
        }
    }
    Err(crowded())
}

pub(in crate::http) async fn update_application_membership(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let kind = &APPLICATION_MEMBERSHIPS;
    let asked = Asked::of_one(kind, asked(&request)?)?;
    let sent = Sent::read(&request, payload, kind, Some(id(&request)), (&["filters"], &["role"])).await?;
    administers(&repo)?;
    let role = match sent.relation("role") {
        None => None,
        Some(_) => {
            let role = sent.needed_relation("role")?;
            role::access(&repo, role).await?;
            Some(format!("AccessPolicy/{role}"))
        }
    };
    for _ in 0..ATTEMPTS {
        let (row, found) = part::find(&repo, kind, id(&request)).await?;
        let place = part::place(&found)?;
        let mut membership = parsed(&row)?;
        if let Some(entry) = membership.pointer_mut(&format!("/application/{place}")) {
            if let Some(role) = &role {
                entry["policy"] = json!({ "reference": role });
            }
            filter(entry, &sent)?;
            sent.write_record(entry, &[]);
        }
        if let Some(written) = written(&repo, &row, membership).await? {
            let parts = part::of(kind, &written.row)?;
            let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
            return Ok(told(&request, ok(), &document.one(kind, parts.get(place)).await?));
        }
    }
    Err(crowded())
}

pub(in crate::http) async fn delete_application_membership(
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    extract::no_parameters(&request)?;
    for _ in 0..ATTEMPTS {
        let (row, found) = part::find(&repo, &APPLICATION_MEMBERSHIPS, id(&request)).await?;
        administers(&repo)?;
        let place = part::place(&found)?;
        let mut membership = parsed(&row)?;
        let entry = membership["application"][place].clone();
        without(&mut membership, |one| *one == entry);
        if written(&repo, &row, membership).await?.is_some() {
            return Ok(no_content().finish());
        }
    }
    Err(crowded())
}

/// The next version of a membership; nothing where another was faster.
async fn written(repo: &Repo, row: &Row, membership: Value) -> Result<Option<Written>, Failure> {
    match repo.update("ProjectMembership", &row.id, membership, Some(row.version)).await {
        Ok(written) => Ok(Some(written)),
        Err(error) if error.kind == Kind::Precondition => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Takes entries out of a membership.
pub(super) fn without(membership: &mut Value, gone: impl Fn(&Value) -> bool) {
    let Some(entries) = membership.get_mut("application").and_then(Value::as_array_mut) else { return };
    entries.retain(|one| !gone(one));
    if entries.is_empty()
        && let Some(membership) = membership.as_object_mut()
    {
        membership.shift_remove("application");
    }
}

/// Puts filters into an entry as the parameters of its policy, which are texts.
fn filter(entry: &mut Value, sent: &Sent) -> Result<(), Failure> {
    let Some(filters) = sent.attributes.get("filters") else { return Ok(()) };
    let mut parameters = Vec::new();
    for (name, value) in filters.as_object().into_iter().flatten() {
        let fault = |text: &str| {
            let error = Error::new(Kind::Invalid, vec![Issue::error("value", text)]);
            Failure::from(error.at(format!("/data/attributes/filters/{name}")))
        };
        match value {
            Value::String(text) if !text.is_empty() => {
                parameters.push(json!({ "name": name, "valueString": text }));
            }
            _ => {
                return Err(fault(
                    "a filter is a text: what the role's policy has a variable of this name for",
                ));
            }
        }
    }
    if let Some(entry) = entry.as_object_mut() {
        entry.shift_remove("parameter");
        if !parameters.is_empty() {
            entry.insert("parameter".to_owned(), Value::Array(parameters));
        }
    }
    Ok(())
}

async fn exists(repo: &Repo, kind: &str, id: &str, relation: &str) -> Result<(), Failure> {
    match found(repo, kind, id).await {
        Ok(_) => Ok(()),
        Err(error) if error.kind == Kind::NotFound => Err(must_exist(relation)),
        Err(error) => Err(error.into()),
    }
}

fn must_exist(relation: &str) -> Failure {
    let error = Error::new(Kind::Invalid, vec![Issue::error("not-found", "must exist")]);
    error.at(format!("/data/relationships/{relation}")).into()
}

fn crowded() -> Failure {
    busy("this membership is changed by many at once; try again").into()
}
