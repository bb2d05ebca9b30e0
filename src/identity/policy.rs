//! The policy of a membership: all that its access policies allow together, with their variables filled in
//! (`fhir/structure/ProjectMembership`: `accessPolicy`, `access`, and `application` for those who come through one).

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::client::living;
use crate::error::Result;
use crate::repo::policy::{Layer, Networks, Policy, Rule, Source, Variables};
use crate::repo::{Actor, Engine};

/// Policies of one membership, those that they are based on among them. One that has more is not understood, and
/// allows nothing.
const MOST: usize = 100;
/// Projects above one at most.
const DEEPEST: usize = 16;
/// Rules of all of them.
const MOST_RULES: usize = 2_000;

/// All that the policies of a membership come to.
#[derive(Default)]
pub(super) struct Effective {
    pub rules: Vec<Rule>,
    /// The policies themselves, each once, with what they are based on.
    pub policies: Vec<Value>,
}

/// Fills in what a membership says of an actor: his profile and his policy.
pub(super) async fn of_membership(engine: &Arc<Engine>, actor: &mut Actor, membership: &Value) -> Result<()> {
    actor.profile = membership.pointer("/profile/reference").and_then(Value::as_str).map(str::to_owned);
    let Some(effective) = effective(engine, actor, membership).await? else { return Ok(()) };
    let mut networks = Networks::default();
    effective.policies.iter().for_each(|policy| networks.add(policy));
    let layer = Layer { source: Source::Grants, rules: effective.rules };
    actor.policy = Some(Arc::new(Policy::new(vec![layer], networks)));
    Ok(())
}

/// What the policies of a membership come to; nothing where it names none.
pub(super) async fn effective(
    engine: &Arc<Engine>,
    actor: &Actor,
    membership: &Value,
) -> Result<Option<Effective>> {
    let text = |pointer: &str| membership.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let mut held = Vec::new();
    held.extend(text("/accessPolicy/reference").map(|policy| (policy, Variables::default())));
    for access in membership.get("access").and_then(Value::as_array).into_iter().flatten() {
        let Some(policy) = access.pointer("/policy/reference").and_then(Value::as_str) else { continue };
        held.push((policy.to_owned(), parameters(access)));
    }
    // What he was given in one application holds for whoever comes through it.
    for access in membership.get("application").and_then(Value::as_array).into_iter().flatten() {
        let client = access.pointer("/client/reference").and_then(Value::as_str);
        let client = client.and_then(|client| client.strip_prefix("ClientApplication/"));
        let Some(policy) = access.pointer("/policy/reference").and_then(Value::as_str) else { continue };
        if client.is_some() && client == actor.client.as_deref() {
            held.push((policy.to_owned(), parameters(access)));
        }
    }
    if held.is_empty() {
        return Ok(None);
    }
    let (mut all, mut count) = (Effective::default(), 0);
    for (reference, mut variables) in held {
        // What every policy may name. A parameter of the same name does not stand in for it.
        let mut own = Variables::default();
        own.set("user", &actor.reference);
        own.set("project", &format!("Project/{}", actor.project_id));
        if let Some(profile) = &actor.profile {
            own.set("profile", profile);
            if profile.starts_with("Patient/") {
                variables.set("patient", profile);
            }
        }
        own.add(&variables);
        let own = Arc::new(own);
        let mut seen = BTreeSet::new();
        let mut open = vec![reference];
        while let Some(reference) = open.pop() {
            let Some(id) = reference.strip_prefix("AccessPolicy/") else { continue };
            if !seen.insert(id.to_owned()) {
                continue;
            }
            count += 1;
            if count > MOST {
                break;
            }
            let Some(policy) = inherited(engine, actor.project, id).await? else { continue };
            all.rules.extend(Rule::read(&policy, &own));
            let based_on = policy.get("basedOn").and_then(Value::as_array).into_iter().flatten();
            open.extend(based_on.filter_map(|one| Some(one.get("reference")?.as_str()?.to_owned())));
            if all.policies.iter().all(|known| known.get("id") != policy.get("id")) {
                all.policies.push(policy);
            }
        }
    }
    if count > MOST || all.rules.len() > MOST_RULES {
        tracing::warn!(actor = actor.reference, "too many access policies; they allow nothing");
        all.rules.clear();
    }
    Ok(Some(all))
}

/// A policy of a project, or of one above it: what an organization's members may do is said once for all organizations.
pub(super) async fn inherited(engine: &Arc<Engine>, project: i32, id: &str) -> Result<Option<Value>> {
    let mut place = Some(project);
    for _ in 0..DEEPEST {
        let Some(number) = place else { break };
        if let Some(policy) = living(engine, number, "AccessPolicy", id).await? {
            return Ok(Some(policy));
        }
        place = engine.store.parent(number)?;
    }
    Ok(None)
}

/// The parameters of an access, by their names.
fn parameters(access: &Value) -> Variables {
    let mut variables = Variables::default();
    for parameter in access.get("parameter").and_then(Value::as_array).into_iter().flatten() {
        let Some(name) = parameter.get("name").and_then(Value::as_str) else { continue };
        let reference = parameter.pointer("/valueReference/reference");
        if let Some(value) = parameter.get("valueString").or(reference).and_then(Value::as_str) {
            variables.set(name, value);
        }
    }
    variables
}
