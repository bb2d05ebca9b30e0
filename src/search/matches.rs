//! Whether a resource answers a question, by its entries, in memory: for the criteria of an access policy
//! on a write, for subscriptions, and as the yardstick the SQL of the store is tested against.
//!
//! <https://hl7.org/fhir/R4/search.html#modifiers>

use super::{Bound, Clause, End, Entry, EntryValue, Key, Op, Test};

/// Whether the resource with this id and these entries satisfies every clause.
pub fn matches(clauses: &[Clause], id: &str, entries: &[Entry]) -> bool {
    clauses.iter().all(|clause| clause.holds(id, entries))
}

impl Clause {
    pub fn holds(&self, id: &str, entries: &[Entry]) -> bool {
        match self {
            Self::Id { any, negated } => any.iter().any(|asked| asked == id) != *negated,
            Self::Index { key, any, negated, .. } => {
                under(entries, *key).any(|entry| any.iter().any(|test| test.passes(&entry.value))) != *negated
            }
            Self::Missing { key, missing, .. } => under(entries, *key).next().is_none() == *missing,
        }
    }
}

fn under(entries: &[Entry], key: Key) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(move |entry| entry.key == key)
}

impl Test {
    pub fn passes(&self, entry: &EntryValue) -> bool {
        match (self, entry) {
            (Self::Prefix(start), EntryValue::Text { folded, .. }) => folded.starts_with(start.as_str()),
            (Self::Contains(part), EntryValue::Text { folded, .. }) => folded.contains(part.as_str()),
            (Self::Exact { folded, exact }, EntryValue::Text { folded: text, exact: written }) => {
                folded == text && exact == written
            }
            (Self::Term { value, qualifier }, EntryValue::Term { value: term, qualifier: within }) => {
                value.as_ref().is_none_or(|value| value == term) && qualifier.is_none_or(|q| q == *within)
            }
            (Self::TermPrefix { value, qualifier }, EntryValue::Term { value: term, qualifier: within }) => {
                term.starts_with(value.as_str()) && qualifier.is_none_or(|q| q == *within)
            }
            (Self::Range(bounds), EntryValue::Range { low, high }) => {
                bounds.iter().all(|bound| bound.holds(*low, *high))
            }
            _ => false,
        }
    }
}

impl Bound {
    fn holds(&self, low: i64, high: i64) -> bool {
        let end = match self.end {
            End::Low => low,
            End::High => high,
        };
        match self.op {
            Op::Less => end < self.than,
            Op::LessOrEqual => end <= self.than,
            Op::Greater => end > self.than,
            Op::GreaterOrEqual => end >= self.than,
        }
    }
}
