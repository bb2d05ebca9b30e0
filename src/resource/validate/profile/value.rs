//! Values that a profile fixes (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_>)
//! or gives a pattern of, and the codes that it binds to.

use serde_json::Value;

use super::super::binding::is_in;
use super::place::Place;
use crate::definitions::{Role, ValueSet};

/// Whether a value has all that the pattern has.
pub(super) fn fits(pattern: &Value, value: &Value) -> bool {
    match (pattern, value) {
        (Value::Object(pattern), Value::Object(value)) => {
            pattern.iter().all(|(name, part)| value.get(name).is_some_and(|own| fits(part, own)))
        }
        (Value::Array(pattern), Value::Array(value)) => {
            pattern.iter().all(|part| value.iter().any(|own| fits(part, own)))
        }
        _ => pattern == value,
    }
}

/// Whether a coded value is in a set; what is no code is.
pub(super) fn is_bound(set: &ValueSet, place: &Place<'_>) -> bool {
    match (place.value, place.structure.role) {
        (Some(Value::String(code)), _) => set.contains_code(code),
        (Some(Value::Object(concept)), Role::CodeableConcept) => {
            let codings = concept.get("coding").and_then(Value::as_array);
            codings.into_iter().flatten().filter_map(Value::as_object).any(|coding| is_in(set, coding))
        }
        (Some(Value::Object(coding)), Role::Coding | Role::Quantity) => is_in(set, coding),
        _ => true,
    }
}

/// A value for a message, not too long.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text,
    }
}
