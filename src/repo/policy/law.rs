//! What an AccessPolicy may say, beyond what its definition holds it to: whatever could never be understood is refused
//! when it is written, and not when somebody counts on it. And who may give rights away.

use serde_json::Value;

use super::field::Field;
use super::network::is_network;
use crate::definitions::ResourceType;
use crate::error::{Error, Issue, Kind, Result, forbidden};
use crate::fhirpath::Expression;
use crate::repo::{Rank, Repo};

/// Elements of a membership that say what its holder may do, who he is, and how he proves it.
const OFFICES: [&str; 6] = ["admin", "accessPolicy", "access", "application", "profile", "mfaRequired"];

impl Repo {
    /// Holds the body of an AccessPolicy to its laws.
    pub(in crate::repo) fn hold_policy(&self, body: &Value) -> Result<()> {
        let list = |name: &str| body.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut issues = Vec::new();
        for (place, entry) in list("resource").iter().enumerate() {
            self.hold_entry(entry, &format!("AccessPolicy.resource[{place}]"), &mut issues);
        }
        for (place, rule) in list("ipAccessRule").iter().enumerate() {
            let value = rule.get("value").and_then(Value::as_str).unwrap_or_default();
            if !is_network(value) {
                let text = "this is no address, no network in CIDR form, and not `*`";
                let place = format!("AccessPolicy.ipAccessRule[{place}].value");
                issues.push(Issue::error("value", text).at(place));
            }
        }
        if issues.is_empty() { Ok(()) } else { Err(Error::new(Kind::Invalid, issues)) }
    }

    fn hold_entry(&self, entry: &Value, place: &str, issues: &mut Vec<Issue>) {
        for (index, one) in array(entry, "writeConstraint").iter().enumerate() {
            let text = one.get("expression").and_then(Value::as_str).unwrap_or_default();
            if let Err(cause) = Expression::compile(text) {
                let place = format!("{place}.writeConstraint[{index}].expression");
                issues.push(Issue::error("value", format!("this is no FHIRPath: {cause}")).at(place));
            }
        }
        // A type that a package may bring some day is no fault.
        let named = entry.get("resourceType").and_then(Value::as_str).unwrap_or_default();
        let Some(resource) = self.definitions.resources.get(named) else { return };
        for name in ["hiddenFields", "readonlyFields"] {
            for (index, path) in array(entry, name).iter().enumerate() {
                if !Field::is_known(resource, path.as_str().unwrap_or_default()) {
                    let text = format!("{named} has no such element, or it is one that everybody has to see");
                    issues.push(Issue::error("value", text).at(format!("{place}.{name}[{index}]")));
                }
            }
        }
        self.hold_criteria(resource, entry, place, issues);
    }

    fn hold_criteria(&self, resource: &ResourceType, entry: &Value, place: &str, issues: &mut Vec<Issue>) {
        let criteria = entry.get("criteria").and_then(Value::as_str).unwrap_or_default();
        let Some((_, query)) = criteria.split_once('?') else { return };
        // What stands for a variable is known when somebody holds the policy.
        let fixed: Vec<&str> = query.split('&').filter(|pair| !has_variable(pair)).collect();
        if fixed.is_empty() {
            return;
        }
        if let Err(error) = self.criteria(&resource.name, &fixed.join("&")) {
            let place = format!("{place}.criteria");
            issues.extend(error.issues.into_iter().map(|issue| {
                let text = match issue.expression.as_deref() {
                    Some(parameter) if !parameter.starts_with("AccessPolicy") => {
                        format!("{parameter}: {}", issue.text)
                    }
                    _ => issue.text.clone(),
                };
                Issue { text, ..issue }.at(place.clone())
            }));
        }
    }

    /// Whoever is no admin gives nobody rights, himself included.
    pub(in crate::repo) fn keep_offices(&self, body: &Value, old: Option<&Value>) -> Result<()> {
        if self.actor.rank != Rank::Member {
            return Ok(());
        }
        let changed = |name: &&&str| body.get(**name) != old.and_then(|old| old.get(**name));
        match OFFICES.iter().find(changed) {
            Some(name) => {
                Err(forbidden("only an admin may change this element")
                    .at(format!("ProjectMembership.{name}")))
            }
            None => Ok(()),
        }
    }
}

fn array<'v>(entry: &'v Value, name: &str) -> &'v [Value] {
    entry.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice)
}

/// Whether a `%` in it is the sign of a variable rather than of an octet.
fn has_variable(pair: &str) -> bool {
    pair.match_indices('%').any(|(place, _)| {
        let rest = &pair.as_bytes()[place + 1..];
        !rest.get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
            || rest.first().is_some_and(u8::is_ascii_lowercase)
    })
}
