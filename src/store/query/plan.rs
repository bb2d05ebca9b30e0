//! Which clause drives, if any.
//!
//! A driven search costs as many look-ups as the clause has candidates; a walk costs as many as it passes by
//! until the page is full. If filter and order had nothing to do with each other, the two would meet where
//! candidates number about the square root of page size times table size, a few thousand in a large project.
//! But people of one name share a script, and so a place in the order by family name: a walk may pass by most
//! of the table before it meets the first. So the cap is set some way above that, and the worst case stays
//! bounded.

use diesel::RunQueryDsl;
use diesel::sql_types::BigInt;

use super::super::Store;
use super::super::statement::Statement;
use super::clause::{ALTERNATIVES, names_id};
use super::key::{Order, OrderKey, names_a_term};
use super::stretch::Stretch;
use super::{Ask, Referred};
use crate::error::Result;
use crate::search::Clause;

/// What yields the candidates.
pub(super) enum Driver<'o> {
    /// The clause at this place.
    Clause(usize),
    /// The clause at this place, whose rows come in the order of the result.
    Term(usize),
    /// Part of the index of the first of several sort keys.
    Stretch(Stretch<'o>),
    /// The references that the segment is limited to.
    Referred,
    /// The few resources that they lead to.
    Rows(Vec<i64>),
    /// All of the type in the project, where these are few.
    Pool,
}

/// Clauses with this many matches or more do not drive.
pub(super) const CAP: i64 = 10_000;
/// Resources that a segment is limited to, if they are to be known by heart.
const FEW: i64 = 200;
/// Resources of a project that are rather looked at one by one than looked for by what refers to them.
const POOL: i64 = 1_000;

pub(super) fn driver<'q>(ask: &Ask<'q>) -> Result<Option<Driver<'q>>> {
    if let Some(only) = &ask.segment.only {
        return ask.limited(only).map(Some);
    }
    let clauses = &ask.query.clauses;
    if let Some(place) = clauses.iter().position(obvious) {
        return Ok(Some(Driver::Clause(place)));
    }
    if let ([clause], Order::Row | Order::Matched(_)) = (clauses.as_slice(), ask.order) {
        return Ok(names_a_term(clause).then_some(Driver::Term(0)));
    }
    let mut counts = Vec::new();
    for (place, clause) in clauses.iter().enumerate() {
        if let Some(count) = capped_count(ask, clause)? {
            counts.push((count, place));
        }
    }
    match (counts.iter().min(), ask.order) {
        (Some((count, place)), _) if *count < CAP => Ok(Some(Driver::Clause(*place))),
        (_, Order::Row) => Ok(clauses.iter().position(names_a_term).map(Driver::Term)),
        (_, Order::Keys(keys)) if keys.len() > 1 => Ok(ask.stretch()?.map(Driver::Stretch)),
        _ => Ok(None),
    }
}

/// Selective without counting.
pub(super) fn obvious(clause: &Clause) -> bool {
    match clause {
        Clause::Id { any, negated: false } => any.len() <= ALTERNATIVES,
        Clause::Index { param, any, negated: false, .. } => param.unique && any.len() == 1,
        _ => false,
    }
}

pub(super) fn capped_count(ask: &Ask, clause: &Clause) -> Result<Option<i64>> {
    let mut count = Statement::<BigInt>::new("SELECT count(*) FROM (SELECT 1 FROM (");
    if ask.set(&mut count, ask.kind, clause).is_none() {
        return Ok(None);
    }
    count.sql(") c LIMIT ").bind(CAP).sql(") n");
    ask.one_number(count).map(Some)
}

impl Ask<'_> {
    /// Whether a probe looks at the resource itself, and not at index rows only.
    pub(super) fn needs_row(&self) -> bool {
        self.segment.only.is_some() || self.query.clauses.iter().any(names_id)
    }

    /// The number of the parameter of a sort key.
    pub(super) fn param(&self, key: &OrderKey) -> i32 {
        key.key.map_or(0, |key| self.store.dictionary.param(key))
    }

    /// Most projects have many members of their own and few guests, and would look for these among all of them.
    pub(super) fn limited(&self, only: &Referred) -> Result<Driver<'static>> {
        if let Some(place) = self.query.clauses.iter().position(obvious) {
            return Ok(Driver::Clause(place));
        }
        let memory = &self.store.memory;
        if !memory.keeps() {
            return Ok(if self.is_small()? { Driver::Pool } else { Driver::Referred });
        }
        let mut select = Statement::<BigInt>::new("");
        self.referred(&mut select);
        select.sql(" LIMIT ").bind(FEW + 1);
        let about = [(self.segment.project, self.kind), (only.by_project, only.by_kind)];
        let question = select.text();
        let rows = memory.recall(
            || question,
            &about,
            || self.store.with(|connection| select.load::<i64>(connection)),
        )?;
        Ok(if rows.len() as i64 > FEW { Driver::Referred } else { Driver::Rows(rows.to_vec()) })
    }

    /// Whether there are few of the type in the project.
    fn is_small(&self) -> Result<bool> {
        let mut count = Statement::<BigInt>::new("SELECT count(*) FROM (SELECT 1 FROM resource o");
        count.sql(" WHERE o.project = ").bind(self.segment.project).sql(" AND o.kind = ").bind(self.kind);
        count.sql(" LIMIT ").bind(POOL).sql(") n");
        Ok(self.one_number(count)? < POOL)
    }

    /// What a count comes to.
    pub(super) fn one_number(&self, count: Statement<BigInt>) -> Result<i64> {
        let found: Vec<i64> = self.store.with(|connection| count.load(connection))?;
        Ok(found.first().copied().unwrap_or_default())
    }

    /// The resources that the segment is limited to.
    pub(super) fn referred<ST>(&self, statement: &mut Statement<ST>) {
        if let Some(only) = &self.segment.only {
            referred(self.store, statement, self.kind, self.segment.project, only);
        }
    }
}

/// The resources of a project that something refers to.
pub(super) fn referred<ST>(
    store: &Store,
    statement: &mut Statement<ST>,
    kind: i32,
    project: i32,
    only: &Referred,
) {
    statement.sql("SELECT DISTINCT o.rid FROM term_index m CROSS JOIN resource o WHERE m.project = ");
    statement.bind(only.by_project).sql(" AND m.param = ").bind(store.dictionary.param(only.key));
    statement.sql(" AND m.qualifier = ").bind(only.qualifier).sql(" AND o.project = ").bind(project);
    statement.sql(" AND o.kind = ").bind(kind).sql(" AND o.id = m.value");
}
