//! What a result is ordered by, in terms of index rows.
//!
//! Rows without a value come last, whatever the direction. Ties are broken by the number of the resource, in
//! the direction of the (last) key, so that a single index is read straight on; rows without a value under a
//! single key are ordered by id, as the index of ids has them.

use std::cmp::Ordering;

use super::super::statement::Statement;
use super::Hit;
use crate::definitions::ParamKind;
use crate::search::{Clause, Facet, HIGHEST, Key, LOWEST, Query, Sort, SortKey, SortValue, Test, gram};

/// The whole order.
pub(super) enum Order {
    /// As asked for.
    Keys(Vec<OrderKey>),
    /// By id: `_sort=_id`, and where nothing better offers itself.
    Id { descending: bool },
    /// By number, which is the order of the rows of one term: when no order is asked for and a clause
    /// names a term, its pages cost the same however many there are.
    Row,
    /// By the value that a clause with a prefix found, for the same reason.
    Matched(OrderKey),
}

pub(super) struct OrderKey {
    /// None for the id among other keys.
    pub key: Option<Key>,
    pub table: Table,
    pub descending: bool,
    /// Only values that start with this count.
    pub prefix: Option<String>,
}

/// A table of index rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    String,
    Term,
    Range,
    Tuple,
}

impl Table {
    /// Where a parameter of this kind is indexed under a facet.
    pub fn of(kind: ParamKind, facet: Facet) -> Self {
        match (facet, kind) {
            (Facet::Text, _) | (Facet::Value, ParamKind::String) => Self::String,
            (Facet::Value, ParamKind::Date | ParamKind::Number) => Self::Range,
            (Facet::Value, ParamKind::Quantity | ParamKind::Composite | ParamKind::Special) => Self::Tuple,
            _ => Self::Term,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string_index",
            Self::Term => "term_index",
            Self::Range => "range_index",
            Self::Tuple => "tuple_index",
        }
    }

    /// The column that sorts.
    pub fn column(self) -> &'static str {
        if matches!(self, Self::Range | Self::Tuple) { "low" } else { "value" }
    }
}

impl Order {
    pub fn of(query: &Query) -> Self {
        match query.sort.as_slice() {
            [] => Self::implied(query),
            // An id decides; no key after it can matter.
            [Sort { by: SortKey::Id, descending }, ..] => Self::Id { descending: *descending },
            sort => Self::Keys(sort.iter().map(OrderKey::of).collect()),
        }
    }

    /// The order in which the one thing that was asked for is found.
    fn implied(query: &Query) -> Self {
        let few = |clause: &Clause| match clause {
            Clause::Id { negated, .. } => !negated,
            Clause::Index { param, negated, .. } => param.unique && !negated,
            _ => false,
        };
        if query.clauses.iter().any(few) {
            return Self::Id { descending: false };
        }
        if query.clauses.iter().any(names_a_term) {
            return Self::Row;
        }
        if let [Clause::Index { param, key, any, negated: false }] = query.clauses.as_slice()
            && let [Test::Prefix(prefix)] = any.as_slice()
        {
            let (table, prefix) = (Table::of(param.kind, key.facet), Some(prefix.clone()));
            return Self::Matched(OrderKey { key: Some(*key), table, descending: false, prefix });
        }
        Self::Id { descending: false }
    }

    pub fn keys(&self) -> &[OrderKey] {
        match self {
            Self::Keys(keys) => keys,
            Self::Matched(key) => std::slice::from_ref(key),
            Self::Id { .. } | Self::Row => &[],
        }
    }

    /// Whether ties are broken from the greatest number down.
    pub fn tie_descending(&self) -> bool {
        self.keys().last().is_some_and(|key| key.descending)
    }

    /// Compares two hits, first to last.
    pub fn compare(&self, a: &Hit, b: &Hit) -> Ordering {
        let directed =
            |ordering: Ordering, descending| if descending { ordering.reverse() } else { ordering };
        if let Self::Id { descending } = self {
            return directed((&a.row.id, a.row.rid).cmp(&(&b.row.id, b.row.rid)), *descending);
        }
        for ((a, b), key) in a.keys.iter().zip(&b.keys).zip(self.keys()) {
            let ordering = match (a, b) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(a), Some(b)) => directed(a.cmp(b), key.descending),
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        if let [None] = a.keys.as_slice() {
            return (&a.row.id, a.row.rid).cmp(&(&b.row.id, b.row.rid));
        }
        directed(a.row.rid.cmp(&b.row.rid), self.tie_descending())
    }
}

/// Whether the rows that pass stand in the order of their numbers, one stretch of an index.
pub(super) fn names_a_term(clause: &Clause) -> bool {
    let Clause::Index { any, negated: false, .. } = clause else { return false };
    match any.as_slice() {
        [Test::Term { value: Some(_), .. } | Test::Exact { .. }] => true,
        [Test::Contains(part)] => part.chars().count() >= gram::LENGTH,
        _ => false,
    }
}

impl OrderKey {
    fn of(sort: &Sort) -> Self {
        let (key, table) = match &sort.by {
            SortKey::Id => (None, Table::Term),
            SortKey::Param(param) => (Some(Key::of(param)), Table::of(param.kind, Facet::Value)),
        };
        Self { key, table, descending: sort.descending, prefix: None }
    }

    /// The bit of `edge` that marks the one entry of a resource that counts.
    pub fn edge(&self) -> &'static str {
        const { assert!(LOWEST == 1 && HIGHEST == 2) };
        if self.descending { "2" } else { "1" }
    }

    /// A sort value from the text that a statement gives.
    pub fn value(&self, text: String) -> Option<SortValue> {
        match self.table {
            Table::Range | Table::Tuple => text.parse().ok().map(SortValue::Number),
            _ => Some(SortValue::Text(text)),
        }
    }

    /// Binds a sort value with the type of its column.
    pub fn bind<'s, ST>(&self, statement: &'s mut Statement<ST>, value: &SortValue) -> &'s mut Statement<ST> {
        match value {
            SortValue::Number(number) => statement.bind(*number),
            SortValue::Text(text) => statement.bind(text.as_str()),
        }
    }
}
