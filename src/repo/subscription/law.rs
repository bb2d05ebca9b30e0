//! What a subscription may say, and who may say what of its status: a client requests it and turns it off, the server
//! does the rest (<https://hl7.org/fhir/R4/subscription-definitions.html#Subscription.status>).

use serde_json::Value;

use super::{Channel, SUBSCRIPTION, Status, Subscription, secret};
use crate::error::{Result, invalid};
use crate::repo::prepare::Checked;
use crate::repo::{Rank, Repo};
use crate::store::Secret;

impl Repo {
    /// Holds a body that is about to be stored to these laws, and takes its secret out.
    pub(in crate::repo) fn subscribe(&self, checked: &mut Checked, old: Option<&Value>) -> Result<()> {
        debug_assert_eq!(checked.body["resourceType"], SUBSCRIPTION);
        let secret = secret::take(&mut checked.body)?;
        let signed = secret.is_some();
        checked.secrets.extend(secret.map(|value| Secret::set(secret::NAME, value)));
        if self.actor.rank == Rank::System {
            return Ok(());
        }
        // A super admin may bring in what another server had set up.
        if !self.actor.is_boundless() {
            keep_status(&mut checked.body, old)?;
        }
        let subscription = Subscription::read(&checked.body)?;
        if !self.engine.limits.private_endpoints {
            subscription.channel.must_be_public()?;
        }
        if signed && matches!(subscription.channel, Channel::Socket) {
            return Err(invalid("what goes over a websocket is not signed")
                .coded("not-supported")
                .at("Subscription.channel.extension"));
        }
        self.hear(&subscription).map(drop)
    }
}

fn keep_status(body: &mut Value, old: Option<&Value>) -> Result<()> {
    let (new, before) = (Status::read(body)?, old.map(Status::read).transpose()?);
    let error = old.and_then(|old| old.get("error")).cloned();
    if body.get("error").is_some_and(|told| Some(told) != error.as_ref()) {
        return Err(invalid("only the server sets this element")
            .coded("business-rule")
            .at("Subscription.error"));
    }
    let Some(object) = body.as_object_mut() else { return Ok(()) };
    match (new, before) {
        (Status::Requested, _) => {
            object.shift_remove("error");
        }
        (Status::Off, _) => {}
        // Whoever writes back what he has read leaves the status to the server.
        (Status::Active | Status::Error, Some(before)) if before.is_live() => {
            object.insert("status".to_owned(), Value::from(before.code()));
            match error {
                Some(error) => object.insert("error".to_owned(), error),
                None => object.shift_remove("error"),
            };
        }
        (Status::Active | Status::Error, _) => {
            let text = "a subscription is 'requested'; the server checks it and sets it to 'active'";
            return Err(invalid(text).coded("business-rule").at("Subscription.status"));
        }
    }
    Ok(())
}
