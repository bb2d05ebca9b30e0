//! Subscriptions (<https://hl7.org/fhir/R4/subscription.html>): what one says, and what it may say. Who is told of
//! what, and how, is decided by `events`.

mod address;
mod channel;
mod criteria;
mod law;
mod log;
mod secret;
mod topic;

use chrono::DateTime;
use serde_json::Value;

pub use address::is_public;
pub use channel::{Channel, Hook};
pub use criteria::{Heard, Watch};
pub use log::{Replayed, name, number};
pub use secret::{SECRET, signing_key};
pub use topic::{COMMERCE_LAYER, EVENT, TRUTO, Topic, WORKOS};

use crate::error::{Result, invalid};

/// The type of a subscription.
pub const SUBSCRIPTION: &str = "Subscription";

/// <http://hl7.org/fhir/subscription-status>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Somebody asks for it; the server has yet to set it up.
    Requested,
    Active,
    /// At work, but what it tells does not arrive.
    Error,
    Off,
}

impl Status {
    pub fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Active => "active",
            Self::Error => "error",
            Self::Off => "off",
        }
    }

    fn read(body: &Value) -> Result<Self> {
        match body.get("status").and_then(Value::as_str) {
            Some("requested") => Ok(Self::Requested),
            Some("active") => Ok(Self::Active),
            Some("error") => Ok(Self::Error),
            Some("off") => Ok(Self::Off),
            _ => Err(invalid("this is no status of a subscription").coded("value").at("Subscription.status")),
        }
    }

    /// Whether the server is at work for it.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Active | Self::Error)
    }
}

/// What a Subscription says.
#[derive(Debug, Clone)]
pub struct Subscription {
    pub status: Status,
    pub criteria: String,
    pub channel: Channel,
    /// Milliseconds since 1970.
    pub end: Option<i64>,
    /// The events of a dialect that are wanted; none are all.
    pub events: Vec<String>,
}

impl Subscription {
    /// From a body that is as its definition says.
    pub fn read(body: &Value) -> Result<Self> {
        let end = match body.get("end").and_then(Value::as_str) {
            None => None,
            Some(end) => Some(
                DateTime::parse_from_rfc3339(end)
                    .map_err(|cause| invalid("this is no instant").at("Subscription.end").because(cause))?
                    .timestamp_millis(),
            ),
        };
        Ok(Self {
            status: Status::read(body)?,
            criteria: body.get("criteria").and_then(Value::as_str).unwrap_or_default().to_owned(),
            channel: Channel::read(body.get("channel").unwrap_or(&Value::Null))?,
            end,
            events: Topic::named(body),
        })
    }
}
