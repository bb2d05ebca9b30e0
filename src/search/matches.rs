//! Whether a resource answers a question, by its entries, in memory: for the criteria of an access policy
//! on a write, for subscriptions, and as the yardstick the SQL of the store is tested against.
//!
//! <https://hl7.org/fhir/R4/search.html#modifiers>

use super::{Bound, Clause, End, Entry, EntryValue, Key, Op, Other, Part, Test, digest, qualifier};

/// Whether the resource with this id and these entries satisfies every clause. What a clause asks of other
/// resources is asked of `others`.
pub fn matches(clauses: &[Clause], id: &str, entries: &[Entry], others: &dyn Others) -> bool {
    clauses.iter().all(|clause| clause.holds(id, entries, others))
}

/// The resources that a chain may lead to.
pub trait Others {
    /// Whether a resource of this type passes; it is told its id and its entries.
    fn any(&self, kind: &str, passes: &mut dyn FnMut(&str, &[Entry]) -> bool) -> bool;
}

/// Nothing besides the resource itself.
pub struct Alone;

impl Others for Alone {
    fn any(&self, _: &str, _: &mut dyn FnMut(&str, &[Entry]) -> bool) -> bool {
        false
    }
}

impl Clause {
    pub fn holds(&self, id: &str, entries: &[Entry], others: &dyn Others) -> bool {
        match self {
            Self::Id { any, negated } => any.iter().any(|asked| asked == id) != *negated,
            Self::Index { key, any, negated, .. } => {
                under(entries, *key).any(|entry| any.iter().any(|test| test.passes(&entry.value))) != *negated
            }
            Self::Missing { key, missing, .. } => under(entries, *key).next().is_none() == *missing,
            Self::Composite { key, any, .. } => {
                let parts: Vec<&Part> = under(entries, *key).filter_map(part).collect();
                any.iter().any(|tests| parts.iter().any(|one| whole(&parts, one.tuple, tests)))
            }
            Self::Words { narrative, key, any } => any.iter().any(|words| {
                words.iter().all(|word| {
                    let sought = EntryValue::Word { narrative: *narrative, word: word.clone() };
                    under(entries, *key).any(|entry| entry.value == sought)
                })
            }),
            Self::Leads { key, to } => to
                .iter()
                .any(|other| other.is_met(others, |id, _| refers(entries, *key, id, qualifier(&other.kind)))),
            Self::Referred { by, key, qualifier } => {
                by.is_met(others, |_, entries| refers(entries, *key, id, *qualifier))
            }
            Self::All(clauses) => clauses.iter().all(|clause| clause.holds(id, entries, others)),
            Self::Any(clauses) => clauses.iter().any(|clause| clause.holds(id, entries, others)),
            Self::Not(clause) => !clause.holds(id, entries, others),
        }
    }
}

impl Other {
    fn is_met(&self, others: &dyn Others, linked: impl Fn(&str, &[Entry]) -> bool) -> bool {
        others.any(&self.kind, &mut |id, entries| {
            linked(id, entries) && matches(&self.clauses, id, entries, others)
        })
    }
}

fn refers(entries: &[Entry], key: Key, id: &str, qualifier: i64) -> bool {
    let link = Test::Term { value: Some(digest::term(id)), qualifier: Some(qualifier) };
    under(entries, key).any(|entry| link.passes(&entry.value))
}

fn under(entries: &[Entry], key: Key) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(move |entry| entry.key == key)
}

fn part(entry: &Entry) -> Option<&Part> {
    match &entry.value {
        EntryValue::Part(part) => Some(part),
        _ => None,
    }
}

/// Whether each part of one value passes some test of it.
fn whole(parts: &[&Part], tuple: i32, tests: &[Vec<Test>]) -> bool {
    tests.iter().zip(0..).all(|(tests, place)| {
        let own = parts.iter().filter(|part| part.tuple == tuple && part.part == place);
        own.clone().any(|part| tests.iter().any(|test| test.passes_part(part)))
    })
}

impl Test {
    /// On a part of a value, where terms, texts and ranges share one form.
    fn passes_part(&self, part: &Part) -> bool {
        let fits = |bounds: &[Bound]| bounds.iter().all(|bound| bound.holds(part.low, part.high));
        match self {
            Self::Prefix(start) => part.value.starts_with(start.as_str()),
            Self::Term { value, qualifier } => {
                value.as_ref().is_none_or(|value| *value == part.value)
                    && qualifier.is_none_or(|qualifier| qualifier == part.qualifier)
            }
            Self::Range(bounds) => fits(bounds),
            Self::Quantity { bounds, unit, system } => {
                fits(bounds)
                    && unit.as_ref().is_none_or(|unit| *unit == part.value)
                    && system.is_none_or(|system| system == part.qualifier)
            }
            Self::Near { at: [x, y, z], reach } => {
                let (x, y, z) = (part.low - x, part.high - y, part.qualifier - z);
                x.abs() <= *reach && x * x + y * y + z * z <= reach * reach
            }
            Self::Exact { .. }
            | Self::Contains(_)
            | Self::Whole(_)
            | Self::Suffix(_)
            | Self::Order { .. }
            | Self::TermPrefix { .. } => false,
        }
    }

    pub fn passes(&self, entry: &EntryValue) -> bool {
        match (self, entry) {
            (Self::Prefix(start), EntryValue::Text { folded, .. }) => folded.starts_with(start.as_str()),
            (Self::Contains(part), EntryValue::Text { folded, .. }) => folded.contains(part.as_str()),
            (Self::Whole(text), EntryValue::Text { folded, .. }) => folded == text,
            (Self::Suffix(end), EntryValue::Text { folded, .. }) => folded.ends_with(end.as_str()),
            (Self::Order { op, than }, EntryValue::Text { folded, .. }) => {
                op.holds(&folded.as_str(), &than.as_str())
            }
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
            (test, EntryValue::Part(part)) => test.passes_part(part),
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
        self.op.holds(&end, &self.than)
    }
}

impl Op {
    fn holds<T: PartialOrd>(self, one: &T, than: &T) -> bool {
        match self {
            Self::Less => one < than,
            Self::LessOrEqual => one <= than,
            Self::Greater => one > than,
            Self::GreaterOrEqual => one >= than,
        }
    }
}
