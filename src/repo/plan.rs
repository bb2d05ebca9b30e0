//! A write that is made up and not yet done: what every verb ends in, alone or as part of a transaction.

use std::sync::Arc;

use super::prepare::{Next, SESSIONS_SINCE};
use super::{Outcome, Repo, Written};
use crate::definitions::ResourceType;
use crate::error::{Error, Kind, Result, conflict, fault};
use crate::store::{Change, Guard, Refusal, Row, Unit};

pub(super) struct Plan<'k> {
    kind: &'k ResourceType,
    step: Step,
    outcome: Outcome,
}

enum Step {
    /// To be written.
    Change(Box<Change>),
    /// Nothing to do: this is there already.
    Stands(Arc<Row>),
}

/// Why a plan came to nothing.
pub(super) enum Missed {
    /// Others wrote what it was made up from: it is to be made up anew.
    Outrun,
    /// The plan at this place was refused.
    Refused { place: usize, error: Error },
}

impl Missed {
    pub fn error(self) -> Error {
        match self {
            Self::Outrun => outrun(),
            Self::Refused { error, .. } => error,
        }
    }
}

impl<'k> Plan<'k> {
    /// The name of the type.
    pub fn kind(&self) -> &str {
        &self.kind.name
    }

    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// What it writes, if anything.
    pub fn change(&self) -> Option<&Change> {
        match &self.step {
            Step::Change(change) => Some(change),
            Step::Stands(_) => None,
        }
    }

    /// The same, where the text that it writes is another; nothing where there is none.
    pub fn retold(mut self, tell: impl FnOnce(&str) -> Option<String>) -> Option<Self> {
        if let Step::Change(change) = &mut self.step {
            change.body = tell(&change.body)?.into();
        }
        Some(self)
    }

    pub fn write(kind: &'k ResourceType, change: Change, outcome: Outcome) -> Self {
        Self { kind, step: Step::Change(Box::new(change)), outcome }
    }

    pub fn stand(kind: &'k ResourceType, row: Arc<Row>, outcome: Outcome) -> Self {
        Self { kind, step: Step::Stands(row), outcome }
    }
}

impl Repo {
    /// Carries out one plan; nothing where others were faster.
    pub(super) async fn carry_out(&self, plan: Plan<'_>, guard: Option<Guard>) -> Result<Option<Written>> {
        match self.commit(vec![plan], guard.into_iter().collect()).await {
            Ok(mut written) => Ok(written.pop()),
            Err(Missed::Outrun) => Ok(None),
            Err(missed) => Err(missed.error()),
        }
    }

    /// Carries out all plans or none.
    pub(super) async fn commit(
        &self,
        plans: Vec<Plan<'_>>,
        guards: Vec<Guard>,
    ) -> Result<Vec<Written>, Missed> {
        let asked = plans.len();
        let (along, more) = self.departures(&plans).await?;
        let plans: Vec<Plan<'_>> = plans.into_iter().chain(along).collect();
        let guards = guards.into_iter().chain(more).collect();
        let record = self.record_of(&plans).map_err(|error| Missed::Refused { place: 0, error })?;
        let plans: Vec<Plan<'_>> = plans.into_iter().chain(record).collect();
        let epoch = self.catalogue.epoch;
        let mut unit = Unit { changes: Vec::with_capacity(plans.len()), guards, epoch, chore: None };
        // What each plan leaves behind, and the place of each change among the plans.
        let (mut left, mut places) = (Vec::with_capacity(plans.len()), Vec::new());
        let mut grave = false;
        for (place, plan) in plans.into_iter().enumerate() {
            let row = match plan.step {
                Step::Stands(row) => Left::Stands(row),
                Step::Change(change) => {
                    let next = Next::of(&change);
                    grave |= is_grave(&change);
                    unit.changes.push(*change);
                    places.push(place);
                    Left::Next(next)
                }
            };
            left.push((plan.kind, row, plan.outcome));
        }
        let numbers = if unit.changes.is_empty() {
            Vec::new()
        } else {
            let done = self.hand_over(unit).await;
            done.map_err(|refusal| self.missed(&left, &places, refusal))?
        };
        let mut numbers = numbers.into_iter();
        let mut written = Vec::with_capacity(left.len());
        for (kind, row, outcome) in left {
            let refused = |error| Missed::Refused { place: 0, error };
            written.push(match row {
                Left::Stands(row) => Written { row: self.seen(row).map_err(refused)?, outcome },
                Left::Next(next) => {
                    let lost =
                        || Missed::Refused { place: 0, error: fault("a write came back without its number") };
                    let Written { row, outcome } =
                        self.written(kind, next, numbers.next().ok_or_else(lost)?, (outcome, grave));
                    Written { row: self.seen(row).map_err(refused)?, outcome }
                }
            });
        }
        written.truncate(asked);
        Ok(written)
    }

    /// What everyone who depends on it must know of a write.
    fn written(
        &self,
        kind: &ResourceType,
        next: Next,
        rid: i64,
        (outcome, grave): (Outcome, bool),
    ) -> Written {
        self.engine.tell(&kind.name, next.project(), outcome, grave);
        Written { row: next.row(rid), outcome }
    }

    /// Why the store did not take a unit.
    fn missed(&self, left: &[(&ResourceType, Left, Outcome)], places: &[usize], refusal: Refusal) -> Missed {
        match refusal {
            Refusal::Exists(_) | Refusal::Moved(_) | Refusal::Outrun | Refusal::Stale(_) => Missed::Outrun,
            Refusal::Taken(change, slot) => {
                let place = places.get(change).copied().unwrap_or_default();
                let error = match left.get(place) {
                    Some((kind, ..)) => taken(kind, slot),
                    None => fault("a refusal of no plan"),
                };
                Missed::Refused { place, error }
            }
            Refusal::Failed(error) if error.kind == Kind::Fault => {
                Missed::Refused { place: 0, error: fault(error) }
            }
            Refusal::Failed(error) => Missed::Refused { place: 0, error },
        }
    }
}

/// Whether a change may end what someone may do: it takes a record away, puts it to sleep, or gives it another secret.
fn is_grave(change: &Change) -> bool {
    let ends_sessions = || change.secrets.iter().any(|secret| secret.name == SESSIONS_SINCE);
    change.deleted || ends_sessions() || change.body.contains("\"active\":false")
}

enum Left {
    Stands(Arc<Row>),
    Next(Next),
}

/// What is said to whoever lost a race that cannot be run again.
pub(super) fn outrun() -> Error {
    conflict("another request wrote this resource at the same moment; read it again")
}

pub(super) fn taken(kind: &ResourceType, slot: usize) -> Error {
    let param = kind.params.values().find(|param| param.slot == slot);
    let place = param.map_or(kind.name.as_str(), |param| param.text.as_str());
    let name = place.rsplit('.').next().unwrap_or(place);
    conflict(format!("another {} of this project has this {name}", kind.name)).coded("duplicate").at(place)
}
