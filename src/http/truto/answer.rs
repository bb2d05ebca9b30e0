//! Answers in the form that was asked for: unified, raw, normalized, as lines, or with how they came about.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Format};
use super::{JSON, cursor, parsed};
use crate::error::malformed;
use crate::http::negotiate::Form;
use crate::http::reply::{self, Failure, ok};
use crate::repo::{Found, Repo};
use crate::store::Row;

const LINES: HeaderValue = HeaderValue::from_static("application/x-ndjson");
/// Beside lines there is no place for it in the body.
const NEXT: HeaderName = HeaderName::from_static("truto-next-cursor");

/// A page. `unified` are the views of what was found, in the same order.
pub(super) fn many(
    request: &HttpRequest,
    repo: &Repo,
    asked: &Asked,
    found: &Found,
    unified: Vec<Value>,
) -> Result<HttpResponse, Failure> {
    let next = cursor(found);
    let link = |query: String| format!("{}/{}?{query}", repo.engine().base_url, found.query.resource);
    let here = link(match &found.query.cursor {
        Some(cursor) => found.query.page_link(cursor),
        None => found.query.self_link(),
    });
    if asked.format == Format::Raw {
        let mut links = vec![json!({ "relation": "self", "url": here })];
        links.extend(found.next.clone().map(|next| json!({ "relation": "next", "url": link(next) })));
        let entries = found.rows.iter().map(|row| Ok(json!({ "resource": parsed(row)? })));
        let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset", "link": links });
        if !found.rows.is_empty() {
            bundle["entry"] = entries.collect::<Result<Value, crate::error::Error>>()?;
        }
        return Ok(sent(request, &bundle));
    }
    let records: Vec<Value> = unified
        .into_iter()
        .zip(&found.rows)
        .map(|(record, row)| dressed(asked, record, row))
        .collect::<Result<_, _>>()?;
    if asked.format == Format::Stream {
        let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
        let mut lines = reply::json(request, Form::default(), ok(), LINES, lines.into_bytes());
        if let Some(next) = next.and_then(|next| HeaderValue::from_str(&next).ok()) {
            lines.headers_mut().insert(NEXT, next);
        }
        return Ok(lines);
    }
    let count = records.len();
    let mut answer = json!({ "result": keyed(asked, records)?, "next_cursor": next });
    if asked.format == Format::Debug {
        answer["result_count"] = Value::from(count);
        let raw: Result<Value, _> = found.rows.iter().map(|row| parsed(row)).collect();
        answer["debug"] =
            json!({ "requestUrl": here, "data": raw?, "responseHeaders": {}, "nextCursor": next });
    }
    Ok(sent(request, &answer))
}

/// A list of one that nobody had to search for.
pub(super) fn alone(
    request: &HttpRequest,
    asked: &Asked,
    row: &Row,
    unified: Value,
) -> Result<HttpResponse, Failure> {
    if asked.format != Format::Unified {
        return Err(malformed("you are shown to yourself in this form only")
            .coded("not-supported")
            .at("truto_response_format")
            .into());
    }
    let records = vec![dressed(asked, unified, row)?];
    Ok(sent(request, &json!({ "result": keyed(asked, records)?, "next_cursor": null })))
}

/// Nothing, and nothing after it.
pub(super) fn none(request: &HttpRequest, asked: &Asked) -> Result<HttpResponse, Failure> {
    if asked.format == Format::Stream {
        return Ok(reply::json(request, Form::default(), ok(), LINES, Vec::new()));
    }
    let mut answer = json!({ "result": keyed(asked, Vec::new())?, "next_cursor": null });
    if asked.format == Format::Debug {
        answer["result_count"] = Value::from(0);
    }
    Ok(sent(request, &answer))
}

/// One record.
pub(super) fn one(
    request: &HttpRequest,
    repo: &Repo,
    asked: &Asked,
    row: &Row,
    unified: Value,
) -> Result<HttpResponse, Failure> {
    one_as(request, repo, asked, row, unified, ok())
}

/// The same, with another status.
pub(super) fn one_as(
    request: &HttpRequest,
    repo: &Repo,
    asked: &Asked,
    row: &Row,
    unified: Value,
    with: HttpResponseBuilder,
) -> Result<HttpResponse, Failure> {
    let body = match asked.format {
        Format::Raw => parsed(row)?,
        Format::Debug => {
            let kind = repo.engine().store.kind_name(row.kind).unwrap_or_default();
            let place = format!("{}/{kind}/{}", repo.engine().base_url, row.id);
            let raw = parsed(row)?;
            let result = dressed(asked, unified, row)?;
            json!({ "result": result, "debug": { "requestUrl": place, "data": raw, "responseHeaders": {} } })
        }
        _ => dressed(asked, unified, row)?,
    };
    Ok(reply::json(request, Form::default(), with, JSON, body.to_string().into_bytes()))
}

/// A record with what it was made of, if that is wanted, and without what is not.
fn dressed(asked: &Asked, mut record: Value, row: &Row) -> Result<Value, crate::error::Error> {
    if asked.remote_data && asked.format != Format::Normalized {
        record["remote_data"] = parsed(row)?;
    }
    if let Some(object) = record.as_object_mut() {
        object.retain(|name, _| !asked.exclude.iter().any(|excluded| excluded == name));
    }
    Ok(record)
}

/// The records as a list, or by one of their fields.
fn keyed(asked: &Asked, records: Vec<Value>) -> Result<Value, Failure> {
    let Some(field) = &asked.key_by else { return Ok(Value::Array(records)) };
    let mut by = Map::new();
    for record in records {
        let key = match record.get(field) {
            Some(Value::String(key)) => key.clone(),
            Some(key @ (Value::Number(_) | Value::Bool(_))) => key.to_string(),
            _ => {
                let text = format!("not every record has a plain '{field}' to be found by");
                return Err(malformed(text).coded("value").at("truto_key_by").into());
            }
        };
        if by.insert(key, record).is_some() {
            let text = format!("several records have the same '{field}'");
            return Err(malformed(text).coded("value").at("truto_key_by").into());
        }
    }
    Ok(Value::Object(by))
}

fn sent(request: &HttpRequest, body: &Value) -> HttpResponse {
    reply::json(request, Form::default(), ok(), JSON, body.to_string().into_bytes())
}
