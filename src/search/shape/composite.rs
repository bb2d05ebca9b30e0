//! Composite parameters: <https://hl7.org/fhir/R4/search.html#composite>. The parts of one value, each
//! compared as the parameter it is made of, and all of them on the same element.

use std::sync::Arc;

use super::{Asking, Entries, Found, Modifier, Shape, bad_value};
use crate::definitions::{Component, Param, ValueSet};
use crate::error::Issue;
use crate::search::{Entry, EntryValue, Facet, Part, Test, digest, escape};

/// Alternatives that one alternative of a composite may come to.
const MOST_TESTS: usize = 64;

/// Adds the entries of one part of one value.
pub fn index(component: &Component, (tuple, part): (i32, i32), found: &Found, entries: &mut Entries) {
    let mut own: Vec<Entry> = Vec::new();
    let mut inner = Entries { slot: entries.slot, base_url: entries.base_url, all: &mut own, target: None };
    super::index(component, found, &mut inner);
    for entry in own.into_iter().filter(|entry| entry.key.facet == Facet::Value) {
        let value = match entry.value {
            EntryValue::Term { value, qualifier } => {
                let low = digest::number(&value);
                Part { low, high: low, value, qualifier, tuple, part }
            }
            EntryValue::Text { folded, .. } => {
                Part { low: 0, high: 0, value: folded, qualifier: 0, tuple, part }
            }
            EntryValue::Range { low, high } => {
                Part { low, high, value: String::new(), qualifier: 0, tuple, part }
            }
            EntryValue::Part(quantity) => Part { tuple, part, ..quantity },
            EntryValue::Word { .. } => continue,
        };
        entries.add(Facet::Value, EntryValue::Part(value));
    }
}

/// The tests of each part, of one alternative.
pub fn ask(param: &Param, asking: &Asking, value: &str) -> Result<Vec<Vec<Test>>, Issue> {
    let pieces = escape::split(value, '$');
    if pieces.len() != param.components.len() || pieces.iter().any(|piece| piece.is_empty()) {
        let count = param.components.len();
        return Err(bad_value(format!("`{}` takes {count} values, with a `$` between them", param.code)));
    }
    let asking = Asking { modifier: Modifier::None, ..*asking };
    let mut parts = Vec::with_capacity(pieces.len());
    for (component, piece) in param.components.iter().zip(pieces) {
        let tests = super::ask(component, &asking, piece)?;
        if tests.len() > MOST_TESTS {
            return Err(Issue::error("too-costly", "this value has too many alternatives"));
        }
        parts.push(tests);
    }
    Ok(parts)
}

impl Shape for Component {
    fn kind(&self) -> crate::definitions::ParamKind {
        self.kind
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn is_point(&self) -> bool {
        false
    }

    fn implied(&self) -> &[Arc<ValueSet>] {
        &[]
    }

    fn is_truth(&self) -> bool {
        false
    }
}
