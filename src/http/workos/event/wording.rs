//! What is delivered: the event as `/events` tells it, signed with the moment of the attempt
//! (<https://workos.com/docs/events/data-syncing/webhooks>).

use super::super::refusal::Refusal;
use super::{name, render, told};
use crate::events::{Change, Letter, Worded, Wording, hex, hmac};
use crate::repo::subscription::{Topic, WORKOS};
use crate::store::Place;

#[derive(Debug)]
pub(in crate::http) struct Webhooks;

impl Wording for Webhooks {
    fn topic(&self) -> &'static Topic {
        &WORKOS
    }

    fn event(&self, place: Place) -> Option<String> {
        Some(name(place))
    }

    fn word<'a>(&'a self, change: &'a Change<'a>) -> Worded<'a> {
        Box::pin(async move {
            let told =
                told::of(change.repo, change.identity, change.line).await.map_err(Refusal::into_error)?;
            Ok(told.filter(|(event, _)| change.wanted(event)).map(|(event, value)| Letter {
                media: "application/json",
                headers: Vec::new(),
                body: render(change.line, event, value).to_string(),
            }))
        })
    }

    fn sign(&self, secret: &[u8], now: i64, body: &[u8]) -> (&'static str, String) {
        let head = format!("{now}.");
        ("workos-signature", format!("t={now}, v1={}", hex(&hmac(secret, &[head.as_bytes(), body]))))
    }
}
