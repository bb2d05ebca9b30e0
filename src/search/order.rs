//! The order of a sorted result, in memory: the yardstick for the ORDER BY of the store, and the source of
//! the sort values in a cursor.
//!
//! <https://hl7.org/fhir/R4/search.html#sort>: ascending by the lowest value of a resource, descending by
//! its highest. A resource without a value comes last in both directions.

use std::cmp::Ordering;

use super::{Entry, EntryValue, HIGHEST, Key, LOWEST, Sort, SortKey, SortValue};

/// A resource as sorting sees it.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub id: &'a str,
    /// Its number in the store, which decides between equals.
    pub row: i64,
    pub entries: &'a [Entry],
}

/// Which of two resources comes first. Without any sort key the id decides here; the store may then choose
/// whatever order its index offers.
///
/// Between equals the number decides, in the direction of the last key, as in an index read straight on;
/// between two without a value under the only key, the id.
pub fn compare(sort: &[Sort], a: &Row, b: &Row) -> Ordering {
    let directed = |ordering: Ordering, descending| if descending { ordering.reverse() } else { ordering };
    let Some(last) = sort.last() else { return a.id.cmp(b.id) };
    if let SortKey::Id = sort[0].by {
        return directed(a.id.cmp(b.id), sort[0].descending);
    }
    for key in sort {
        let decided = match (key.value(a), key.value(b)) {
            (Some(a), Some(b)) if key.descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        if decided != Ordering::Equal {
            return decided;
        }
    }
    if sort.len() == 1 && last.value(a).is_none() {
        return a.id.cmp(b.id);
    }
    directed(a.row.cmp(&b.row), last.descending)
}

impl Sort {
    /// What a resource is sorted by under this key; `None` where it has no value.
    pub fn value(&self, row: &Row) -> Option<SortValue> {
        let param = match &self.by {
            SortKey::Id => return Some(SortValue::Text(row.id.to_owned())),
            SortKey::Param(param) => param,
        };
        let key = Key::of(param);
        let edge = if self.descending { HIGHEST } else { LOWEST };
        let entry = row.entries.iter().find(|entry| entry.key == key && entry.edge & edge != 0)?;
        Some(match &entry.value {
            EntryValue::Part(part) => SortValue::Number(part.low),
            EntryValue::Word { .. } => return None,
            EntryValue::Text { folded, .. } => SortValue::Text(folded.clone()),
            EntryValue::Term { value, .. } => SortValue::Text(value.clone()),
            EntryValue::Range { low, .. } => SortValue::Number(*low),
        })
    }
}
