//! Activities: what the project's AuditEvents record, newest first.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::collection::{Ask, Collection};
use super::{answer, caller, found, id, list, parsed, put, text};
use crate::error::Result;
use crate::http::reply::Failure;
use crate::store::Row;

pub(super) const ACTIVITIES: Collection = Collection {
    kind: "AuditEvent",
    filters: &[
        ("user_id", Ask::To("agent", "User")),
        ("event", Ask::Is("subtype")),
        ("created_at", Ask::Moment("date")),
    ],
    sorts: &[("created_at", "date")],
    order: "-date",
};

pub(in crate::http) async fn activities(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    let page = ACTIVITIES.page(&repo, &asked).await?;
    let views = page.rows.iter().map(|row| view(row)).collect::<Result<_>>()?;
    answer::many(&request, &repo, &asked, &page, views)
}

pub(in crate::http) async fn activity(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    asked.of_one()?;
    let row = found(&repo, ACTIVITIES.kind, id(&request)).await?;
    answer::one(&request, &repo, &asked, &row, view(&row)?)
}

fn view(row: &Row) -> Result<Value> {
    let body = parsed(row)?;
    let mut activity = json!({ "id": row.id });
    put(&mut activity, "event", body.pointer("/subtype/0/code").cloned());
    let succeeded = text(&body, "outcome") == Some("0");
    activity["status"] = Value::from(if succeeded { "success" } else { "failure" });
    put(&mut activity, "description", text(&body, "outcomeDesc"));
    let agent = body.pointer("/agent/0/who/reference").and_then(Value::as_str);
    match agent.and_then(|agent| agent.split_once('/')) {
        Some(("User", id)) => activity["user"] = json!({ "id": id }),
        Some((kind, id)) => activity["client"] = json!({ "type": kind, "id": id }),
        None => {
            put(&mut activity, "client", body.pointer("/agent/0/name").map(|name| json!({ "name": name })))
        }
    }
    let about = list(&body, "entity").iter().filter_map(|one| one.pointer("/what/reference")?.as_str());
    let about: Vec<Value> = about
        .filter_map(|one| one.split_once('/'))
        .map(|(kind, id)| json!({ "type": kind, "id": id }))
        .collect();
    if !about.is_empty() {
        activity["resources"] = Value::Array(about);
    }
    put(&mut activity, "ip_address", body.pointer("/agent/0/network/address").cloned());
    put(&mut activity, "created_at", text(&body, "recorded"));
    Ok(activity)
}
