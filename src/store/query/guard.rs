//! What a conditional write was decided by, asked again inside the transaction that writes
//! (<https://hl7.org/fhir/R4/http.html#ccreate>).
//!
//! SQLite has one writer. On PostgreSQL the writers of one type in one project take turns while any of them
//! has a guard, by advisory locks: of two that create on the condition that there is none, the second sees
//! what the first has written.

use std::collections::BTreeSet;

use diesel::RunQueryDsl;
use diesel::sql_types::BigInt;

use super::super::Store;
use super::super::connect::AnyConnection;
use super::super::statement::Statement;
use super::key::Order;
use super::{Ask, Segment};
use crate::search::Query;

/// A search and the numbers of the resources that it found.
#[derive(Debug, Clone)]
pub struct Guard {
    kind: i32,
    projects: Vec<i32>,
    questions: Vec<Statement<BigInt>>,
    found: BTreeSet<i64>,
}

/// Searches over more projects than this hold up the whole type.
const FEW: usize = 16;
/// Stands for all projects.
const ALL: i32 = -1;

impl Store {
    /// Holds a write to what `query` found: all of it.
    pub fn guard(&self, kind: i32, segments: &[Segment], query: &Query, found: &[i64]) -> Guard {
        let order = Order::Row;
        let questions = segments.iter().map(|segment| {
            let ask = Ask { store: self, kind, segment, query, order: &order, limit: 0, each: false };
            let mut question = Statement::new("SELECT n.rid FROM (");
            ask.matching(&mut question);
            question.sql(") n LIMIT ").bind(found.len() as i64 + 1);
            question
        });
        Guard {
            kind,
            projects: segments.iter().map(|segment| segment.project).collect(),
            questions: questions.collect(),
            found: found.iter().copied().collect(),
        }
    }
}

impl Guard {
    /// Whether the search finds what it found before.
    pub(in super::super) fn holds(&self, connection: &mut AnyConnection) -> diesel::QueryResult<bool> {
        let mut found = BTreeSet::new();
        for question in &self.questions {
            let numbers: Vec<i64> = question.clone().load(connection)?;
            found.extend(numbers);
        }
        Ok(found == self.found)
    }

    /// Makes all others with a guard on the same wait until the transaction is over. All locks of a
    /// transaction are taken here, in one order.
    pub(in super::super) fn lock<'g>(
        guards: impl Iterator<Item = &'g Self>,
        connection: &mut AnyConnection,
    ) -> diesel::QueryResult<()> {
        if matches!(connection, AnyConnection::Sqlite(_)) {
            return Ok(());
        }
        // All projects of a type come before single ones.
        let mut locks = BTreeSet::new();
        for guard in guards {
            let few = guard.projects.len() <= FEW;
            locks.insert((guard.kind, ALL, few));
            if few {
                locks.extend(guard.projects.iter().map(|project| (guard.kind, *project, false)));
            }
        }
        for (kind, project, shared) in &locks {
            // Who wants it for himself and shared with others gets it for himself.
            if *shared && locks.contains(&(*kind, *project, false)) {
                continue;
            }
            let name = if *shared { "pg_advisory_xact_lock_shared" } else { "pg_advisory_xact_lock" };
            let mut lock = Statement::<diesel::sql_types::Bool>::new("SELECT ");
            lock.sql(name).sql("(").bind(*kind).sql(", ").bind(*project).sql(") IS NOT NULL");
            let _: Vec<bool> = lock.load(connection)?;
        }
        Ok(())
    }
}
