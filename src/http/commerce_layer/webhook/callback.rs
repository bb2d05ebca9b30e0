//! Event callbacks: what a webhook was last told, and what came of it
//! (<https://docs.commercelayer.io/core/v/api-reference/event_callbacks>). An event that is told again stays one callback.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::super::asked::Asked;
use super::super::document::Document;
use super::super::kind::{Kind, WEBHOOKS};
use super::super::{administers, asked, caller, id, read, told};
use super::{FORM, Webhooks, unknown};
use crate::error::{Result, fault};
use crate::events::{Change, Wording};
use crate::http::extract;
use crate::http::record::moment;
use crate::http::reply::{Failure, ok};
use crate::http::webhook::Endpoint;
use crate::identity::Identity;
use crate::repo::Repo;
use crate::repo::subscription::{Subscription, name, number};
use crate::store::{Arrival, Logged, Sought};

/// Callbacks are no records that could be searched.
static CALLBACKS: Kind =
    Kind { name: "event_callbacks", resource: "", only: None, attributes: &[], sorts: &[], relations: &[] };
/// So many are the last of a webhook.
const LAST: usize = 100;

/// What all three calls begin with: who asks, and the webhook.
async fn begin(request: &HttpRequest, webhook: &str) -> Result<(Repo, Endpoint), Failure> {
    let repo = caller(request).await?;
    administers(&repo)?;
    let endpoint = FORM.read(&repo, webhook).await?.ok_or_else(|| unknown(request))?;
    Ok((repo, endpoint))
}

pub(in crate::http) async fn last_event_callbacks(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, endpoint) = begin(&request, id(&request)).await?;
    let asked = Asked::of_many(&CALLBACKS, asked(&request)?)?;
    let webhook = &endpoint.row.id;
    let (_, mut lines) = repo.deliveries(webhook, Sought::default(), LAST).await?;
    // What was never tried has called nobody back.
    lines.retain(|line| line.tries > 0);
    let total = lines.len() as u64;
    let page: Vec<Logged> = lines.into_iter().skip(asked.skip()).take(asked.size).collect();
    let data = shown(&request, &repo, &asked, &endpoint, page).await?;
    let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
    let path = format!("{}/{webhook}/last_event_callbacks", WEBHOOKS.name);
    Ok(told(&request, ok(), &document.page(data, total, &path)))
}

pub(in crate::http) async fn event_callback(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let named = id(&request).to_owned();
    let missing = || read::nothing(&format!("event callback '{named}'"));
    let (webhook, _) = named.rsplit_once('.').unwrap_or_default();
    let (repo, endpoint) = begin(&request, webhook).await?;
    let asked = Asked::of_one(&CALLBACKS, asked(&request)?)?;
    let number = number(webhook, &named).ok_or_else(missing)?;
    let sought = Sought { numbers: vec![number], ..Sought::default() };
    let (_, mut lines) = repo.deliveries(webhook, sought, 1).await?;
    lines.retain(|line| line.tries > 0);
    let record = shown(&request, &repo, &asked, &endpoint, lines).await?.pop().ok_or_else(missing)?;
    Ok(told(&request, ok(), &json!({ "data": record })))
}

/// The webhook that was called.
pub(in crate::http) async fn callback_webhook(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (webhook, _) = id(&request).rsplit_once('.').unwrap_or_default();
    let (repo, endpoint) = begin(&request, webhook).await?;
    let asked = Asked::of_one(&WEBHOOKS, asked(&request)?)?;
    let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
    Ok(told(&request, ok(), &document.one(&WEBHOOKS, Some(&endpoint.row)).await?))
}

async fn shown(
    request: &HttpRequest,
    repo: &Repo,
    asked: &Asked,
    endpoint: &Endpoint,
    lines: Vec<Logged>,
) -> Result<Vec<Value>> {
    let state = extract::state(request);
    let document = Document::new(repo, asked, &state.public_url);
    // Who may not ask for all of what a webhook is told does not see it here, either.
    let subscription = Subscription::read(&endpoint.body)?;
    let open = asked.wants(CALLBACKS.name, "payload") && repo.hear(&subscription).is_ok();
    let mut records = Vec::with_capacity(lines.len());
    for line in lines {
        let payload = match open {
            true => payload(&state.identity, repo, endpoint, line.number).await?,
            false => Value::Null,
        };
        let message = match line.outcome {
            Arrival::Delivered => Some("OK"),
            _ => line.error.as_deref(),
        };
        let attributes = json!({
            "callback_url": endpoint.url(),
            "payload": payload,
            "response_code": line.status.map(|status| status.to_string()),
            "response_message": message,
            "created_at": moment(line.noted()),
            "updated_at": moment(line.last.unwrap_or_else(|| line.noted())),
            "reference": null,
            "reference_origin": null,
            "metadata": {},
        });
        let id = name(&endpoint.row.id, line.number);
        let mut record = document.record(&CALLBACKS, &id, attributes);
        if asked.wants(CALLBACKS.name, "webhook") {
            let related = format!("{}/{}/{id}/webhook", document.base, CALLBACKS.name);
            record["relationships"]["webhook"] = json!({ "links": { "related": related } });
        }
        records.push(record);
    }
    Ok(records)
}

/// What was sent, made again; nothing where it was expunged, or where the webhook has another topic by now.
async fn payload(identity: &Identity, repo: &Repo, endpoint: &Endpoint, number: i64) -> Result<Value> {
    let store = &repo.engine().store;
    let Some(line) = store.offload(move |store| store.told_once(number)).await? else {
        return Ok(Value::Null);
    };
    let events = endpoint.events();
    let change = Change { repo, identity, line: &line, subscription: &endpoint.row.id, events: &events };
    match Webhooks.word(&change).await? {
        Some(letter) => serde_json::from_str(&letter.body).map_err(fault),
        None => Ok(Value::Null),
    }
}
