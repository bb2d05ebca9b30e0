//! Endpoints of webhooks, by whatever name a dialect has for them: Subscriptions whose criteria are the topic of the
//! dialect. So they are delivered, tried again and given up as every Subscription is.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::record::{found, parsed, text};
use crate::error::{Error, Issue, Kind, Result, busy};
use crate::events::Wording;
use crate::repo::Repo;
use crate::repo::subscription::{EVENT, SECRET, SUBSCRIPTION, Topic};
use crate::search::escape;
use crate::store::{Place, Row, Store, Told};

/// A writer who is outrun starts over with what the winner wrote, this often.
const ATTEMPTS: usize = 10;

/// How each dialect tells of a change.
pub static WORDINGS: &[&dyn Wording] =
    &[&super::workos::Webhooks, &super::truto::Webhooks, &super::commerce_layer::Webhooks];

/// What a dialect calls the fields of an endpoint, for refusals.
pub(super) struct Form {
    pub topic: &'static Topic,
    pub url: &'static str,
    pub events: &'static str,
}

/// An endpoint as it is stored.
pub(super) struct Endpoint {
    pub row: Arc<Row>,
    pub body: Value,
}

/// What is to be said of an endpoint; nothing leaves it as it is.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub name: Option<String>,
    pub url: Option<String>,
    pub events: Option<Vec<String>>,
    pub enabled: Option<bool>,
}

/// A new secret: 244 bits.
pub(super) fn secret() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// The id of an event: the time and the number of its line, and so the same for ever.
pub(super) fn event_id(place: Place) -> Uuid {
    let time = u128::try_from(place.at).unwrap_or_default() << 80;
    Uuid::from_u128(time | u128::try_from(place.number).unwrap_or_default())
}

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Created,
    Updated,
    Deleted,
}

/// What a line is about, and the version that tells of it: of what is gone the last.
pub(super) fn told(store: &Store, line: &Told) -> Result<Option<(Fate, Arc<Row>)>> {
    let fate = match (line.row.deleted, line.created) {
        (true, _) => Fate::Deleted,
        (_, true) => Fate::Created,
        _ => Fate::Updated,
    };
    let row = match fate {
        Fate::Deleted => {
            let before = store.past(line.row.project, line.row.rid, line.row.version - 1)?;
            before.filter(|row| !row.deleted)
        }
        _ => Some(line.row.clone()),
    };
    Ok(row.filter(|row| !row.body.is_empty()).map(|row| (fate, Arc::new(row))))
}

impl Form {
    /// What finds all endpoints of the dialect.
    pub fn clause(&self) -> (String, String) {
        ("criteria:exact".to_owned(), escape(self.topic.url))
    }

    /// Sets one up; the secret is told here, and never again.
    pub async fn create(&self, repo: &Repo, wanted: Wanted) -> Result<(Endpoint, String)> {
        let secret = secret();
        let mut body = json!({
            "resourceType": SUBSCRIPTION,
            "status": "requested",
            "reason": "Webhook",
            "criteria": self.topic.url,
            "channel": {
                "extension": [{ "url": SECRET, "valueString": secret }],
                "type": "rest-hook",
                "payload": "application/json",
            },
        });
        write(&mut body, &wanted);
        let row = repo.create(SUBSCRIPTION, body).await.map_err(|error| self.named(error))?.row;
        Ok((Endpoint::of(row)?, secret))
    }

    /// The endpoint of an id; nothing where there is none in this dialect.
    pub async fn read(&self, repo: &Repo, id: &str) -> Result<Option<Endpoint>> {
        let row = match found(repo, SUBSCRIPTION, id).await {
            Err(error) if error.kind == Kind::NotFound => return Ok(None),
            read => read?,
        };
        let endpoint = Endpoint::of(row)?;
        Ok(Some(endpoint).filter(|one| text(&one.body, "criteria") == Some(self.topic.url)))
    }

    pub async fn update(&self, repo: &Repo, id: &str, wanted: &Wanted) -> Result<Option<Endpoint>> {
        for _ in 0..ATTEMPTS {
            let Some(Endpoint { row, mut body }) = self.read(repo, id).await? else { return Ok(None) };
            write(&mut body, wanted);
            match repo.update(SUBSCRIPTION, id, body, Some(row.version)).await {
                Ok(written) => return Ok(Some(Endpoint::of(written.row)?)),
                // The server says how it fares meanwhile.
                Err(error) if error.kind == Kind::Precondition => {}
                Err(error) => return Err(self.named(error)),
            }
        }
        Err(busy("this endpoint is written by many at once; try again"))
    }

    /// Whether it was there to be taken away.
    pub async fn delete(&self, repo: &Repo, id: &str) -> Result<bool> {
        let Some(endpoint) = self.read(repo, id).await? else { return Ok(false) };
        repo.delete(SUBSCRIPTION, &endpoint.row.id, None).await?;
        Ok(true)
    }

    /// A refusal with the fields' names in the dialect.
    fn named(&self, error: Error) -> Error {
        let rename = |issue: &Issue| match issue.expression.as_deref() {
            Some("Subscription.channel.endpoint") => issue.clone().at(self.url),
            Some(place) if place.starts_with("Subscription.extension") => issue.clone().at(self.events),
            _ => issue.clone(),
        };
        match error.kind {
            Kind::Malformed | Kind::Invalid => {
                Error::new(error.kind, error.issues.iter().map(rename).collect())
            }
            _ => error,
        }
    }
}

impl Endpoint {
    pub fn of(row: Arc<Row>) -> Result<Self> {
        Ok(Self { body: parsed(&row)?, row })
    }

    pub fn name(&self) -> &str {
        text(&self.body, "reason").unwrap_or_default()
    }

    pub fn url(&self) -> &str {
        self.body.pointer("/channel/endpoint").and_then(Value::as_str).unwrap_or_default()
    }

    /// None are all.
    pub fn events(&self) -> Vec<String> {
        Topic::named(&self.body)
    }

    /// Whether it is told of anything. One that was given up is not.
    pub fn is_enabled(&self) -> bool {
        text(&self.body, "status") != Some("off")
    }

    /// Why it was given up, if it was.
    pub fn error(&self) -> Option<&str> {
        text(&self.body, "error")
    }
}

fn write(body: &mut Value, wanted: &Wanted) {
    if let Some(name) = &wanted.name {
        body["reason"] = Value::from(name.as_str());
    }
    if let Some(url) = &wanted.url {
        body["channel"]["endpoint"] = Value::from(url.as_str());
    }
    if let Some(events) = &wanted.events {
        let mut all: Vec<Value> = super::record::list(body, "extension").to_vec();
        all.retain(|one| text(one, "url") != Some(EVENT));
        all.extend(events.iter().map(|event| json!({ "url": EVENT, "valueCode": event })));
        match all.is_empty() {
            true => drop(body.as_object_mut().map(|body| body.shift_remove("extension"))),
            false => body["extension"] = Value::Array(all),
        }
    }
    match (wanted.enabled, text(body, "status")) {
        (Some(true), Some("off")) => body["status"] = Value::from("requested"),
        (Some(false), _) => body["status"] = Value::from("off"),
        _ => {}
    }
}
