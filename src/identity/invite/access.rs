//! What an invitation may name and where it may lead: policies and configurations of the project, if that is awake.

use serde_json::{Map, Value};

use crate::error::{Result, malformed};
use crate::identity::acting::{is, target, within};
use crate::identity::policy::inherited;
use crate::repo::Engine;

/// Fails for a policy or configuration that the project does not have.
pub(super) async fn must_exist(
    engine: &std::sync::Arc<Engine>,
    project: i32,
    membership: &Map<String, Value>,
) -> Result<()> {
    let body = Value::Object(membership.clone());
    let mut named: Vec<(&str, &str, &str)> = Vec::new();
    if let Some(id) = target(&body, "accessPolicy", "AccessPolicy") {
        named.push(("AccessPolicy", id, "membership.accessPolicy"));
    }
    if let Some(id) = target(&body, "userConfiguration", "UserConfiguration") {
        named.push(("UserConfiguration", id, "membership.userConfiguration"));
    }
    for access in body.get("access").and_then(Value::as_array).into_iter().flatten() {
        if let Some(id) = target(access, "policy", "AccessPolicy") {
            named.push(("AccessPolicy", id, "membership.access.policy"));
        }
    }
    for (kind, id, place) in named {
        let is_there = match kind {
            // What the members of a child project may do is said above it.
            "AccessPolicy" => inherited(engine, project, id).await?.is_some(),
            _ => !within(engine, project, kind, &[("_id", id)]).await?.is_empty(),
        };
        if !is_there {
            let text = format!("there is no {kind}/{id} in this project");
            return Err(malformed(text).coded("not-found").at(place));
        }
    }
    Ok(())
}

/// Fails where a project is asleep: nobody is invited there.
pub(super) fn must_be_awake(project: &Value) -> Result<()> {
    match project.get("active").is_some() && !is(project, "active") {
        true => Err(malformed("this project is not active").coded("business-rule")),
        false => Ok(()),
    }
}
