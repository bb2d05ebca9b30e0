//! Search parameters that were defined at run time (<https://hl7.org/fhir/R4/searchparameter.html>): what state
//! each is in, and what is needed to index by it.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::Store;
use super::row::{Columns, Row};
use super::schema::{definition_epoch, resource, search_parameter};
use super::statement::Statement;
use super::write::{Chore, Refusal, Unit};
use crate::error::{Result, busy, fault};

/// Where a parameter is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Writers index by it; what was there before is being indexed; nobody can ask it.
    Indexing,
    /// Everything is indexed by it.
    Active,
    /// Nobody can ask it any more; writers still index by it, for searches that began before.
    Retiring,
    /// Nobody knows it; its rows are being removed.
    Removing,
    /// The same, for one that could not be indexed.
    Failing,
    /// Could not be indexed, and no rows are left.
    Failed,
}

impl State {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Indexing, "indexing"),
        (Self::Active, "active"),
        (Self::Retiring, "retiring"),
        (Self::Removing, "removing"),
        (Self::Failing, "failing"),
        (Self::Failed, "failed"),
    ];

    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(state, _)| *state == self).map_or("failed", |(_, word)| word)
    }

    pub(super) fn of(word: &str) -> Self {
        Self::ALL.into_iter().find(|(_, known)| *known == word).map_or(Self::Failed, |(state, _)| state)
    }

    /// Whether writers index by it.
    pub fn is_written(self) -> bool {
        matches!(self, Self::Indexing | Self::Active | Self::Retiring)
    }
}

/// What of a SearchParameter matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    pub code: String,
    /// The numbers of the types that it is for, ascending.
    pub kinds: Vec<i32>,
    /// All of it, as JSON.
    pub text: String,
}

/// What a write to a SearchParameter means for searches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redefinition {
    Define(Definition),
    Retire,
}

/// The last resource that was indexed: project, type and id.
pub type Last = (i32, i32, String);

/// A parameter, since it had to be indexed for the last time.
#[derive(Debug, Clone)]
pub struct Parameter {
    pub number: i32,
    /// The project whose searches have it; 0 for all.
    pub project: i32,
    /// The SearchParameter that defines it.
    pub id: String,
    pub definition: Definition,
    pub state: State,
    pub done: i64,
    /// -1 until they are counted.
    pub total: i64,
    pub last: Last,
    pub reason: String,
}

impl Parameter {
    /// The name of its index rows, which is no other's, ever.
    pub fn name(&self) -> String {
        format!("{}#{}", self.definition.code, self.number)
    }
}

type Stored = (i32, i32, String, String, String, String, String, i64, i64, i32, i32, String, String);

impl From<Stored> for Parameter {
    fn from(stored: Stored) -> Self {
        let (number, project, id, code, kinds, text, state, done, total, in_project, of_kind, last, reason) =
            stored;
        Self {
            number,
            project,
            id,
            definition: Definition { code, kinds: listed(&kinds), text },
            state: State::of(&state),
            done,
            total,
            last: (in_project, of_kind, last),
            reason,
        }
    }
}

fn listed(numbers: &str) -> Vec<i32> {
    numbers.split(',').filter_map(|number| number.parse().ok()).collect()
}

/// All parameters of a moment.
#[derive(Debug, Default)]
pub struct Parameters {
    /// Grows when writers must index by others.
    pub epoch: i64,
    /// Grows with every change but progress.
    pub change: i64,
    pub all: Vec<Parameter>,
}

impl Store {
    /// Epoch and change: whether there is anything new.
    pub fn epoch(&self) -> Result<(i64, i64)> {
        self.with(|connection| {
            definition_epoch::table
                .select((definition_epoch::epoch, definition_epoch::change))
                .first(connection)
        })
    }

    pub fn parameters(&self) -> Result<Parameters> {
        loop {
            let (epoch, change) = self.epoch()?;
            let all = self.with(|connection| {
                search_parameter::table.order(search_parameter::number).load::<Stored>(connection)
            })?;
            // Else they changed while they were read.
            if self.epoch()? == (epoch, change) {
                self.gate.advance(epoch);
                return Ok(Parameters { epoch, change, all: all.into_iter().map(Parameter::from).collect() });
            }
        }
    }

    /// How far those are that are being indexed: number, done and total.
    pub fn progress(&self) -> Result<Vec<(i32, i64, i64)>> {
        self.with(|connection| {
            search_parameter::table
                .filter(search_parameter::state.eq(State::Indexing.word()))
                .select((search_parameter::number, search_parameter::done, search_parameter::total))
                .load(connection)
        })
    }

    /// The number of resources of a type in a project, deleted ones too.
    pub fn count_stored(&self, project: i32, kind: i32) -> Result<i64> {
        self.with(|connection| {
            resource::table
                .filter(resource::project.eq(project).and(resource::kind.eq(kind)))
                .count()
                .get_result(connection)
        })
    }

    /// Resources of a type in a project in the order of their ids, deleted ones too.
    pub fn stretch(&self, project: i32, kind: i32, after: &str, limit: i64) -> Result<Vec<Row>> {
        self.rows(|connection| {
            resource::table
                .filter(
                    resource::project.eq(project).and(resource::kind.eq(kind)).and(resource::id.gt(after)),
                )
                .order(resource::id)
                .limit(limit)
                .load::<Columns>(connection)
        })
    }

    /// Whether anything is indexed under one of these numbers in a project.
    pub fn has_rows(&self, project: i32, numbers: &[i32]) -> Result<bool> {
        for table in ["string_index", "term_index", "range_index"] {
            for number in numbers {
                let mut find = Statement::<BigInt>::new("SELECT rid FROM ");
                find.sql(table).sql(" WHERE project = ").bind(project).sql(" AND param = ").bind(*number);
                find.sql(" LIMIT 1");
                let found: Vec<i64> = self.with(|connection| find.load(connection))?;
                if !found.is_empty() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Does what is to be done, on the calling thread, unless the parameters are others than those of `epoch`
    /// by now: then it says so.
    pub fn toil(&self, epoch: i64, chore: Chore) -> Result<bool> {
        let unit = Unit { epoch, chore: Some(chore), ..Unit::default() };
        match self.commit_here(unit) {
            Ok(_) => Ok(true),
            Err(Refusal::Stale(_) | Refusal::Outrun) => Ok(false),
            Err(Refusal::Failed(error)) => Err(error),
            Err(refusal) => Err(fault(format!("a chore was refused: {refusal:?}"))),
        }
    }

    fn commit_here(&self, unit: Unit) -> Result<Vec<i64>, Refusal> {
        self.submit(unit)?
            .blocking_recv()
            .unwrap_or_else(|_| Err(Refusal::Failed(busy("the server is stopping"))))
    }
}
