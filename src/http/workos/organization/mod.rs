//! Organizations: the child projects of the key's project.

mod domain;
mod list;
mod write;

use std::sync::Arc;

use actix_web::HttpRequest;
use serde_json::{Map, Value, json};

pub(in crate::http) use domain::{
    create as create_domain, delete as delete_domain, read as read_domain, verify,
};
pub(super) use domain::{is_verified, render as render_domain};
pub(in crate::http) use list::{by_external_id, list, read};
pub(in crate::http) use write::{create, delete, update};

use super::caller::Caller;
use super::record::{self, extension};
use super::refusal::{Refusal, missing};
use super::{id, moment, part};
use crate::repo::Repo;
use crate::store::Row;

/// Of a customer's own id for an organization, in `Project.identifier`.
const EXTERNAL: &str = "https://roster.dev/organization-external-id";
const METADATA: &str = "organization-metadata";
const OUTSIDERS: &str = "allowProfilesOutsideOrganization";
const STRIPE: &str = "stripeCustomerId";

/// Organizations as they are shown, in their order.
async fn shown(repo: &Repo, rows: &[Arc<Row>]) -> Result<Vec<Value>, Refusal> {
    let created = repo.created(rows).await?;
    let references: Vec<String> = rows.iter().map(|row| format!("Project/{}", row.id)).collect();
    let domains = record::DOMAIN.about(repo, &references).await?;
    let moments = repo.created(&domains).await?;
    let mut of: Map<String, Value> = Map::new();
    for (row, made) in domains.iter().zip(moments) {
        let body = crate::resource::parse(row.body.as_bytes())?;
        let subject = body.pointer("/subject/reference").and_then(Value::as_str).unwrap_or_default();
        let list = of.entry(subject.to_owned()).or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(domain::render(row, &body, made));
        }
    }
    rows.iter()
        .zip(created)
        .zip(references)
        .map(|((row, created), reference)| {
            render(row, created, of.get(&reference).cloned().unwrap_or(json!([])))
        })
        .collect()
}

async fn show(repo: &Repo, row: &Arc<Row>) -> Result<Value, Refusal> {
    Ok(shown(repo, std::slice::from_ref(row)).await?.pop().unwrap_or_default())
}

/// A version of an organization.
pub(super) fn render(row: &Row, created: i64, domains: Value) -> Result<Value, Refusal> {
    let body = crate::resource::parse(row.body.as_bytes())?;
    let mut shown = json!({
        "object": "organization",
        "id": id::show(id::ORGANIZATION, &row.id),
        "name": body.get("name").and_then(Value::as_str).unwrap_or_default(),
        "allow_profiles_outside_organization": setting(&body, OUTSIDERS) == Some(&Value::Bool(true)),
        "domains": domains,
        "metadata": metadata(&body),
        "external_id": external(&body),
        "created_at": moment::text(created),
        "updated_at": moment::text(row.updated),
    });
    if let Some(customer) = setting(&body, STRIPE) {
        shown["stripe_customer_id"] = customer.clone();
    }
    Ok(shown)
}

fn external(body: &Value) -> Option<&str> {
    let all = body.get("identifier")?.as_array()?;
    all.iter().find(|one| one["system"] == EXTERNAL)?.get("value")?.as_str()
}

fn metadata(body: &Value) -> Value {
    let text = extension(body, METADATA).and_then(Value::as_str).unwrap_or("{}");
    serde_json::from_str(text).ok().filter(Value::is_object).unwrap_or_else(|| json!({}))
}

fn setting<'b>(body: &'b Value, name: &str) -> Option<&'b Value> {
    let one = body.get("setting")?.as_array()?.iter().find(|one| one["name"] == name)?;
    one.get("valueBoolean").or_else(|| one.get("valueString"))
}

/// The organization that a part of an address or a body names: its record and its id.
pub(super) async fn named(caller: &Caller<'_>, given: &str) -> Result<(Arc<Row>, Value), Refusal> {
    let unknown = || missing("organization", given);
    let id = id::read(id::ORGANIZATION, given).ok_or_else(unknown)?;
    let found = caller.identity().organization_record(&caller.repo, &id).await;
    found.map_err(|error| match error.kind {
        crate::error::Kind::NotFound => unknown(),
        _ => error.into(),
    })
}

async fn addressed(request: &HttpRequest, caller: &Caller<'_>) -> Result<Arc<Row>, Refusal> {
    Ok(named(caller, &part(request, "organization")).await?.0)
}
