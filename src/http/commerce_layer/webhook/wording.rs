//! What is delivered: the document of the record, as it was then, with the topic and the signature of the body in headers
//! (<https://docs.commercelayer.io/core/callbacks-security>).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::super::NAME;
use super::super::asked::Asked;
use super::super::document::Document;
use super::super::kind::{Kind, MEMBERSHIPS, ROLES, USERS};
use crate::error::Result;
use crate::events::{Change, Letter, Worded, Wording, hmac};
use crate::http::record::{parsed, target};
use crate::http::webhook::{Fate, told};
use crate::repo::subscription::{COMMERCE_LAYER, Topic};
use crate::store::Place;

#[derive(Debug)]
pub(in crate::http) struct Webhooks;

impl Wording for Webhooks {
    fn topic(&self) -> &'static Topic {
        &COMMERCE_LAYER
    }

    fn event(&self, _: Place) -> Option<String> {
        None
    }

    fn word<'a>(&'a self, change: &'a Change<'a>) -> Worded<'a> {
        Box::pin(word(change))
    }

    fn sign(&self, secret: &[u8], _: i64, body: &[u8]) -> (&'static str, String) {
        ("x-commercelayer-signature", STANDARD.encode(hmac(secret, &[body])))
    }
}

async fn word(change: &Change<'_>) -> Result<Option<Letter>> {
    let engine = change.repo.engine();
    let Some((fate, row)) = told(&engine.store, change.line)? else { return Ok(None) };
    let kind: &Kind = match engine.store.kind_name(row.kind) {
        Some("User") => &USERS,
        Some("AccessPolicy") => &ROLES,
        // That of a client is none.
        Some("ProjectMembership") if is_person(&parsed(&row)?) => &MEMBERSHIPS,
        _ => return Ok(None),
    };
    let verb = match fate {
        Fate::Created => "create",
        Fate::Updated => "update",
        Fate::Deleted => "destroy",
    };
    let topic = format!("{}.{verb}", kind.name);
    if !change.wanted(&topic) {
        return Ok(None);
    }
    let asked = Asked::of_one(kind, Vec::new())?;
    let public_url = engine.base_url.trim_end_matches("/fhir/R4");
    let document = Document::new(change.repo, &asked, public_url).one(kind, Some(&row)).await?;
    let headers = vec![("x-commercelayer-topic", topic)];
    Ok(Some(Letter { media: NAME, headers, body: document.to_string() }))
}

fn is_person(membership: &Value) -> bool {
    membership.get("user").and_then(|user| target(user, "User")).is_some()
}
