//! Which resource each entry of a transaction is about, before anything is written.
//!
//! Conditions are asked in the order in which entries take effect: what an earlier entry deletes is not found
//! any more, what it creates is.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use super::{Action, Condition, Entry, Target};
use crate::error::{Error, Result, conflict, malformed, not_found, precondition};
use crate::repo::locate::absent;
use crate::repo::policy::Interaction;
use crate::repo::update::must_match;
use crate::repo::{Criteria, Repo};
use crate::search;
use crate::store::{Guard, Row};

/// What an entry will do.
#[derive(Debug, Clone)]
pub(super) enum Settled {
    /// Deletes these: none, one or all that meet a condition.
    Remove(Vec<Arc<Row>>),
    Create(String),
    /// There is one already.
    Found(Arc<Row>),
    /// The entry at this place creates it.
    Same {
        id: String,
        place: usize,
    },
    Replace {
        id: String,
        old: Option<Arc<Row>>,
    },
    Patch(Arc<Row>),
    Open,
}

impl Settled {
    /// The id that references to the entry get.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Create(id) | Self::Replace { id, .. } | Self::Same { id, .. } => Some(id),
            Self::Found(row) | Self::Patch(row) => Some(&row.id),
            Self::Remove(_) | Self::Open => None,
        }
    }
}

/// What is known of a transaction so far.
#[derive(Default)]
pub(super) struct Sight {
    pub guards: Vec<Guard>,
    /// Resources that are written, and whether they will be there; none may be written twice.
    written: HashMap<(String, String), bool>,
    deleted: HashSet<i64>,
    created: Vec<Created>,
}

/// What an entry creates, as a condition of a later one sees it.
struct Created {
    place: usize,
    kind: String,
    id: String,
    entries: Vec<search::Entry>,
}

impl search::Others for Sight {
    fn any(&self, kind: &str, passes: &mut dyn FnMut(&str, &[search::Entry]) -> bool) -> bool {
        self.created.iter().any(|one| one.kind == kind && passes(&one.id, &one.entries))
    }
}

impl Sight {
    fn claim(&mut self, kind: &str, id: &str, stays: bool) -> Result<()> {
        if self.written.insert((kind.to_owned(), id.to_owned()), stays).is_none() {
            return Ok(());
        }
        Err(malformed(format!("two entries of the transaction write {kind}/{id}")).coded("duplicate"))
    }

    /// Everything that will be there under these names.
    pub fn promised(&self) -> HashSet<(String, String)> {
        self.written.iter().filter(|(_, stays)| **stays).map(|(name, _)| name.clone()).collect()
    }
}

/// What meets a condition, inside of a transaction.
enum Met {
    None,
    Row(Arc<Row>),
    /// Created by an earlier entry.
    Promised {
        id: String,
        place: usize,
    },
}

impl Repo {
    /// Settles the entry at `place`. `conditional` says whether any entry has a condition to be asked.
    pub(super) async fn settle(
        &self,
        sight: &mut Sight,
        (place, entry): (usize, &Entry),
        conditional: bool,
    ) -> Result<Settled> {
        match &entry.action {
            Action::Delete { kind, target, if_match } => {
                let resource = self.may_delete(kind)?;
                let rows = match target {
                    Target::Id(id) => {
                        let old = self.in_sight(kind, id).await?;
                        must_match(kind, id, *if_match, old.as_ref())?;
                        sight.claim(kind, id, false)?;
                        old.filter(|row| !row.deleted).into_iter().collect()
                    }
                    Target::Where(criteria) => {
                        let (rows, guard) = self.to_remove(resource, criteria).await?;
                        sight.guards.push(guard);
                        rows.iter().try_for_each(|row| sight.claim(kind, &row.id, false))?;
                        rows
                    }
                };
                sight.deleted.extend(rows.iter().map(|row| row.rid));
                Ok(Settled::Remove(rows))
            }
            Action::Create { kind, body, unless } => {
                let resource = self.may(Interaction::Create, kind)?;
                if let Some(criteria) = unless {
                    match self.meets(sight, kind, criteria).await? {
                        Met::None => {}
                        Met::Row(row) => return Ok(Settled::Found(row)),
                        Met::Promised { id, place } => return Ok(Settled::Same { id, place }),
                    }
                }
                let id = Uuid::now_v7().to_string();
                sight.claim(kind, &id, true)?;
                if conditional {
                    // What cannot be indexed is refused when its turn comes.
                    let entries = self.entries(resource, body).unwrap_or_default();
                    sight.created.push(Created { place, kind: kind.clone(), id: id.clone(), entries });
                }
                Ok(Settled::Create(id))
            }
            Action::Update { kind, target, body, condition } => {
                self.may(Interaction::Update, kind)?;
                let (id, old) = match target {
                    Target::Id(id) => (id.clone(), self.reach(Interaction::Update, kind, id).await?),
                    Target::Where(criteria) => match self.meets(sight, kind, criteria).await? {
                        Met::None => self.target(kind, body, None).await?,
                        Met::Row(row) => self.target(kind, body, Some(row)).await?,
                        Met::Promised { id, .. } => (id, None),
                    },
                };
                match condition {
                    Condition::None => {}
                    Condition::Version(version) => must_match(kind, &id, Some(*version), old.as_ref())?,
                    Condition::Absent if old.as_ref().is_some_and(|row| !row.deleted) => {
                        let text = format!("there is a {kind}/{id} already");
                        return Err(precondition(text).at("If-None-Match"));
                    }
                    Condition::Absent => {}
                }
                if matches!(target, Target::Id(_)) {
                    self.may_choose(kind, old.as_ref())?;
                }
                sight.claim(kind, &id, true)?;
                Ok(Settled::Replace { id, old })
            }
            Action::Patch { kind, target, if_match, .. } => {
                self.may(Interaction::Update, kind)?;
                let old = match target {
                    Target::Id(id) => self.reach(Interaction::Update, kind, id).await?,
                    Target::Where(criteria) => match self.meets(sight, kind, criteria).await? {
                        Met::None => None,
                        Met::Row(row) => Some(row),
                        Met::Promised { id, .. } => {
                            sight.claim(kind, &id, true)?;
                            None
                        }
                    },
                };
                let Some(row) = old.filter(|row| !row.deleted) else {
                    return Err(not_found(format!("there is no such {kind} to patch")));
                };
                must_match(kind, &row.id, *if_match, Some(&row))?;
                sight.claim(kind, &row.id, true)?;
                Ok(Settled::Patch(row))
            }
            Action::Read { kind, id } => {
                self.may(Interaction::Read, kind)?;
                match sight.written.get(&(kind.clone(), id.clone())) {
                    Some(true) => {}
                    Some(false) => return Err(absent(kind, id)),
                    None => drop(self.read(kind, id).await?),
                }
                Ok(Settled::Open)
            }
            Action::Expect { kind, criteria, ids, otherwise } => {
                let (found, guard) = self.sought(kind, criteria, ids.len() + 1).await?;
                sight.guards.push(guard);
                match found.len() == ids.len() && found.iter().all(|row| ids.contains(&row.id)) {
                    true => Ok(Settled::Open),
                    false => Err(conflict(otherwise.clone()).coded("duplicate")),
                }
            }
            Action::Other => Ok(Settled::Open),
        }
    }

    /// The one that meets a condition, if any does.
    async fn meets(&self, sight: &mut Sight, kind: &str, criteria: &Criteria) -> Result<Met> {
        let (mut found, guard) = self.sought(kind, criteria, 2 + sight.deleted.len()).await?;
        sight.guards.push(guard);
        found.retain(|row| !sight.deleted.contains(&row.rid));
        let clauses = self.query(kind, criteria, 2)?.clauses;
        let mut promised = sight
            .created
            .iter()
            .filter(|one| one.kind == kind && search::matches(&clauses, &one.id, &one.entries, &*sight));
        match (promised.next(), criteria.only(found)?) {
            (None, None) => Ok(Met::None),
            (None, Some(row)) => Ok(Met::Row(row)),
            (Some(one), None) if promised.next().is_none() => {
                Ok(Met::Promised { id: one.id.clone(), place: one.place })
            }
            _ => Err(criteria.many()),
        }
    }

    /// What a conditional reference leads to, as `Type/id`
    /// (<https://hl7.org/fhir/R4/http.html#trules>): exactly one resource.
    pub(super) async fn leads_to(&self, sight: &mut Sight, text: &str) -> Result<String> {
        let (kind, _) = text.split_once('?').unwrap_or((text, ""));
        self.may(Interaction::Search, kind)?;
        let criteria = Criteria::parse(text, "Reference.reference")?;
        let none = || -> Error {
            precondition(format!("nothing is found by the reference '{text}'")).coded("not-found")
        };
        match self.meets(sight, kind, &criteria).await? {
            Met::None => Err(none()),
            Met::Row(row) => Ok(format!("{kind}/{}", row.id)),
            Met::Promised { id, .. } => Ok(format!("{kind}/{id}")),
        }
    }
}
