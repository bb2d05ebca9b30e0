//! What a new member may do: what the invitation says, else what the project gives to members of the kind.

use serde_json::{Map, Value, json};

use crate::error::{Result, malformed};
use crate::identity::acting::{is, target, within};
use crate::repo::Engine;

/// Puts the policies of the project into a membership that names none.
pub fn by_default(project: &Value, kind: &str, membership: &mut Map<String, Value>) {
    if membership.contains_key("access") || membership.contains_key("accessPolicy") {
        return;
    }
    let admin = membership.get("admin") == Some(&Value::Bool(true));
    let of = |kind: &str| -> Option<Value> {
        let all = project.get("defaultAccessPolicies")?.as_array()?;
        let one = all.iter().find(|one| one.get("profileType").and_then(Value::as_str) == Some(kind))?;
        one.get("accessPolicy").cloned()
    };
    let of_patients = || project.get("defaultPatientAccessPolicy").cloned().filter(|_| kind == "Patient");
    let policy = match admin {
        true => of("Admin"),
        false => of(kind).or_else(of_patients),
    };
    if let Some(policy) = policy {
        membership.insert("access".to_owned(), json!([{ "policy": policy }]));
    }
}

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
        if within(engine, project, kind, &[("_id", id)]).await?.is_empty() {
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
