//! Truto's unified user directory (<https://truto.one/docs/api-reference/unified-user-directory-api>): one key, one
//! integrated account, which is the key's project. Users, groups, roles, organizations, workspaces and activities are views
//! of the same records that FHIR serves.

mod activity;
mod answer;
mod asked;
mod collection;
mod describe;
mod group;
mod licence;
mod project;
mod refusal;
mod role;
mod routes;
mod user;

use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value};

pub(super) use describe::describe;
pub(super) use refusal::dress;
pub(super) use routes::routes;

use super::reply::{Failure, no_content};
use super::{extract, negotiate, parameters};
use crate::error::{Kind, Result, fault, forbidden, malformed, not_found};
use crate::repo::{Found, Rank, Repo, absent};
use crate::resource;
use crate::store::Row;
use asked::Asked;
use std::sync::Arc;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// Who asks, in the account that he has to name, and what for.
async fn caller(request: &HttpRequest) -> Result<(Repo, Asked), Failure> {
    let repo = extract::caller(request).await?.through("truto");
    let asked = Asked::parse(parameters::parse(request.query_string())?)?;
    if asked.account != repo.actor().project_id {
        let text = format!("there is no integrated account '{}' for this key", asked.account);
        return Err(not_found(text).at("integrated_account_id").into());
    }
    if matches!(repo.actor().rank, Rank::SuperAdmin | Rank::System) {
        return Err(forbidden("this takes the key of a project; a super admin belongs to none").into());
    }
    Ok((repo, asked))
}

/// The id in the address.
fn id(request: &HttpRequest) -> &str {
    request.match_info().get("id").unwrap_or_default()
}

/// The record, if it is there for the caller; of a deleted one he is told what he is told of none.
async fn found(repo: &Repo, kind: &str, id: &str) -> Result<Arc<Row>> {
    match repo.read(kind, id).await {
        Err(error) if matches!(error.kind, Kind::Deleted | Kind::NotFound) => Err(absent(kind, id)),
        read => read,
    }
}

/// What a search finds, to its end; nothing where the caller may not search this.
async fn all(repo: &Repo, kind: &str, asked: &[(&str, String)]) -> Result<Vec<Arc<Row>>> {
    let mut wanted: Vec<(String, String)> =
        asked.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    wanted.push(("_count".to_owned(), "1000".to_owned()));
    let mut rows = Vec::new();
    loop {
        let found: Found = match repo.search(kind, &wanted, false).await {
            Ok(found) => found,
            Err(error) if error.kind == Kind::Forbidden => return Ok(rows),
            Err(error) => return Err(error),
        };
        let next = collection::cursor(&found);
        rows.extend(found.rows);
        let Some(next) = next else { return Ok(rows) };
        wanted.retain(|(name, _)| name != "_cursor");
        wanted.push(("_cursor".to_owned(), next));
    }
}

/// The body: a JSON object of fields that are known.
async fn body(
    request: &HttpRequest,
    payload: web::Payload,
    known: &[&str],
) -> Result<Map<String, Value>, Failure> {
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !negotiate::is_json(media) {
        return Err(Failure::unsupported_media("the body is sent as application/json"));
    }
    let Value::Object(body) = resource::parse(&extract::bytes(request, payload).await?)? else {
        return Err(malformed("the body is a JSON object").into());
    };
    match body.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => {
            let text = format!("this cannot be written here; what can is {}", known.join(", "));
            Err(malformed(text).coded("not-supported").at(name).into())
        }
        None => Ok(body),
    }
}

fn parsed(row: &Row) -> Result<Value> {
    serde_json::from_str(&row.body).map_err(fault)
}

/// Milliseconds since 1970, as text.
fn moment(millis: i64) -> Value {
    let moment = DateTime::from_timestamp_millis(millis).unwrap_or_default();
    Value::from(moment.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// Adds what is there.
fn put(object: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object[name] = value.into();
    }
}

fn text<'v>(body: &'v Value, name: &str) -> Option<&'v str> {
    body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The id that a reference of this type names.
fn target<'v>(reference: &'v Value, kind: &str) -> Option<&'v str> {
    reference.get("reference")?.as_str()?.strip_prefix(kind)?.strip_prefix('/')
}

fn list<'v>(body: &'v Value, name: &str) -> &'v [Value] {
    body.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn done() -> HttpResponse {
    no_content().finish()
}
