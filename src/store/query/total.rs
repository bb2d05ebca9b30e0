//! How many there are, when somebody asks.

use diesel::RunQueryDsl;
use diesel::sql_types::BigInt;

use super::super::Store;
use super::super::statement::Statement;
use super::clause::names_id;
use super::key::Order;
use super::plan::Driver;
use super::{Ask, Segment, gather};
use crate::error::Result;
use crate::search::{Query, Summary, Total};

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
            let ask = Ask { store: self, kind, segment, query, order: &order, limit: 0 };
            sum += ask.count(cap)?;
        }
        Ok(u64::try_from(sum).ok().filter(|_| cap.is_none_or(|cap| sum < cap)))
    }
}

impl Ask<'_> {
    fn count(&self, cap: Option<i64>) -> Result<i64> {
        let mut count = Statement::<BigInt>::new("SELECT count(*) FROM (");
        self.matching(&mut count);
        if let Some(cap) = cap {
            count.sql(" LIMIT ").bind(cap);
        }
        count.sql(") n");
        let found: Vec<i64> = self.store.with(|connection| count.load(connection))?;
        Ok(found.first().copied().unwrap_or_default())
    }

    /// The numbers of all that match, each once, in no order.
    pub(super) fn matching<ST>(&self, select: &mut Statement<ST>) {
        let driver = match self.segment.only {
            Some(_) => Some(Driver::Referred),
            // Any positive clause will do: all of its matches are met once.
            None => (0..self.query.clauses.len())
                .find(|place| {
                    self.set(&mut Statement::<BigInt>::new(""), self.kind, &self.query.clauses[*place])
                        .is_some()
                })
                .map(Driver::Clause),
        };
        // Without a driver every resource has one row.
        select.sql(if driver.is_some() { "SELECT DISTINCT c.rid FROM (" } else { "SELECT c.rid FROM (" });
        let except = gather::candidates(self, select, driver.as_ref());
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
