//! `/webhook_endpoints`: where events are delivered to. The secret that they are signed with is told when an endpoint is
//! set up, and never again.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::asked::{Asked, Parameters};
use super::super::caller::Caller;
use super::super::list::{Paging, ends};
use super::super::refusal::{Refusal, missing};
use super::super::{id, moment, part};
use crate::http::reply;
use crate::http::webhook::{Endpoint, Form, Wanted};
use crate::repo::subscription::{SUBSCRIPTION, WORKOS};

const FORM: Form = Form { topic: &WORKOS, url: "endpoint_url", events: "events" };

fn render(endpoint: &Endpoint, created: i64, secret: Option<&str>) -> Value {
    let events = match endpoint.events() {
        // One that was set up without them hears of all.
        none if none.is_empty() => json!(WORKOS.events),
        events => json!(events),
    };
    json!({
        "object": "webhook_endpoint",
        "id": id::show(id::ENDPOINT, &endpoint.row.id),
        "endpoint_url": endpoint.url(),
        "secret": secret,
        "status": if endpoint.is_enabled() { "enabled" } else { "disabled" },
        "events": events,
        "created_at": moment::text(created),
        "updated_at": moment::text(endpoint.row.updated),
    })
}

async fn show(caller: &Caller<'_>, endpoint: &Endpoint, secret: Option<&str>) -> Result<Value, Refusal> {
    let created = caller.repo.created(std::slice::from_ref(&endpoint.row)).await?.pop();
    Ok(render(endpoint, created.unwrap_or(endpoint.row.updated), secret))
}

/// Events that are named; none at all would be an endpoint that hears of nothing.
fn events(asked: &mut Asked) -> Option<Vec<String>> {
    let events = asked.texts("events")?;
    if events.is_empty() {
        asked.fault("events", "required", "events names one event at least.");
    }
    for event in events.iter().filter(|event| !WORKOS.events.contains(&event.as_str())) {
        asked.fault("events", "not_supported", &format!("{event} is no event of this server."));
    }
    Some(events)
}

/// The id in the address.
fn addressed(request: &HttpRequest) -> Result<String, Refusal> {
    let given = part(request, "endpoint");
    id::read(id::ENDPOINT, &given).ok_or_else(|| unknown(request))
}

fn unknown(request: &HttpRequest) -> Refusal {
    missing("webhook_endpoint", &part(request, "endpoint"))
}

pub(in crate::http) async fn list(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let mut asked = Parameters::read(&request)?;
    let paging = Paging::read(&mut asked, id::ENDPOINT);
    asked.finish()?;
    let found = paging.fetch(&caller.repo, SUBSCRIPTION, vec![FORM.clause()], "_id").await?;
    let created = caller.repo.created(&found.rows).await?;
    let data = found
        .rows
        .iter()
        .zip(created)
        .map(|(row, created)| Endpoint::of(row.clone()).map(|endpoint| render(&endpoint, created, None)));
    let data = data.collect::<crate::error::Result<Vec<Value>>>()?;
    Ok(reply::ok().json(paging.envelope(data, ends(&found))))
}

pub(in crate::http) async fn create(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let url = asked.needed("endpoint_url");
    let events = events(&mut asked);
    if events.is_none() {
        asked.fault("events", "required", "events is required.");
    }
    asked.finish()?;
    let wanted = Wanted { url: Some(url), events, ..Wanted::default() };
    let (endpoint, secret) = FORM.create(&caller.repo, wanted).await?;
    Ok(reply::made().json(show(&caller, &endpoint, Some(&secret)).await?))
}

pub(in crate::http) async fn update(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let (url, events) = (asked.text("endpoint_url"), events(&mut asked));
    let enabled = match asked.text("status").as_deref() {
        None => None,
        Some("enabled") => Some(true),
        Some("disabled") => Some(false),
        Some(_) => {
            asked.fault("status", "invalid_value", "status is enabled or disabled.");
            None
        }
    };
    asked.finish()?;
    let wanted = Wanted { url, events, enabled, ..Wanted::default() };
    let endpoint = FORM.update(&caller.repo, &addressed(&request)?, &wanted).await?;
    let endpoint = endpoint.ok_or_else(|| unknown(&request))?;
    Ok(reply::ok().json(show(&caller, &endpoint, None).await?))
}

pub(in crate::http) async fn delete(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    match FORM.delete(&caller.repo, &addressed(&request)?).await? {
        true => Ok(reply::no_content().finish()),
        false => Err(unknown(&request)),
    }
}
