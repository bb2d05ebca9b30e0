//! Topics: what the webhooks of a dialect are about. A Subscription whose criteria are the address of one is told of
//! changes in the words of that dialect; its extensions name the events that are wanted
//! (<https://hl7.org/fhir/uv/subscriptions-backport/components.html#subscriptions-in-r4>).

use serde_json::Value;

use crate::error::{Error, Result, invalid};

/// The url of the extension that names an event.
pub const EVENT: &str = "https://roster.dev/fhir/StructureDefinition/subscription-event";

/// What a dialect tells of.
#[derive(Debug)]
pub struct Topic {
    /// As in `meta.source` of what is written through it.
    pub url: &'static str,
    /// Types whose records in the project itself are told of, and those whose records in its child projects are.
    pub own: &'static [&'static str],
    pub below: &'static [&'static str],
    /// Of those in the project itself the ones that are written all the time, and how the events begin that they tell of.
    pub busy: &'static [(&'static str, &'static str)],
    pub events: &'static [&'static str],
}

pub static WORKOS: Topic = Topic {
    url: "https://roster.dev/dialect/workos",
    own: &["User", "AccessPolicy", "AuditEvent", "Basic", "Login", "UserSecurityRequest"],
    below: &["Project", "ProjectMembership", "AccessPolicy"],
    busy: &[("AuditEvent", "session."), ("Login", "authentication.")],
    events: &[
        "authentication.magic_auth_succeeded",
        "authentication.passkey_succeeded",
        "authentication.password_succeeded",
        "email_verification.created",
        "invitation.accepted",
        "invitation.created",
        "invitation.revoked",
        "magic_auth.created",
        "organization.created",
        "organization.deleted",
        "organization.updated",
        "organization_domain.created",
        "organization_domain.deleted",
        "organization_domain.updated",
        "organization_domain.verified",
        "organization_membership.created",
        "organization_membership.deleted",
        "organization_membership.updated",
        "organization_role.created",
        "organization_role.deleted",
        "organization_role.updated",
        "password_reset.created",
        "password_reset.succeeded",
        "permission.created",
        "permission.deleted",
        "permission.updated",
        "role.created",
        "role.deleted",
        "role.updated",
        "session.created",
        "session.revoked",
        "user.created",
        "user.deleted",
        "user.updated",
    ],
};

pub static TRUTO: Topic = Topic {
    url: "https://roster.dev/dialect/truto",
    own: &["User", "AccessPolicy", "Group"],
    below: &[],
    busy: &[],
    events: &["record:created", "record:deleted", "record:updated"],
};

pub static COMMERCE_LAYER: Topic = Topic {
    url: "https://roster.dev/dialect/commerce-layer",
    own: &["User", "ProjectMembership", "AccessPolicy"],
    below: &[],
    busy: &[],
    events: &[
        "memberships.create",
        "memberships.destroy",
        "memberships.update",
        "roles.create",
        "roles.destroy",
        "roles.update",
        "users.create",
        "users.destroy",
        "users.update",
    ],
};

impl Topic {
    /// The topic that criteria name.
    pub fn of(criteria: &str) -> Option<&'static Self> {
        [&WORKOS, &TRUTO, &COMMERCE_LAYER].into_iter().find(|topic| topic.url == criteria)
    }

    /// The types in the project itself that tell of these events; none are all.
    pub fn own_for(&self, events: &[String]) -> Vec<&'static str> {
        let idle = |kind: &&&str| {
            let busy = self.busy.iter().find(|(own, _)| own == *kind);
            busy.is_none_or(|(_, mark)| events.is_empty() || events.iter().any(|one| one.starts_with(mark)))
        };
        self.own.iter().filter(idle).copied().collect()
    }

    /// The events that a Subscription names; none are all.
    pub fn named(body: &Value) -> Vec<String> {
        let all = body.get("extension").and_then(Value::as_array).into_iter().flatten();
        let named = all.filter(|one| one.get("url").and_then(Value::as_str) == Some(EVENT));
        named.filter_map(|one| one.get("valueCode")?.as_str().map(str::to_owned)).collect()
    }
}

/// Fails where an event is none of the topic, or where there is no topic that it could be of.
pub(super) fn prove(topic: Option<&Topic>, events: &[String]) -> Result<()> {
    let known = topic.map_or(&[][..], |topic| topic.events);
    match events.iter().find(|event| !known.contains(&event.as_str())) {
        None => Ok(()),
        Some(event) if topic.is_some() => Err(wrong(&format!("'{event}' is no event of this dialect"))),
        Some(_) => Err(wrong("events are told of where the criteria name a dialect")),
    }
}

fn wrong(text: &str) -> Error {
    invalid(text).coded("value").at("Subscription.extension")
}
