//! What happened: `GET /activity` and `GET /activity/event`. Each event is a record of an act, under the name that the
//! platform has for it.

mod event;

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use super::answer::{one, page};
use super::asked::{Asked, wrong};
use super::caller::Caller;
use super::place::Org;
use super::record::{body, list, text};
use crate::error::{Error, Kind, Result};
use crate::http::reply::Failure;
use crate::store::Row;

/// Of the shape of the events.
const VERSION: u8 = 4;

pub(in crate::http) async fn activity(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &["data", "from", "org_id", "sort", "to", "user_guid"])?;
    let org = match asked.text("org_id")? {
        Some(given) => caller.org(given).await?,
        None => caller.home(),
    };
    let with_data = asked.flag("data")?.unwrap_or(true);
    let sort = match asked.text("sort")? {
        None | Some("-1") => "-date",
        Some("1") => "date",
        Some(_) => return Err(wrong("sort", "this is 1 or -1").into()),
    };
    let mut clauses = vec![("_sort".to_owned(), sort.to_owned())];
    for (name, prefix) in [("from", "ge"), ("to", "le")] {
        if let Some(given) = asked.text(name)? {
            clauses.push(("date".to_owned(), format!("{prefix}{}", moment(name, given)?)));
        }
    }
    if let Some(given) = asked.text("user_guid")? {
        let user = match caller.user(given).await {
            Ok(row) => row.id.clone(),
            Err(error) if error.kind == Kind::NotFound => "none".to_owned(),
            Err(error) => return Err(error.into()),
        };
        clauses.push(("agent".to_owned(), format!("User/{user}")));
    }
    let found = org.repo.search_at("AuditEvent", &clauses, asked.skip(), asked.limit).await?;
    let matched = usize::try_from(found.total.unwrap_or_default()).unwrap_or_default();
    let events: Result<Vec<Value>> = found.rows.iter().map(|row| shown(&org, row, with_data)).collect();
    Ok(page(&asked, events?, matched))
}

/// Milliseconds since 1970, or a moment in words of ISO 8601.
fn moment(name: &str, given: &str) -> Result<String, Error> {
    let moment = match given.parse::<i64>() {
        Ok(millis) => DateTime::from_timestamp_millis(millis),
        Err(_) => DateTime::parse_from_rfc3339(given).ok().map(|moment| moment.to_utc()),
    };
    let wrong = || wrong(name, "this is a moment, in milliseconds since 1970 or as 2026-04-21T00:00:00Z");
    Ok(moment.ok_or_else(wrong)?.to_rfc3339_opts(SecondsFormat::Millis, true))
}

fn shown(org: &Org, row: &Row, with_data: bool) -> Result<Value> {
    let record = body(row)?;
    let (name, context) = event::of(&record);
    let at = text(&record, "recorded").and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    let mut event = json!({
        "id": row.id,
        "event": name,
        "context": context,
        "timestamp": at.map_or(row.updated, |at| at.timestamp_millis()),
        "version": VERSION,
        "org_guid": org.id,
        "org_id": org.number,
    });
    let who = record.pointer("/agent/0/who/reference").and_then(Value::as_str);
    let who = who.and_then(|who| who.split_once('/'));
    if let Some(("User", id)) = who {
        event["user_guid"] = id.into();
    }
    if with_data {
        let mut data = json!({ "outcome": if record["outcome"] == "0" { "success" } else { "failure" } });
        if let Some((kind, id)) = who {
            data["actor"] = json!({ "guid": id, "type": if kind == "User" { "user" } else { "client" } });
        }
        if let Some(address) = record.pointer("/agent/0/network/address") {
            data["ipaddress"] = address.clone();
        }
        let about = list(&record, "entity").iter().filter_map(|one| one.pointer("/what/reference")).cloned();
        data["about"] = about.collect();
        event["data"] = data;
    }
    Ok(event)
}

/// The names that events have here.
pub(in crate::http) async fn events(request: HttpRequest) -> Result<HttpResponse, Failure> {
    Caller::of(&request).await?;
    let asked = Asked::read(&request, &[])?;
    Ok(one(&asked, event::names().into()))
}
