//! Subscriptions, from the request to what arrives (<https://hl7.org/fhir/R4/subscription.html>).

mod criteria;
mod delivery;
mod dialect;
mod hook;
mod late;
mod law;
pub mod log;
mod nodes;
pub mod receiver;
mod replay;
mod rights;
mod socket;
mod status;
mod stop;
mod websocket;

use std::time::{Duration, Instant};

use roster::config::Config;
use serde_json::{Value, json};

use crate::client::{Client, place};
use crate::sample::with;

/// Far longer than anything here takes.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// The receivers of tests are at home, and nobody waits long for a second attempt.
pub fn quick(config: &mut Config) {
    config.subscription_private = true;
    config.subscription_backoff = Duration::from_millis(2);
}

/// A subscription by rest-hook.
pub fn hook(criteria: &str, endpoint: &str) -> Value {
    json!({
        "resourceType": "Subscription", "status": "requested", "reason": "A test", "criteria": criteria,
        "channel": {"type": "rest-hook", "endpoint": endpoint}
    })
}

/// The same with more in its channel.
pub fn channel(subscription: Value, more: Value) -> Value {
    let channel = with(subscription["channel"].clone(), more);
    with(subscription, json!({"channel": channel}))
}

/// A subscription by websocket.
pub fn socket(criteria: &str) -> Value {
    json!({
        "resourceType": "Subscription", "status": "requested", "reason": "A test", "criteria": criteria,
        "channel": {"type": "websocket"}
    })
}

/// Asks until the subscription has this status, and gives it.
#[track_caller]
pub fn until(client: &Client, stored: &Value, status: &str) -> Value {
    let begin = Instant::now();
    loop {
        let now = client.get(&place(stored)).expect(200).json();
        if now["status"] == status {
            return now;
        }
        assert!(begin.elapsed() < DEADLINE, "it does not become {status}: {now}");
        std::thread::yield_now();
    }
}

/// A subscription that is at work.
#[track_caller]
pub fn active(client: &Client, subscription: &Value) -> Value {
    until(client, &client.create(subscription), "active")
}
