//! The rules of a definition that are written as FHIRPath.
//!
//! Implements <https://hl7.org/fhir/R4/conformance-rules.html#constraints>.

use std::sync::Arc;

use serde_json::Value;

use super::Walk;
use crate::definitions::Invariant;
use crate::fhirpath::Item;

impl<'a> Walk<'a> {
    /// Evaluates rules on a value where the walk stands. `shadow` is what stands beside a primitive,
    /// `name` the type of the value or the path of its backbone element.
    pub(super) fn invariants(
        &mut self,
        rules: &'a [Arc<Invariant>],
        value: &'a Value,
        shadow: Option<&'a Value>,
        name: &str,
    ) {
        for rule in rules {
            let item = Item::element(&self.definitions.types, value, shadow, name);
            let text = match rule.expression.evaluate_bool(&self.context, item) {
                Ok(Some(true) | None) => continue,
                Ok(Some(false)) => format!("{} ({})", rule.human, rule.key),
                Err(e) => format!("{} ({}): the rule cannot be evaluated: {e}", rule.human, rule.key),
            };
            self.issue("invariant", text);
        }
    }
}
