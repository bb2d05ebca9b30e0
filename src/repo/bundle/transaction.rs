//! A transaction (<https://hl7.org/fhir/R4/http.html#transaction>): settled, linked, planned, written at once.

use std::sync::Arc;

use serde_json::Value;

use super::links::{self, Names};
use super::settle::{Settled, Sight};
use super::{Action, Done, Entry, Failed};
use crate::error::Result;
use crate::repo::plan::{Missed, Plan};
use crate::repo::update::{ATTEMPTS, crowded};
use crate::repo::{Outcome, Repo, Written};

/// Entries after which others on the same thread get their turn.
const TURN: usize = 16;

impl Repo {
    /// Does all of the entries, or none. What came of each stands at its place.
    pub async fn transaction(&self, mut entries: Vec<Entry>) -> Result<Vec<Done>, Failed> {
        let references = links::conditional(&self.definitions, &mut entries).map_err(at(0))?;
        for _ in 0..ATTEMPTS {
            if let Some(done) = self.attempt(&entries, &references).await? {
                return Ok(done);
            }
        }
        Err(Failed { entry: 0, error: crowded("transaction") })
    }

    /// Nothing where others were faster.
    async fn attempt(
        &self,
        entries: &[Entry],
        references: &std::collections::BTreeSet<(usize, String)>,
    ) -> Result<Option<Vec<Done>>, Failed> {
        let mut sight = Sight::default();
        let mut settled = vec![Settled::Open; entries.len()];
        let order = in_order(entries);
        let conditional = !references.is_empty() || entries.iter().any(|entry| entry.action.is_conditional());
        for &place in &order {
            let done = self.settle(&mut sight, (place, &entries[place]), conditional).await;
            settled[place] = done.map_err(at(place))?;
        }
        let mut names = Names::default();
        for (entry, settled) in entries.iter().zip(&settled) {
            if let (Some(full_url), Some(kind), Some(id)) =
                (&entry.full_url, entry.action.kind(), settled.id())
            {
                names.insert(full_url, format!("{kind}/{id}"));
            }
        }
        for (place, text) in references {
            let found =
                self.leads_to(&mut sight, text).await.map_err(|error| Failed { entry: *place, error })?;
            names.insert(text, found);
        }
        let bound = Self { promised: Some(Arc::new(sight.promised())), ..self.clone() };
        // The plans of an entry follow each other; an entry may have none or many.
        let (mut plans, mut owners) = (Vec::new(), Vec::new());
        for (turn, &place) in order.iter().enumerate() {
            let made = bound.plans(&entries[place], &settled[place], &names).await.map_err(at(place))?;
            owners.extend(std::iter::repeat_n(place, made.len()));
            plans.extend(made);
            if turn % TURN == TURN - 1 {
                tokio::task::yield_now().await;
            }
        }
        match self.commit(plans, sight.guards).await {
            Ok(written) => Ok(Some(outcomes(&settled, &owners, written))),
            Err(Missed::Outrun) => Ok(None),
            Err(Missed::Refused { place, error }) => {
                Err(Failed { entry: owners.get(place).copied().unwrap_or_default(), error })
            }
        }
    }

    async fn plans(&self, entry: &Entry, settled: &Settled, names: &Names) -> Result<Vec<Plan<'_>>> {
        let Some(kind) = entry.action.kind() else { return Ok(Vec::new()) };
        let resource = self.resource_type(kind)?;
        let linked = |body: &Value| -> Result<Value> {
            let mut body = body.clone();
            names.rewrite(&self.definitions, &mut body, entry.full_url.as_deref())?;
            Ok(body)
        };
        match (&entry.action, settled) {
            (Action::Delete { .. }, Settled::Remove(rows)) => {
                for row in rows {
                    self.may_remove(resource, row).await?;
                }
                rows.iter().map(|row| self.removal(resource, row)).collect()
            }
            (Action::Create { body, .. }, Settled::Create(id)) => {
                Ok(vec![self.creation(resource, id, linked(body)?).await?])
            }
            (Action::Create { .. }, Settled::Found(row)) => {
                Ok(vec![Plan::stand(resource, Arc::clone(row), Outcome::Found)])
            }
            (Action::Update { body, .. }, Settled::Replace { id, old }) => {
                let mut body = linked(body)?;
                if let Some(object) = body.as_object_mut() {
                    object.insert("id".to_owned(), Value::from(id.as_str()));
                }
                Ok(vec![self.replacement(resource, id, body, old.as_deref()).await?])
            }
            (Action::Patch { patch, .. }, Settled::Patch(row)) => {
                Ok(vec![self.patched(resource, row, patch).await?])
            }
            _ => Ok(Vec::new()),
        }
    }
}

/// Places of the entries in the order in which they take effect.
fn in_order(entries: &[Entry]) -> Vec<usize> {
    let rank = |action: &Action| match action {
        Action::Delete { .. } | Action::Expect { .. } => 0,
        Action::Create { .. } => 1,
        Action::Update { .. } => 2,
        Action::Patch { .. } => 3,
        Action::Read { .. } => 4,
        Action::Other => 5,
    };
    let mut places: Vec<usize> = (0..entries.len()).collect();
    places.sort_by_key(|place| rank(&entries[*place].action));
    places
}

fn outcomes(settled: &[Settled], owners: &[usize], written: Vec<Written>) -> Vec<Done> {
    let mut done: Vec<Done> = settled
        .iter()
        .map(|settled| match settled {
            Settled::Remove(_) => Done::Nothing,
            _ => Done::Open,
        })
        .collect();
    for (place, written) in owners.iter().zip(written) {
        done[*place] = match written.outcome {
            Outcome::Deleted => Done::Deleted(written.row.version),
            _ => Done::Written(written),
        };
    }
    for (place, settled) in settled.iter().enumerate() {
        if let Settled::Same { place: original, .. } = settled
            && let Done::Written(Written { row, .. }) = &done[*original]
        {
            done[place] = Done::Written(Written { row: Arc::clone(row), outcome: Outcome::Found });
        }
    }
    done
}

fn at(entry: usize) -> impl Fn(crate::error::Error) -> Failed {
    move |error| Failed { entry, error }
}

impl Action {
    fn kind(&self) -> Option<&str> {
        match self {
            Self::Delete { kind, .. }
            | Self::Create { kind, .. }
            | Self::Update { kind, .. }
            | Self::Patch { kind, .. }
            | Self::Read { kind, .. } => Some(kind),
            Self::Expect { .. } | Self::Other => None,
        }
    }

    /// Whether what other entries create may matter to it.
    fn is_conditional(&self) -> bool {
        use super::Target;
        match self {
            Self::Create { unless, .. } => unless.is_some(),
            Self::Update { target, .. } | Self::Patch { target, .. } | Self::Delete { target, .. } => {
                matches!(target, Target::Where(_))
            }
            Self::Read { .. } | Self::Expect { .. } | Self::Other => false,
        }
    }
}
