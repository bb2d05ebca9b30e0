//! What is delivered: the record in its unified form, as it was then
//! (<https://truto.one/docs/guides/webhooks/processing-webhook-events>). The signature is that of the body alone.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::{group, moment, role, user};
use crate::error::Result;
use crate::events::{Change, Letter, Worded, Wording, hmac};
use crate::http::webhook::{Fate, event_id, told};
use crate::repo::subscription::{TRUTO, Topic};
use crate::store::{Place, Row};

#[derive(Debug)]
pub(in crate::http) struct Webhooks;

impl Wording for Webhooks {
    fn topic(&self) -> &'static Topic {
        &TRUTO
    }

    fn event(&self, place: Place) -> Option<String> {
        Some(event_id(place).to_string())
    }

    fn word<'a>(&'a self, change: &'a Change<'a>) -> Worded<'a> {
        Box::pin(word(change))
    }

    fn sign(&self, secret: &[u8], _: i64, body: &[u8]) -> (&'static str, String) {
        ("x-truto-signature", format!("format=sha256,v={}", STANDARD.encode(hmac(secret, &[body]))))
    }
}

async fn word(change: &Change<'_>) -> Result<Option<Letter>> {
    let Some((fate, row)) = told(&change.repo.engine().store, change.line)? else { return Ok(None) };
    let event = match fate {
        Fate::Created => "record:created",
        Fate::Updated => "record:updated",
        Fate::Deleted => "record:deleted",
    };
    if !change.wanted(event) {
        return Ok(None);
    }
    let Some((resource, record)) = record(change, &row).await? else { return Ok(None) };
    let project = change.repo.actor().project_id.as_str();
    let body = json!({
        "id": event_id(change.line.place).to_string(),
        "event": event,
        "payload": {
            "resource": format!("user-directory/{resource}"),
            "integrated_account_id": project,
            "records": [record],
        },
        "environment_id": project,
        "created_at": moment(change.line.place.at),
        "webhook_id": change.subscription,
    });
    Ok(Some(Letter { media: "application/json", headers: Vec::new(), body: body.to_string() }))
}

async fn record(change: &Change<'_>, row: &Arc<Row>) -> Result<Option<(&'static str, Value)>> {
    let repo = change.repo;
    let made = repo.created(std::slice::from_ref(row)).await?.pop().unwrap_or(row.updated);
    Ok(match repo.engine().store.kind_name(row.kind) {
        Some("User") => {
            let users = user::seen(change.identity, repo, std::slice::from_ref(row)).await?;
            users.into_iter().next().map(|user| ("users", user))
        }
        Some("AccessPolicy") => Some(("roles", role::view(repo, row, made)?)),
        Some("Group") => Some(("groups", group::view(repo, row, made)?)),
        _ => None,
    })
}
