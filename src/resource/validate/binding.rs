//! Codes that must come from a value set.
//!
//! Implements <https://hl7.org/fhir/R4/terminologies.html#required>.

use serde_json::Value;

use super::{Object, Walk};
use crate::definitions::{Role, ValueSet};

impl Walk<'_> {
    /// A bare code: code, string or uri.
    pub(super) fn bound_code(&mut self, set: &ValueSet, code: &str) {
        if !set.contains_code(code) {
            self.not_in(set, &format!("'{code}'"));
        }
    }

    /// A coded datatype.
    pub(super) fn bound(&mut self, set: &ValueSet, role: Role, object: &Object) {
        match role {
            Role::CodeableConcept => {
                let codings = object.get("coding").and_then(Value::as_array);
                let mut codings = codings.into_iter().flatten().filter_map(Value::as_object);
                if !codings.any(|coding| is_in(set, coding)) {
                    self.not_in(set, "none of its codings");
                }
            }
            Role::Coding if !is_in(set, object) => self.not_in(set, &named(object)),
            // A quantity without a unit is bound to nothing.
            Role::Quantity if object.contains_key("code") && !is_in(set, object) => {
                self.not_in(set, &named(object))
            }
            _ => {}
        }
    }

    fn not_in(&mut self, set: &ValueSet, what: &str) {
        let name = if set.name.is_empty() { &set.url } else { &set.name };
        let listed = set.listed().map(|codes| format!(" ({})", codes.join(", "))).unwrap_or_default();
        self.issue("code-invalid", format!("{what} is not in the value set {name}{listed}"));
    }
}

pub(super) fn is_in(set: &ValueSet, coding: &Object) -> bool {
    match (text(coding, "system"), text(coding, "code")) {
        (Some(system), Some(code)) => set.contains(system, code),
        _ => false,
    }
}

fn named(coding: &Object) -> String {
    let text = |name| text(coding, name).unwrap_or_default();
    format!("'{}|{}'", text("system"), text("code"))
}

fn text<'o>(object: &'o Object, name: &str) -> Option<&'o str> {
    object.get(name).and_then(Value::as_str)
}
