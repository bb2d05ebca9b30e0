//! What people may change of their own record where nobody gave them more: how they are called and reached, and nothing
//! by which they are known, let in or looked after.

use serde_json::{Map, Value};

use super::Interaction;
use crate::definitions::ResourceType;
use crate::error::{Error, Issue, Kind, Result};
use crate::repo::Repo;
use crate::resource;
use crate::store::Row;

/// The elements of a User that are his own to change.
const OWN: [&str; 8] =
    ["firstName", "lastName", "displayName", "title", "telecom", "photo", "preferredLanguage", "timezone"];
/// What of a Meta is nobody's but an admin's; the rest is the server's.
const LABELS: [&str; 3] = ["profile", "security", "tag"];

impl Repo {
    /// Fails, by name, for each element of somebody's own record that he may not change.
    pub(in crate::repo) fn hold_to_own(
        &self,
        kind: &ResourceType,
        old: &Row,
        before: &Value,
        body: &mut Value,
    ) -> Result<()> {
        if !self.is_held_to_own(kind, old)? {
            return Ok(());
        }
        resource::fold(&self.definitions, &kind.structure, body);
        let empty = Map::new();
        let was = before.as_object().unwrap_or(&empty);
        let Some(is) = body.as_object_mut() else { return Ok(()) };
        // Who says nothing of labels leaves them as they are.
        if let Some(labels) = was.get("meta").filter(|_| !is.contains_key("meta")) {
            is.insert("meta".to_owned(), labels.clone());
        }
        let names = was.keys().chain(is.keys().filter(|name| !was.contains_key(*name)));
        let changed = names.filter(|name| match name.as_str() {
            "id" | "resourceType" => false,
            "meta" => LABELS.iter().any(|label| part(was, label) != part(is, label)),
            name => !OWN.contains(&name.trim_start_matches('_')) && was.get(name) != is.get(name),
        });
        let text =
            format!("of your own record you may change {}; this is an admin's to change", OWN.join(", "));
        let issues: Vec<Issue> = changed
            .map(|name| {
                Issue::error("forbidden", text.clone()).at(format!("User.{}", name.trim_start_matches('_')))
            })
            .collect();
        if issues.is_empty() { Ok(()) } else { Err(Error::new(Kind::Forbidden, issues)) }
    }

    /// Whether he changes himself by no more right than that: what he has not from a policy, or as an admin of another
    /// pool than his own.
    fn is_held_to_own(&self, kind: &ResourceType, old: &Row) -> Result<bool> {
        if kind.name != "User" || self.actor.is_boundless() || !self.is_own(&kind.name, &old.id) {
            return Ok(false);
        }
        let by_least = |rights: &super::rights::Rights| rights.allow_by_least(Interaction::Update);
        Ok(old.project != self.actor.project
            || self.rights(&kind.name)?.is_some_and(|rights| by_least(&rights)))
    }
}

fn part<'v>(resource: &'v Map<String, Value>, label: &str) -> Option<&'v Value> {
    resource.get("meta")?.get(label)
}
