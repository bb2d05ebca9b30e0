//! `/webhook`: where changes of records are delivered to (<https://truto.one/docs/guides/webhooks/creating-a-webhook>).
//! The environment is the key's project. The secret is told when a webhook is made, and never again.

mod wording;

use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::{JSON, body, cursor, done, id, moment};
use crate::error::{Error, Issue, Kind, Result, forbidden, malformed};
use crate::http::negotiate::Form as Shape;
use crate::http::reply::{self, Failure, created, ok};
use crate::http::route::on;
use crate::http::webhook::{Endpoint, Form, Wanted};
use crate::http::{extract, parameters};
use crate::repo::subscription::{SUBSCRIPTION, TRUTO};
use crate::repo::{Repo, absent};
pub(in crate::http) use wording::Webhooks;

const FORM: Form = Form { topic: &TRUTO, url: "target_url", events: "event_types" };
const WRITTEN: [&str; 3] = ["target_url", "is_active", "event_types"];

pub(in crate::http) fn webhooks(config: &mut ServiceConfig) {
    config
        .service(on("", &["GET", "POST"]).get(list).post(create).done())
        .service(on("/{id}", &["GET", "PATCH", "DELETE"]).get(read).patch(update).delete(delete).done());
}

/// Who asks: an admin of the project, whose webhooks these are.
async fn caller(request: &HttpRequest) -> Result<Repo, Failure> {
    let repo = extract::caller(request).await?.through("truto");
    match repo.actor().administers() && !repo.actor().is_boundless() {
        true => Ok(repo),
        false => Err(forbidden("this takes the key of an admin of one project").into()),
    }
}

async fn view(repo: &Repo, endpoint: &Endpoint) -> Result<Value> {
    let made = repo.created(std::slice::from_ref(&endpoint.row)).await?.pop();
    Ok(json!({
        "id": endpoint.row.id,
        "target_url": endpoint.url(),
        "is_active": endpoint.is_enabled(),
        "event_types": endpoint.events(),
        "environment_id": repo.actor().project_id,
        "created_at": moment(made.unwrap_or(endpoint.row.updated)),
        "updated_at": moment(endpoint.row.updated),
    }))
}

fn sent(request: &HttpRequest, with: actix_web::HttpResponseBuilder, body: &Value) -> HttpResponse {
    reply::json(request, Shape::default(), with, JSON, body.to_string().into_bytes())
}

fn unknown(request: &HttpRequest) -> Failure {
    absent(SUBSCRIPTION, id(request)).into()
}

/// What a body says; null takes the choice of events away.
fn wanted(given: &Map<String, Value>) -> Result<Wanted> {
    let mut wanted = Wanted::default();
    let mut issues = Vec::new();
    for (name, value) in given {
        match (name.as_str(), value) {
            ("target_url", Value::String(url)) => wanted.url = Some(url.clone()),
            ("is_active", Value::Bool(active)) => wanted.enabled = Some(*active),
            ("event_types", Value::Null) => wanted.events = Some(Vec::new()),
            ("event_types", Value::Array(all)) if all.iter().all(Value::is_string) => {
                wanted.events = Some(all.iter().filter_map(Value::as_str).map(str::to_owned).collect());
            }
            ("target_url", _) => issues.push(Issue::error("value", "this is an address").at(name)),
            ("is_active", _) => issues.push(Issue::error("value", "this is true or false").at(name)),
            _ => issues.push(Issue::error("value", "this is a list of names").at(name)),
        }
    }
    if issues.is_empty() { Ok(wanted) } else { Err(Error::new(Kind::Malformed, issues)) }
}

async fn list(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let mut search = vec![FORM.clause(), ("_sort".to_owned(), "_id".to_owned())];
    for (name, value) in parameters::parse(request.query_string())? {
        let own = match name.as_str() {
            "limit" if value.parse::<u64>().is_ok_and(|limit| limit > 0) => "_count",
            "limit" => return Err(malformed("a limit is a whole number from 1 on").at(name).into()),
            "next_cursor" => "_cursor",
            _ => return Err(malformed("this is not asked here").coded("not-supported").at(name).into()),
        };
        if !value.is_empty() {
            search.push((own.to_owned(), value));
        }
    }
    let found = repo.search(SUBSCRIPTION, &search, false).await?;
    let mut all = Vec::new();
    for row in &found.rows {
        all.push(view(&repo, &Endpoint::of(row.clone())?).await?);
    }
    Ok(sent(&request, ok(), &json!({ "result": all, "next_cursor": cursor(&found) })))
}

async fn create(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    extract::no_parameters(&request)?;
    let wanted = wanted(&body(&request, payload, &WRITTEN).await?)?;
    if wanted.url.is_none() {
        return Err(malformed("a webhook has an address").coded("required").at("target_url").into());
    }
    let (endpoint, secret) = FORM.create(&repo, wanted).await?;
    let mut shown = view(&repo, &endpoint).await?;
    shown["secret"] = Value::from(secret);
    Ok(sent(&request, created(&format!("/webhook/{}", endpoint.row.id)), &shown))
}

async fn read(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    extract::no_parameters(&request)?;
    let endpoint = FORM.read(&repo, id(&request)).await?.ok_or_else(|| unknown(&request))?;
    Ok(sent(&request, ok(), &view(&repo, &endpoint).await?))
}

async fn update(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    extract::no_parameters(&request)?;
    let wanted = wanted(&body(&request, payload, &WRITTEN).await?)?;
    let endpoint = FORM.update(&repo, id(&request), &wanted).await?.ok_or_else(|| unknown(&request))?;
    Ok(sent(&request, ok(), &view(&repo, &endpoint).await?))
}

async fn delete(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    extract::no_parameters(&request)?;
    match FORM.delete(&repo, id(&request)).await? {
        true => Ok(done()),
        false => Err(unknown(&request)),
    }
}
