//! Webhooks, each of one topic (<https://docs.commercelayer.io/core/v/api-reference/webhooks>). The shared secret is told
//! when one is made, and never again; the circuit is open once it was given up.

mod callback;
mod wording;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::asked::Asked;
use super::document::Document;
use super::kind::WEBHOOKS;
use super::sent::Sent;
use super::{administers, asked, caller, id, told};
use crate::http::extract;
use crate::http::record::found;
use crate::http::reply::{Failure, created, no_content, ok};
use crate::http::webhook::{Endpoint, Form, Wanted};
use crate::repo::subscription::{COMMERCE_LAYER, SUBSCRIPTION};
use crate::repo::{Repo, absent};
use crate::store::Row;
pub(in crate::http) use callback::{callback_webhook, event_callback, last_event_callbacks};
pub(in crate::http) use wording::Webhooks;

const FORM: Form =
    Form { topic: &COMMERCE_LAYER, url: "/data/attributes/callback_url", events: "/data/attributes/topic" };
/// The last three do something when they are true.
const WRITTEN: [&str; 6] = ["name", "topic", "callback_url", "_enable", "_disable", "_reset_circuit"];

/// The attributes of one.
pub(super) fn attributes(row: &std::sync::Arc<Row>) -> crate::error::Result<Value> {
    let endpoint = Endpoint::of(row.clone())?;
    let given_up = !endpoint.is_enabled() && endpoint.error().is_some();
    Ok(json!({
        "name": endpoint.name(),
        "topic": endpoint.events().first(),
        "callback_url": endpoint.url(),
        "include_resources": [],
        "shared_secret": null,
        "circuit_state": if given_up { "open" } else { "closed" },
        "disabled_at": if endpoint.is_enabled() { Value::Null } else { crate::http::record::moment(row.updated) },
    }))
}

/// What a document says of a webhook.
fn wanted(sent: &Sent) -> Wanted {
    let done = |name: &str| sent.attributes.get(name) == Some(&Value::Bool(true));
    Wanted {
        name: sent.text("name").flatten().map(str::to_owned),
        url: sent.text("callback_url").flatten().map(str::to_owned),
        events: sent.text("topic").flatten().map(|topic| vec![topic.to_owned()]),
        enabled: match (done("_disable"), done("_enable") || done("_reset_circuit")) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            _ => None,
        },
    }
}

fn unknown(request: &HttpRequest) -> Failure {
    absent(SUBSCRIPTION, id(request)).into()
}

/// The document of one, with what all records of the dialect have written into it.
async fn shown(
    request: &HttpRequest,
    repo: &Repo,
    asked: &Asked,
    sent: &Sent,
    endpoint: Endpoint,
) -> Result<Value, Failure> {
    let mut row = endpoint.row;
    if sent.attributes.keys().any(|name| super::kept::NAMES.contains(&name.as_str())) {
        // The server may have said meanwhile how it fares.
        for _ in 0..super::ATTEMPTS {
            let now = found(repo, SUBSCRIPTION, &row.id).await?;
            let mut body = crate::http::record::parsed(&now)?;
            sent.write_record(&mut body, &[]);
            match repo.update(SUBSCRIPTION, &row.id, body, Some(now.version)).await {
                Ok(written) => {
                    row = written.row;
                    break;
                }
                Err(error) if error.kind == crate::error::Kind::Precondition => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    let document = Document::new(repo, asked, &extract::state(request).public_url);
    Ok(document.one(&WEBHOOKS, Some(&row)).await?)
}

pub(in crate::http) async fn create_webhook(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    administers(&repo)?;
    let asked = Asked::of_one(&WEBHOOKS, asked(&request)?)?;
    let sent = Sent::read(&request, payload, &WEBHOOKS, None, (&WRITTEN[..3], &[])).await?;
    sent.needed("topic")?;
    sent.needed("callback_url")?;
    let (endpoint, secret) = FORM.create(&repo, wanted(&sent)).await?;
    let id = endpoint.row.id.clone();
    let mut document = shown(&request, &repo, &asked, &sent, endpoint).await?;
    if let Some(shown) = document.pointer_mut("/data/attributes/shared_secret") {
        *shown = Value::from(secret);
    }
    let place = format!("{}/api/webhooks/{id}", extract::state(&request).public_url);
    Ok(told(&request, created(&place), &document))
}

pub(in crate::http) async fn webhook(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    administers(&repo)?;
    let asked = Asked::of_one(&WEBHOOKS, asked(&request)?)?;
    let endpoint = FORM.read(&repo, id(&request)).await?.ok_or_else(|| unknown(&request))?;
    Ok(told(&request, ok(), &shown(&request, &repo, &asked, &Sent::default(), endpoint).await?))
}

pub(in crate::http) async fn update_webhook(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    administers(&repo)?;
    let asked = Asked::of_one(&WEBHOOKS, asked(&request)?)?;
    let sent = Sent::read(&request, payload, &WEBHOOKS, Some(id(&request)), (&WRITTEN, &[])).await?;
    for name in ["topic", "callback_url"] {
        if sent.attributes.contains_key(name) {
            sent.needed(name)?;
        }
    }
    let endpoint =
        FORM.update(&repo, id(&request), &wanted(&sent)).await?.ok_or_else(|| unknown(&request))?;
    Ok(told(&request, ok(), &shown(&request, &repo, &asked, &sent, endpoint).await?))
}

pub(in crate::http) async fn delete_webhook(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    administers(&repo)?;
    extract::no_parameters(&request)?;
    match FORM.delete(&repo, id(&request)).await? {
        true => Ok(no_content().finish()),
        false => Err(unknown(&request)),
    }
}
