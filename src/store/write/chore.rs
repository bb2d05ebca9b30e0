//! What the server does to its own index in the background, and to the queue of a subscription when it is asked to,
//! through the writers like any other write.

use std::fmt;
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::super::connect::AnyConnection;
use super::super::dictionary::Dictionary;
use super::super::outbox::Replay;
use super::super::parameter::{Last, State};
use super::super::row::{Columns, Row};
use super::super::schema::resource;
use super::super::schema::search_parameter::dsl;
use super::super::statement::Statement;
use super::super::text;
use super::apply::{Failure, fill};
use super::expunge::stands;
use super::{Change, IndexChange, Refusal, gate};
use crate::error::Result;

/// A piece of work.
#[derive(Debug, Clone)]
pub enum Chore {
    Backfill(Backfill),
    Step(Step),
    Sweep(Sweep),
    Replay(Replay),
}

/// Makes up what is to be added to the index of a resource.
pub type Make = Arc<dyn Fn(&Row) -> Result<IndexChange> + Send + Sync>;

/// Adds what resources are found by under a parameter that is new. Those that were written since they were
/// read are made up again.
#[derive(Clone)]
pub struct Backfill {
    pub parameter: i32,
    /// In the order of ids, of one type and project.
    pub changes: Vec<Change>,
    pub make: Make,
    pub done: i64,
    pub total: i64,
    pub last: Last,
}

/// Takes a parameter from one state to the next, or out of the list.
#[derive(Debug, Clone)]
pub struct Step {
    pub parameter: i32,
    pub from: State,
    pub to: Option<State>,
    pub reason: String,
}

/// Removes some rows of a parameter that nobody knows any more.
#[derive(Debug, Clone)]
pub struct Sweep {
    pub project: i32,
    /// Its numbers, for each type and facet.
    pub numbers: Vec<i32>,
    pub limit: i64,
}

impl fmt::Debug for Backfill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Backfill({} of {})", self.done, self.parameter)
    }
}

impl Chore {
    /// Whether writers index by other parameters afterwards.
    pub fn turns(&self) -> bool {
        match self {
            Self::Step(step) => step.from.is_written() && !step.to.is_some_and(State::is_written),
            _ => false,
        }
    }

    pub(super) fn run(&self, connection: &mut AnyConnection, dictionary: &Dictionary) -> Result<(), Failure> {
        match self {
            Self::Backfill(backfill) => backfill.run(connection, dictionary),
            Self::Step(step) => step.run(connection, self.turns()),
            Self::Sweep(sweep) => Ok(sweep.run(connection)?),
            Self::Replay(replay) => Ok(replay.run(connection)?),
        }
    }
}

impl Backfill {
    fn run(&self, connection: &mut AnyConnection, dictionary: &Dictionary) -> Result<(), Failure> {
        let mut due = Vec::with_capacity(self.changes.len());
        for change in &self.changes {
            let Some((rid, _)) = change.replaces else { continue };
            if stands(connection, change.project, rid, change.version, &change.body)? {
                due.push(change.clone());
            } else if let Some(row) = locked(connection, change.project, rid)? {
                let index = (self.make)(&row).map_err(|error| Failure::Refused(Refusal::Failed(error)))?;
                due.push(Change { index, ..change.clone() });
            }
        }
        fill(connection, dictionary, &due)?;
        let moved = diesel::update(
            dsl::search_parameter
                .filter(dsl::number.eq(self.parameter).and(dsl::state.eq(State::Indexing.word()))),
        )
        .set((
            dsl::done.eq(self.done),
            dsl::total.eq(self.total),
            dsl::last_project.eq(self.last.0),
            dsl::last_kind.eq(self.last.1),
            dsl::last_id.eq(&self.last.2),
        ))
        .execute(connection)?;
        if moved == 1 { Ok(()) } else { Err(Failure::Refused(Refusal::Outrun)) }
    }
}

/// A living resource as it is now, and on PostgreSQL stays until the transaction ends.
fn locked(connection: &mut AnyConnection, project: i32, rid: i64) -> QueryResult<Option<Row>> {
    text::hold(connection, project, rid)?;
    let row = resource::table
        .filter(resource::project.eq(project).and(resource::rid.eq(rid)).and(resource::deleted.eq(false)))
        .first::<Columns>(connection)
        .optional()?;
    row.map(|columns| Row::of(columns, connection)).transpose()
}

impl Step {
    fn run(&self, connection: &mut AnyConnection, turns: bool) -> Result<(), Failure> {
        let own =
            dsl::search_parameter.filter(dsl::number.eq(self.parameter).and(dsl::state.eq(self.from.word())));
        let moved = match self.to {
            Some(state) => diesel::update(own)
                .set((dsl::state.eq(state.word()), dsl::reason.eq(&self.reason)))
                .execute(connection)?,
            None => diesel::delete(own).execute(connection)?,
        };
        if moved == 0 {
            return Err(Failure::Refused(Refusal::Outrun));
        }
        if turns {
            gate::turn(connection)?;
        } else {
            gate::note(connection)?;
        }
        Ok(())
    }
}

const TABLES: [(&str, &str); 3] = [
    ("string_index", "value, rid, exact"),
    ("term_index", "value, rid, qualifier"),
    ("range_index", "low, rid, high"),
];

impl Sweep {
    fn run(&self, connection: &mut AnyConnection) -> QueryResult<()> {
        for number in &self.numbers {
            for (table, key) in TABLES {
                let mut delete = Statement::<Integer>::new("DELETE FROM ");
                delete
                    .sql(table)
                    .sql(" WHERE project = ")
                    .bind(self.project)
                    .sql(" AND param = ")
                    .bind(*number);
                delete.sql(" AND (").sql(key).sql(") IN (SELECT ").sql(key).sql(" FROM ").sql(table);
                delete.sql(" WHERE project = ").bind(self.project).sql(" AND param = ").bind(*number);
                delete.sql(" LIMIT ").bind(self.limit).sql(")");
                delete.execute(connection)?;
            }
        }
        Ok(())
    }
}
