//! Whether a policy allows something to one resource, as it is or as it would be: its criteria, put to what it can be
//! found by. Where they ask of other resources, the store is asked.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::Value;

use super::Interaction;
use super::fence::param_of;
use super::rights::{Grant, Rights};
use crate::definitions::ResourceType;
use crate::error::{Result, fault};
use crate::repo::Repo;
use crate::repo::locate::absent;
use crate::resource;
use crate::search::{self, Alone, Clause, Entry, EntryValue, Key, Other, Test, qualifier};
use crate::store::{Row, Segment, Version};

/// A resource, stored or not.
pub(super) struct Sample<'s> {
    pub kind: &'s ResourceType,
    pub project: i32,
    pub id: &'s str,
    pub body: &'s Value,
    entries: OnceCell<Vec<Entry>>,
}

impl<'s> Sample<'s> {
    pub fn new(kind: &'s ResourceType, project: i32, id: &'s str, body: &'s Value) -> Self {
        Self { kind, project, id, body, entries: OnceCell::new() }
    }

    fn entries(&self, repo: &Repo) -> Result<&[Entry]> {
        if let Some(entries) = self.entries.get() {
            return Ok(entries);
        }
        let entries = repo.entries(self.kind, self.body)?;
        Ok(self.entries.get_or_init(|| entries))
    }
}

impl Repo {
    /// The row of a resource to which the actor may do this, or which he can see at least, deleted or not. What he
    /// cannot see is not there.
    pub(in crate::repo) async fn reach(
        &self,
        interaction: Interaction,
        kind: &str,
        id: &str,
    ) -> Result<Option<Arc<Row>>> {
        let mut found = self.locate(kind, id).await?;
        if found.as_ref().is_none_or(|row| row.deleted)
            && matches!(interaction, Interaction::Read | Interaction::Update)
        {
            found = self.own_elsewhere(kind, id).await?.or(found);
        }
        match found {
            Some(row) if self.sees(interaction, &row).await? => Ok(Some(row)),
            Some(_) => Err(absent(kind, id)),
            None => Ok(None),
        }
    }

    /// Whether he may do this to a resource, or a write is meant and he can see it. Of what was deleted, the last
    /// version tells.
    pub(in crate::repo) async fn sees(&self, interaction: Interaction, row: &Arc<Row>) -> Result<bool> {
        if self.is_free() {
            return Ok(true);
        }
        let name = self.engine.store.kind_name(row.kind).ok_or_else(|| fault("a type without a name"))?;
        let Some(rights) = self.rights(name)? else { return Ok(true) };
        let (row, kind) = (Arc::clone(row), name.to_owned());
        self.apart(&rights.clone(), row.deleted, move |repo| repo.is_seen(&rights, interaction, &kind, &row))
            .await
    }

    /// The same, on the calling thread.
    pub(in crate::repo) fn is_seen_at_once(&self, interaction: Interaction, row: &Row) -> Result<bool> {
        if self.is_free() {
            return Ok(true);
        }
        let name = self.engine.store.kind_name(row.kind).ok_or_else(|| fault("a type without a name"))?;
        let Some(rights) = self.rights(name)? else { return Ok(true) };
        self.is_seen(&rights, interaction, name, row)
    }

    fn is_seen(&self, rights: &Rights, interaction: Interaction, kind: &str, row: &Row) -> Result<bool> {
        let does =
            |grant: &Grant| grant.interactions.has(interaction) || (interaction.writes() && grant.reads());
        if rights.layers.iter().all(|layer| layer.iter().any(|grant| does(grant) && grant.clauses.is_empty()))
        {
            return Ok(true);
        }
        let body = match row.deleted {
            false => Arc::clone(&row.body),
            true => match self.engine.store.version(row, row.version - 1)? {
                Some(last) if !last.deleted => last.body,
                _ => return Ok(false),
            },
        };
        let body: Value = resource::parse(body.as_bytes())?;
        let kind = self.resource_type(kind)?;
        let sample = Sample::new(kind, row.project, &row.id, &body);
        self.every_layer(rights, |grant| Ok(does(grant) && self.satisfies(&grant.clauses, &sample)?))
    }

    /// Whether a version of a resource may be seen by itself. One that only says that there is none any more is seen
    /// by whoever sees the resource.
    pub(in crate::repo) fn shows_version(
        &self,
        interaction: Interaction,
        row: &Row,
        version: &Version,
    ) -> Result<bool> {
        if version.deleted || self.is_free() {
            return Ok(true);
        }
        let past = Row { deleted: false, body: Arc::clone(&version.body), ..row.clone() };
        self.is_seen_at_once(interaction, &past)
    }

    /// Whether each layer has a grant that passes.
    pub(super) fn every_layer(
        &self,
        rights: &Rights,
        passes: impl Fn(&Grant) -> Result<bool>,
    ) -> Result<bool> {
        for layer in &rights.layers {
            let mut any = false;
            for grant in layer {
                if passes(grant)? {
                    any = true;
                    break;
                }
            }
            if !any {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Does work that may ask the store, away from this thread where that takes long.
    pub(super) async fn apart<T: Send + 'static>(
        &self,
        rights: &Rights,
        asks: bool,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if self.engine.store.reads_inline() || !(asks || rights.ask_others()) {
            return work(self);
        }
        let repo = self.clone();
        self.engine.store.offload(move |_| work(&repo)).await
    }

    pub(super) fn satisfies(&self, clauses: &[Clause], one: &Sample) -> Result<bool> {
        for clause in clauses {
            if !self.holds(clause, one)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn holds(&self, clause: &Clause, one: &Sample) -> Result<bool> {
        if let Clause::Id { .. } = clause {
            return Ok(clause.holds(one.id, &[], &Alone));
        }
        if clause.others().is_empty() {
            return Ok(clause.holds(one.id, one.entries(self)?, &Alone));
        }
        match clause {
            Clause::Leads { key, to } => {
                for other in to {
                    let ids = referred(one.entries(self)?, *key, qualifier(&other.kind));
                    let named = Clause::Id { any: ids, negated: false };
                    if self.is_there(one.project, other, named)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Clause::Referred { by, key, qualifier } => {
                let param = param_of(self.resource_type(&by.kind)?, *key);
                let param = param.ok_or_else(|| fault("a reference without a parameter"))?;
                let refers = Clause::Index {
                    param: Arc::clone(param),
                    key: *key,
                    any: vec![Test::term(one.id, *qualifier)],
                    negated: false,
                };
                self.is_there(one.project, by, refers)
            }
            Clause::All(clauses) => self.satisfies(clauses, one),
            Clause::Any(clauses) => {
                for clause in clauses {
                    if self.holds(clause, one)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Clause::Not(clause) => Ok(!self.holds(clause, one)?),
            own => Ok(own.holds(one.id, one.entries(self)?, &Alone)),
        }
    }

    /// Whether another resource of the project meets these conditions, and one more.
    fn is_there(&self, project: i32, other: &Other, also: Clause) -> Result<bool> {
        if matches!(&also, Clause::Id { any, .. } if any.is_empty()) {
            return Ok(false);
        }
        let mut query = search::parse(&self.definitions, &other.kind, &[], &self.options(false, None))?;
        query.clauses = other.clauses.clone();
        query.clauses.push(also);
        query.count = 1;
        let number = self.engine.kind(&other.kind)?;
        let page = self.engine.store.search(number, &[Segment { project, only: None }], &query)?;
        Ok(!page.hits.is_empty())
    }
}

/// The ids that stand under a reference, as ids of a type.
fn referred(entries: &[Entry], key: Key, kind: i64) -> Vec<String> {
    let terms = entries.iter().filter(|entry| entry.key == key).filter_map(|entry| match &entry.value {
        EntryValue::Term { value, qualifier } if *qualifier == kind => Some(value.clone()),
        _ => None,
    });
    terms.collect()
}
