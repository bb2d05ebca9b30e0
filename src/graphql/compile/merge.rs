//! Fields of one key in one object are one field (<https://spec.graphql.org/October2021/#sec-Field-Selection-Merging>).

use std::collections::{HashMap, HashSet};

use crate::graphql::fault::Fault;
use crate::graphql::limit;
use crate::graphql::plan::{Field, FieldId, Plan};

/// What is of one key and cannot be one.
pub(super) fn check(plan: &Plan) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut waiting = vec![plan.root.to_vec()];
    while let Some(fields) = waiting.pop() {
        let mut by_key: HashMap<&str, Vec<FieldId>> = HashMap::new();
        for id in fields {
            by_key.entry(&plan.fields[id].key).or_default().push(id);
        }
        for group in by_key.into_values() {
            let mut seen = HashSet::new();
            let mut others: Vec<&Field> = Vec::new();
            for one in group.iter().map(|id| &plan.fields[*id]) {
                if !seen.insert((&one.name, &one.given, &one.kinds, &one.follow.only)) {
                    continue;
                }
                let other = others.iter().find(|other| !same(one, other) && overlap(one, other));
                if let Some(other) = other {
                    let text =
                        format!("two different fields are called `{}`: give one another name", one.key);
                    faults.push(Fault::new("value", text).located(other.at).located(one.at));
                    if faults.len() > limit::FAULTS {
                        return faults;
                    }
                }
                others.push(one);
            }
            for part in parts(plan, &group) {
                waiting.push(part.iter().flat_map(|id| plan.fields[*id].children.iter().copied()).collect());
            }
        }
    }
    faults
}

/// Those of a key that are the same field, together.
fn parts(plan: &Plan, group: &[FieldId]) -> Vec<Vec<FieldId>> {
    let mut parts: HashMap<(&str, &str), Vec<FieldId>> = HashMap::new();
    for id in group {
        let field = &plan.fields[*id];
        parts.entry((&field.name, &field.given)).or_default().push(*id);
    }
    parts.into_values().collect()
}

fn same(one: &Field, other: &Field) -> bool {
    one.name == other.name && one.given == other.given
}

/// Whether both can be there at once.
fn overlap(one: &Field, other: &Field) -> bool {
    let of_types = match (&one.kinds, &other.kinds) {
        (Some(kinds), Some(others)) => kinds.iter().any(|kind| others.contains(kind)),
        _ => true,
    };
    let by_reference = match (&one.follow.only, &other.follow.only) {
        (Some(kinds), Some(others)) => kinds.iter().any(|kind| others.contains(kind)),
        _ => true,
    };
    of_types && by_reference
}
