//! What a search sends along with its matches: `_include` and `_revinclude`
//! (<https://hl7.org/fhir/R4/search.html#revinclude>).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::Repo;
use super::policy::{Interaction, Sight};
use crate::error::{Result, malformed};
use crate::search::{Include, Key, qualifier};
use crate::store::Row;

/// More than these are not sent along with one page.
const MOST: usize = 10_000;

/// What goes along with the matches, and what is looked at next.
struct Along<'r> {
    repo: &'r Repo,
    /// Types by their qualifier.
    types: HashMap<i64, &'r str>,
    seen: HashSet<i64>,
    found: Vec<Arc<Row>>,
}

impl Repo {
    /// The resources that go along with these matches, none of which is among them.
    pub(super) fn along(&self, includes: &[Include], matches: &[Arc<Row>]) -> Result<Vec<Arc<Row>>> {
        let readable = |kind: &&str| self.may(Interaction::Read, kind).is_ok();
        let names = self.definitions.resources.keys().map(String::as_str).filter(readable);
        let mut along = Along {
            repo: self,
            types: names.map(|name| (qualifier(name), name)).collect(),
            seen: matches.iter().map(|row| row.rid).collect(),
            found: Vec::new(),
        };
        let mut from: Vec<Arc<Row>> = matches.to_vec();
        let mut first = true;
        while !from.is_empty() {
            let reached = along.found.len();
            for include in includes.iter().filter(|include| first || include.iterate) {
                along.step(include, &from)?;
            }
            from = along.found[reached..].to_vec();
            first = false;
        }
        Ok(along.found)
    }
}

impl Along<'_> {
    /// One include, from these resources on.
    fn step(&mut self, include: &Include, from: &[Arc<Row>]) -> Result<()> {
        let mut groups: BTreeMap<(i32, i32), Vec<&Row>> = BTreeMap::new();
        for row in from.iter().filter(|row| self.is_within(row)) {
            groups.entry((row.project, row.kind)).or_default().push(row);
        }
        for ((project, kind), rows) in groups {
            let Some(name) = self.repo.engine.store.kind_name(kind) else { continue };
            if include.reverse {
                if include.target.as_deref().is_none_or(|target| target == name) {
                    self.referring(include, project, name, &rows)?;
                }
            } else {
                self.referenced(include, project, name, &rows)?;
            }
        }
        Ok(())
    }

    /// What is behind a guest is not the project's to see.
    fn is_within(&self, row: &Row) -> bool {
        self.repo.actor.is_boundless() || row.project == self.repo.actor.project
    }

    fn referring(&mut self, include: &Include, project: i32, name: &str, rows: &[&Row]) -> Result<()> {
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let store = &self.repo.engine.store;
        let keys: Vec<Key> = include.params.iter().map(|param| Key::of(param)).collect();
        let found = store.referring(project, &ids, qualifier(name), &keys, MOST + 1)?;
        for row in found {
            if store.kind_name(row.kind).is_some_and(|name| self.types.contains_key(&qualifier(name))) {
                self.add(Arc::new(row))?;
            }
        }
        Ok(())
    }

    fn referenced(&mut self, include: &Include, project: i32, name: &str, rows: &[&Row]) -> Result<()> {
        let own = include.params.iter().filter(|param| param.resource == name);
        let keys: Vec<Key> = own.map(|param| Key::of(param)).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let rids: Vec<i64> = rows.iter().map(|row| row.rid).collect();
        let store = &self.repo.engine.store;
        let mut targets: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (id, qualifier) in store.referenced(project, &rids, &keys)? {
            let Some(name) = self.types.get(&qualifier) else { continue };
            if include.target.as_deref().is_none_or(|target| target == *name) {
                targets.entry(name).or_default().push(id);
            }
        }
        for (name, ids) in targets {
            let Some(kind) = store.kind(name) else { continue };
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let found = store.living(project, kind, &ids)?;
            let strangers = ids.iter().filter(|id| !found.iter().any(|row| row.id == **id));
            let guests = if name == "User" { self.guests(strangers.copied())? } else { Vec::new() };
            for row in found.into_iter().map(Arc::new).chain(guests) {
                self.add(row)?;
            }
        }
        Ok(())
    }

    /// Users of the server pool who are members of the actor's project, as he sees them.
    fn guests<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Result<Vec<Arc<Row>>> {
        if self.repo.actor.is_boundless() {
            return Ok(Vec::new());
        }
        let mut guests = Vec::new();
        for id in ids {
            if let Some(row) = self.repo.guest_at_once(id)? {
                guests.push(Sight::Guest.of(row)?);
            }
        }
        Ok(guests)
    }

    fn add(&mut self, row: Arc<Row>) -> Result<()> {
        if !self.seen.insert(row.rid) || !self.repo.is_seen_at_once(Interaction::Read, &row)? {
            return Ok(());
        }
        if self.found.len() >= MOST {
            let text =
                format!("more than {MOST} resources would go along with this page; ask for a smaller one");
            return Err(malformed(text).coded("too-costly").at("_include"));
        }
        self.found.push(self.repo.seen(row)?);
        Ok(())
    }
}
