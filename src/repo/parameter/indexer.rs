//! Takes parameters from state to state: indexes what was there before they were, and removes the rows of those
//! that are no more. One node at a time does so, in small pieces, each a transaction.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::catalogue::{Catalogue, Compiled};
use crate::definitions::{Definitions, Param};
use crate::error::{Error, Kind, Result, fault};
use crate::repo::Engine;
use crate::repo::reindex::indexed_anew;
use crate::resource;
use crate::search::{gram::Hashes, index};
use crate::store::{Backfill, Chore, IndexChange, Lead, Make, Row, State, Step, Sweep};

/// So long writers go on with a parameter that was withdrawn, for searches that began before.
const GRACE: Duration = Duration::from_secs(4);
/// The same where no other node can be searching.
const SHORT_GRACE: Duration = Duration::from_millis(500);
/// Between two tries where another node does the work, or the database does not answer.
const PAUSE: Duration = Duration::from_secs(1);
/// Resources of one transaction.
const CHUNK: i64 = 100;
/// Rows of one table and parameter that are removed by one transaction.
const ROWS: i64 = 500;

pub(super) struct Indexer {
    engine: Arc<Engine>,
    lead: Option<Lead>,
    /// When parameters were first seen to be retiring.
    retiring: HashMap<i32, Instant>,
}

/// What came of looking for work.
enum Turn {
    Worked,
    /// There will be something to do by then, or if nothing is said, when somebody stirs.
    Idle(Option<Duration>),
}

impl Indexer {
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine, lead: None, retiring: HashMap::new() }
    }

    pub fn run(mut self) {
        while !self.engine.attention.is_stopping() {
            let (calls, began) = (self.engine.attention.calls(), Instant::now());
            match self.turn() {
                // Half of the time is for everybody else.
                Ok(Turn::Worked) => std::thread::sleep(began.elapsed().min(Duration::from_millis(50))),
                Ok(Turn::Idle(most)) => self.engine.attention.rest(calls, most),
                Err(error) => {
                    tracing::warn!(%error, "indexing by search parameters was interrupted and goes on");
                    self.lead = None;
                    self.engine.attention.rest(calls, Some(PAUSE));
                }
            }
        }
    }

    /// A piece of work on each parameter that needs any.
    fn turn(&mut self) -> Result<Turn> {
        if !self.engine.catalogue.load().has_work() {
            self.lead = None;
            return Ok(Turn::Idle(None));
        }
        let leads = match &mut self.lead {
            Some(lead) => lead.holds()?,
            None => {
                self.lead = self.engine.store.lead()?;
                self.lead.is_some()
            }
        };
        if !leads {
            self.lead = None;
            return Ok(Turn::Idle(Some(PAUSE)));
        }
        self.engine.refresh()?;
        let catalogue = self.engine.catalogue.load_full();
        let mut turn = Turn::Idle(None);
        for one in &catalogue.compiled {
            match (self.advance(&catalogue, one)?, &turn) {
                (Turn::Worked, _) => turn = Turn::Worked,
                (Turn::Idle(Some(rest)), Turn::Idle(most)) => {
                    turn = Turn::Idle(Some(most.map_or(rest, |most| most.min(rest))));
                }
                (Turn::Idle(_), _) => {}
            }
        }
        Ok(turn)
    }

    fn advance(&mut self, catalogue: &Catalogue, one: &Compiled) -> Result<Turn> {
        let state = one.parameter.state;
        match (state, &one.problem) {
            (State::Indexing | State::Active, Some(problem)) => {
                self.step(catalogue, one, Some(State::Failing), problem.clone())
            }
            (State::Indexing, None) => {
                if !self.engine.pace.take() {
                    // Whoever sets the pace does not tell when it is another.
                    return Ok(Turn::Idle(Some(Duration::from_millis(20))));
                }
                match self.index(catalogue, one) {
                    Err(error) if error.kind == Kind::Invalid => {
                        self.step(catalogue, one, Some(State::Failing), error.to_string())
                    }
                    done => done,
                }
            }
            (State::Retiring, _) => {
                let grace = if self.engine.store.reads_inline() { SHORT_GRACE } else { GRACE };
                let since = self.retiring.entry(one.parameter.number).or_insert_with(Instant::now);
                match grace.checked_sub(since.elapsed()) {
                    Some(left) if !left.is_zero() => Ok(Turn::Idle(Some(left))),
                    _ => self.step(catalogue, one, Some(State::Removing), String::new()),
                }
            }
            (State::Removing, _) => self.sweep(catalogue, one, None),
            (State::Failing, _) => self.sweep(catalogue, one, Some(State::Failed)),
            (State::Active, None) | (State::Failed, _) => Ok(Turn::Idle(None)),
        }
    }

    fn step(
        &mut self,
        catalogue: &Catalogue,
        one: &Compiled,
        to: Option<State>,
        reason: String,
    ) -> Result<Turn> {
        let (parameter, from) = (one.parameter.number, one.parameter.state);
        if to == Some(State::Failing) {
            tracing::warn!(code = one.parameter.definition.code, reason, "a search parameter cannot be used");
        }
        let step = Step { parameter, from, to, reason };
        self.engine.store.toil(catalogue.epoch, Chore::Step(step))?;
        self.engine.refresh()?;
        self.retiring.remove(&parameter);
        Ok(Turn::Worked)
    }

    /// Indexes the next resources by a parameter, or finds that there are no more.
    fn index(&mut self, catalogue: &Catalogue, one: &Compiled) -> Result<Turn> {
        let store = &self.engine.store;
        let kinds = &one.parameter.definition.kinds;
        let projects = match one.parameter.project {
            0 => store.projects()?,
            own => vec![own],
        };
        let (mut done, mut total) = one.indexing.get();
        if total < 0 {
            total = 0;
            for (project, kind) in
                projects.iter().flat_map(|project| kinds.iter().map(move |kind| (project, kind)))
            {
                total += store.count_stored(*project, *kind)?;
            }
            one.indexing.set(done, total);
        }
        let last = &one.position();
        for &project in projects.iter().filter(|project| **project >= last.0) {
            for &kind in kinds.iter().filter(|kind| project > last.0 || **kind >= last.1) {
                let after = if (project, kind) == (last.0, last.1) { last.2.as_str() } else { "" };
                let rows = store.stretch(project, kind, after, CHUNK)?;
                let Some(end) = rows.last() else { continue };
                let last = (project, kind, end.id.clone());
                done += rows.len() as i64;
                // What was created meanwhile is indexed, and was not counted.
                total = total.max(done);
                let make = self.make(catalogue, one, project, kind)?;
                let mut changes = Vec::with_capacity(rows.len());
                for row in rows.iter().filter(|row| !row.deleted) {
                    changes.push(indexed_anew(row, make(row)?));
                }
                let parameter = one.parameter.number;
                let backfill = Backfill { parameter, changes, make, done, total, last: last.clone() };
                if store.toil(catalogue.epoch, Chore::Backfill(backfill))? {
                    one.reached(last, done, total);
                }
                return Ok(Turn::Worked);
            }
        }
        tracing::info!(
            code = one.parameter.definition.code,
            resources = done,
            "a search parameter is indexed"
        );
        self.step(catalogue, one, Some(State::Active), String::new())
    }

    /// What a resource of a type in a project is found by under the parameter.
    fn make(&self, catalogue: &Catalogue, one: &Compiled, project: i32, kind: i32) -> Result<Make> {
        let name = self.engine.store.kind_name(kind).ok_or_else(|| fault("a type has no name"))?.to_owned();
        let param = one.params.iter().find(|param| param.resource == name);
        let param = Arc::clone(param.ok_or_else(|| fault("a parameter is not for its type"))?);
        let (definitions, base_url) =
            (Arc::clone(catalogue.of_project(project)), self.engine.base_url.clone());
        Ok(Arc::new(move |row| {
            added(&definitions, &param, &base_url, row)
                .map_err(|error| Error::at(error, format!("{name}/{}", row.id)))
        }))
    }

    /// Removes some rows of a parameter that nobody knows any more; the parameter, if none are left.
    fn sweep(&mut self, catalogue: &Catalogue, one: &Compiled, to: Option<State>) -> Result<Turn> {
        let store = &self.engine.store;
        let numbers = store.numbers(&one.parameter.name())?;
        let projects = match one.parameter.project {
            0 => store.projects()?,
            own => vec![own],
        };
        for project in projects {
            if store.has_rows(project, &numbers)? {
                let sweep = Sweep { project, numbers, limit: ROWS };
                store.toil(catalogue.epoch, Chore::Sweep(sweep))?;
                return Ok(Turn::Worked);
            }
        }
        self.step(catalogue, one, to, one.parameter.reason.clone())
    }
}

fn added(definitions: &Definitions, param: &Arc<Param>, base_url: &str, row: &Row) -> Result<IndexChange> {
    let body: Value = resource::parse(row.body.as_bytes())?;
    let add = index::entries_of(definitions, std::iter::once(param), &body, base_url)?;
    let kind = definitions.resources.get(&param.resource);
    let kind = kind.ok_or_else(|| fault("a type is not defined"))?;
    let all = index::entries(definitions, kind, &body, base_url)?;
    let hashes = Hashes::changed(row.project.into(), row.kind.into(), &all, add.iter());
    Ok(IndexChange { add, hashes, ..IndexChange::default() })
}
