//! How many there are, when somebody asks.

use diesel::sql_types::BigInt;

use super::super::Store;
use super::super::statement::Statement;
use super::clause::names_id;
use super::key::{Order, Table};
use super::plan::{CAP, Driver, capped_count, obvious};
use super::{Ask, Segment, gather};
use crate::error::Result;
use crate::search::{Clause, Query, Summary, Test, Total};

/// An estimate is exact up to here and left out above.
const ESTIMATE: i64 = 10_000;

impl Store {
    pub(super) fn total(&self, kind: i32, segments: &[Segment], query: &Query) -> Result<Option<u64>> {
        let counted = query.summary == Summary::Count || query.count == 0;
        let cap = match query.total {
            Total::Accurate => None,
            _ if counted => None,
            Total::Estimate => Some(ESTIMATE),
            Total::None => return Ok(None),
        };
        let order = Order::Row;
        let mut sum = 0;
        for segment in segments {
            let ask = Ask { store: self, kind, segment, query, order: &order, limit: 0, each: false };
            sum += ask.count(cap)?;
        }
        Ok(u64::try_from(sum).ok().filter(|_| cap.is_none_or(|cap| sum < cap)))
    }
}

impl Ask<'_> {
    fn count(&self, cap: Option<i64>) -> Result<i64> {
        let question = || {
            let mut question = Statement::<BigInt>::new("");
            self.matching(&mut question);
            format!("{cap:?} {}", question.text())
        };
        let found = self.store.memory.recall(question, &self.about(), || {
            let mut count = Statement::<BigInt>::new("SELECT ");
            match self.one_without()? {
                Some((wider, without)) if cap.is_none() => {
                    self.of(&wider).number(&mut count, None)?;
                    count.sql(" - ");
                    self.of(&without).number(&mut count, None)?;
                }
                _ => self.number(&mut count, cap)?,
            }
            Ok(vec![self.one_number(count)?])
        })?;
        Ok(found.first().copied().unwrap_or_default())
    }

    /// The same of another question.
    fn of<'a>(&'a self, query: &'a Query) -> Ask<'a> {
        Ask { query, ..*self }
    }

    /// The projects and types whose changes may change the answer.
    fn about(&self) -> Vec<(i32, i32)> {
        let clauses = &self.query.clauses;
        let others = clauses.iter().flat_map(Clause::others);
        // A type without a number has no resources.
        let others = others.filter_map(|kind| self.store.dictionary.kind(kind));
        let kinds: Vec<i32> = std::iter::once(self.kind).chain(others).collect();
        let pools = clauses.iter().flat_map(Clause::pools);
        let projects = std::iter::once(self.segment.project).chain(pools);
        let referring = self.segment.only.as_ref().map(|only| (only.by_project, only.by_kind));
        projects.flat_map(|project| kinds.iter().map(move |kind| (project, *kind))).chain(referring).collect()
    }

    /// All but a few: how many there are without that condition, and how many it shuts out. Of both an index knows, while
    /// each that may pass would have to be looked at.
    fn one_without(&self) -> Result<Option<(Query, Query)>> {
        let clauses = &self.query.clauses;
        let out = clauses.iter().position(|clause| matches!(clause, Clause::Index { negated: true, .. }));
        let Some(out) = out.filter(|_| clauses.len() <= 2 && self.segment.only.is_none()) else {
            return Ok(None);
        };
        let mut few = clauses[out].clone();
        if let Clause::Index { negated, .. } = &mut few {
            *negated = false;
        }
        let mut wider = self.query.clone();
        wider.clauses.remove(out);
        if !wider.clauses.iter().all(has_one_row)
            || capped_count(self, &few)?.is_none_or(|count| count >= CAP)
        {
            return Ok(None);
        }
        let mut without = self.query.clone();
        without.clauses[out] = few;
        Ok(Some((wider, without)))
    }

    /// `(SELECT count(*) …)`.
    fn number(&self, count: &mut Statement<BigInt>, cap: Option<i64>) -> Result<()> {
        count.sql("(SELECT count(*) FROM (");
        let (driver, few) = self.cheapest()?;
        Ask { each: few, ..*self }.matching_by(count, driver.as_ref());
        if let Some(cap) = cap {
            count.sql(" LIMIT ").bind(cap);
        }
        count.sql(") n)");
        Ok(())
    }

    /// The numbers of all that match, each once, in no order.
    pub(super) fn matching<ST>(&self, select: &mut Statement<ST>) {
        let driver = match self.segment.only {
            Some(_) => Some(Driver::Referred),
            // Any positive clause will do: all of its matches are met once.
            None => self.positive().next().map(Driver::Clause),
        };
        self.matching_by(select, driver.as_ref());
    }

    /// Which clause has the fewest matches, since all that match it are met, and whether these are few.
    fn cheapest(&self) -> Result<(Option<Driver<'static>>, bool)> {
        if let Some(only) = &self.segment.only {
            let driver = self.limited(only)?;
            return Ok(match driver {
                Driver::Referred => (Some(driver), false),
                driver => (Some(driver), true),
            });
        }
        let positive: Vec<usize> = self.positive().collect();
        let clauses = &self.query.clauses;
        if clauses.len() <= 1 {
            return Ok((positive.first().copied().map(Driver::Clause), false));
        }
        if let Some(place) = positive.iter().find(|place| obvious(&clauses[**place])) {
            return Ok((Some(Driver::Clause(*place)), true));
        }
        let mut counts = Vec::with_capacity(positive.len());
        for place in positive {
            counts.push((capped_count(self, &clauses[place])?, place));
        }
        let fewest = counts.into_iter().min();
        let few = fewest.is_some_and(|(count, _)| count.is_some_and(|count| count < CAP));
        Ok((fewest.map(|(_, place)| Driver::Clause(place)), few))
    }

    /// The clauses that yield what passes them.
    fn positive(&self) -> impl Iterator<Item = usize> {
        let yields = |clause| self.set(&mut Statement::<BigInt>::new(""), self.kind, clause).is_some();
        let clauses = self.query.clauses.iter().enumerate();
        clauses.filter(move |(_, clause)| yields(clause)).map(|(place, _)| place)
    }

    fn matching_by<ST>(&self, select: &mut Statement<ST>, driver: Option<&Driver>) {
        let once = match driver {
            // Without a driver every resource has one row.
            None | Some(Driver::Rows(_) | Driver::Pool) => true,
            Some(Driver::Clause(place)) => has_one_row(&self.query.clauses[*place]),
            _ => false,
        };
        select.sql(if once { "SELECT c.rid FROM (" } else { "SELECT DISTINCT c.rid FROM (" });
        let except = gather::candidates(self, select, driver);
        // Only a condition on the id needs the resource itself.
        let resource = self.segment.only.is_some()
            || self.query.clauses.iter().enumerate().any(|(i, clause)| except != Some(i) && names_id(clause));
        if resource {
            select.sql(") c CROSS JOIN resource r WHERE r.project = ").bind(self.segment.project);
            select.sql(" AND r.rid = c.rid AND r.deleted = FALSE");
        } else {
            select.sql(") c WHERE TRUE");
        }
        self.probes(select, except, "c.rid");
    }
}

/// Whether a resource that passes does so by one row of the index: all of its primary key but the resource is given.
fn has_one_row(clause: &Clause) -> bool {
    let Clause::Index { param, key, any, negated: false } = clause else { return false };
    matches!(
        (Table::of(param.kind, key.facet), any.as_slice()),
        (Table::Term, [Test::Term { value: Some(_), qualifier: Some(_) }])
            | (Table::String, [Test::Exact { .. }])
    )
}
