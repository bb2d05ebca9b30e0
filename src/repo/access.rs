//! The access policies that a project gives its members who bring none (`defaultAccessPolicies` and
//! `defaultPatientAccessPolicy` in `fhir/structure/Project`).

use serde_json::{Map, Value, json};

use super::Repo;
use crate::definitions::ResourceType;
use crate::error::Result;
use crate::resource;
use crate::store::Row;

/// Puts the policies of the project into a membership that names none.
pub fn by_default(project: &Value, kind: &str, membership: &mut Map<String, Value>) {
    if membership.contains_key("access") || membership.contains_key("accessPolicy") {
        return;
    }
    let admin = membership.get("admin") == Some(&Value::Bool(true));
    if let Some(policy) = default_of(project, kind, admin) {
        membership.insert("access".to_owned(), json!([{ "policy": policy }]));
    }
}

/// The policy of a kind of member; nothing where the project has none for it.
fn default_of(project: &Value, kind: &str, admin: bool) -> Option<Value> {
    let of = |kind: &str| -> Option<Value> {
        let all = project.get("defaultAccessPolicies")?.as_array()?;
        let one = all.iter().find(|one| one.get("profileType").and_then(Value::as_str) == Some(kind))?;
        one.get("accessPolicy").cloned()
    };
    let of_patients = || project.get("defaultPatientAccessPolicy").cloned().filter(|_| kind == "Patient");
    match admin {
        true => of("Admin"),
        false => of(kind).or_else(of_patients),
    }
}

impl Repo {
    /// Who becomes an admin, or is one no more, has the default of what he is by then in the place of what he was. What
    /// he was given besides stays, and so does what is said along with it.
    pub(super) async fn reconcile(
        &self,
        kind: &ResourceType,
        old: &Row,
        before: Option<&Value>,
        body: &mut Value,
    ) -> Result<()> {
        let Some(before) = before.filter(|_| kind.name == "ProjectMembership") else { return Ok(()) };
        let given = |name: &str| before.get(name) != body.get(name);
        if is_admin(before) == is_admin(body) || given("access") || given("accessPolicy") {
            return Ok(());
        }
        let store = &self.engine.store;
        let id = store.project_id(old.project)?;
        let Some(project) = store.fetch(old.project, self.engine.kind("Project")?, &id).await? else {
            return Ok(());
        };
        let project: Value = resource::parse(project.body.as_bytes())?;
        let profile = body.pointer("/profile/reference").and_then(Value::as_str).unwrap_or_default();
        let profile = profile.split('/').next().unwrap_or_default().to_owned();
        let was = default_of(&project, &profile, is_admin(before));
        let will = default_of(&project, &profile, is_admin(body));
        let Some(membership) = body.as_object_mut() else { return Ok(()) };
        match was {
            Some(was) => replace(membership, &was, will.as_ref()),
            None => by_default(&project, &profile, membership),
        }
        Ok(())
    }
}

fn is_admin(membership: &Value) -> bool {
    membership.get("admin") == Some(&Value::Bool(true))
}

/// Puts one policy, where it was given without parameters, in the place of another.
fn replace(membership: &mut Map<String, Value>, was: &Value, will: Option<&Value>) {
    let same = |one: Option<&Value>, other: Option<&Value>| {
        let reference = |policy: Option<&Value>| policy?.get("reference")?.as_str().map(str::to_owned);
        one.is_some() && reference(one) == reference(other)
    };
    if same(membership.get("accessPolicy"), Some(was)) {
        match will {
            Some(will) => drop(membership.insert("accessPolicy".to_owned(), will.clone())),
            None => drop(membership.shift_remove("accessPolicy")),
        }
    }
    let Some(access) = membership.get_mut("access").and_then(Value::as_array_mut) else { return };
    let is_default = |one: &Value| same(one.get("policy"), Some(was)) && one.get("parameter").is_none();
    let Some(place) = access.iter().position(is_default) else { return };
    let there = access.iter().any(|one| same(one.get("policy"), will) && one.get("parameter").is_none());
    match will {
        Some(will) if !there => access[place]["policy"] = will.clone(),
        _ => drop(access.remove(place)),
    }
    if access.is_empty() {
        membership.shift_remove("access");
    }
}
