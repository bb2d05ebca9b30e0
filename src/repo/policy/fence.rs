//! A question, bounded by what the actor may find: the criteria of his policy become conditions of it, here and at each
//! link of its chains. What asks for something hidden finds only where it is shown, or is refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Interaction;
use super::field::Field;
use super::rights::Grant;
use crate::definitions::{Param, ResourceType};
use crate::error::{Error, Result, forbidden, malformed};
use crate::repo::Repo;
use crate::search::shape::word;
use crate::search::{Clause, Include, Key, Other, Query, SortKey};

/// Conditions of one question with those of the policy: each costs the store a variable at least.
const HEAVIEST: usize = 12_000;

/// Parameters that something asks by, as slots.
type Asked = BTreeSet<usize>;

impl Repo {
    /// Adds to a question what the actor's policy says.
    pub(in crate::repo) fn fence(&self, query: &mut Query) -> Result<()> {
        if self.actor.policy.is_none() {
            let others = query.clauses.iter().flat_map(Clause::others);
            return others.into_iter().try_for_each(|kind| self.may(Interaction::Search, kind).map(drop));
        }
        let sorted = query.sort.iter().filter_map(|sort| match &sort.by {
            SortKey::Id => None,
            SortKey::Param(param) => Some(param.slot),
        });
        let asked: Asked = sorted.collect();
        self.enclose(&query.resource, &mut query.clauses, asked)?;
        self.shorten(&mut query.includes)?;
        if query.clauses.iter().map(Clause::weight).sum::<usize>() > HEAVIEST {
            return Err(malformed("this search and your access policy have too many conditions together")
                .coded("too-costly"));
        }
        Ok(())
    }

    /// Fails where the conditions ask for what is hidden in a type. Nothing is added to them.
    pub(in crate::repo) fn asks_nothing_hidden(&self, kind: &str, clauses: &[Clause]) -> Result<()> {
        if self.actor.policy.is_none() {
            return Ok(());
        }
        self.enclose(kind, &mut clauses.to_vec(), Asked::new())
    }

    /// Adds to conditions on a type what the actor's policy says of it.
    fn enclose(&self, kind: &str, clauses: &mut Vec<Clause>, mut asked: Asked) -> Result<()> {
        let resource = self.may(Interaction::Search, kind)?;
        for clause in &mut *clauses {
            self.visit(clause, &mut asked)?;
        }
        let Some(rights) = self.rights(kind)? else { return Ok(()) };
        for layer in &rights.layers {
            let grants = layer.iter().filter(|grant| grant.interactions.has(Interaction::Search));
            let usable: Vec<&Grant> =
                grants.filter(|grant| !reads(resource, &asked, &grant.hidden)).collect();
            if usable.is_empty() {
                return Err(hidden(kind));
            }
            if usable.iter().any(|grant| grant.clauses.is_empty()) {
                continue;
            }
            match usable.as_slice() {
                [grant] => clauses.extend(grant.clauses.iter().cloned()),
                several => {
                    clauses.push(Clause::Any(several.iter().map(|grant| all(&grant.clauses)).collect()))
                }
            }
        }
        Ok(())
    }

    /// Notes what a condition asks by, and bounds what it asks of others.
    fn visit(&self, clause: &mut Clause, asked: &mut Asked) -> Result<()> {
        match clause {
            Clause::Id { .. } => {}
            Clause::Index { key, .. }
            | Clause::Missing { key, .. }
            | Clause::Composite { key, .. }
            | Clause::Words { key, .. } => drop(asked.insert(key.slot)),
            Clause::Leads { key, to } => {
                asked.insert(key.slot);
                let mut refusal = None;
                let mut open = Vec::with_capacity(to.len());
                for mut other in std::mem::take(to) {
                    match self.enclose(&other.kind, &mut other.clauses, Asked::new()) {
                        Ok(()) => open.push(other),
                        Err(error) => refusal = Some(error),
                    }
                }
                *to = open;
                // A reference to what one may not see leads nowhere.
                if let Some(refusal) = refusal.filter(|_| to.is_empty()) {
                    return Err(refusal);
                }
            }
            Clause::Referred { by: Other { kind, clauses, .. }, key, .. } => {
                self.enclose(kind, clauses, Asked::from([key.slot]))?;
            }
            Clause::All(clauses) | Clause::Any(clauses) => {
                clauses.iter_mut().try_for_each(|clause| self.visit(clause, asked))?;
            }
            Clause::Not(clause) => self.visit(clause, asked)?,
        }
        Ok(())
    }

    /// Takes out of what is to go along whatever is found by a hidden reference.
    fn shorten(&self, includes: &mut [Include]) -> Result<()> {
        for include in includes {
            let before = include.params.len();
            let mut shown = Vec::with_capacity(before);
            for param in std::mem::take(&mut include.params) {
                if self.shows(&param)? {
                    shown.push(param);
                }
            }
            include.params = shown;
            if include.params.is_empty() && before == 1 {
                return Err(forbidden("the reference is hidden from you").at("_include"));
            }
        }
        Ok(())
    }

    /// Whether the actor sees what a parameter is about, wherever he sees its type.
    fn shows(&self, param: &Param) -> Result<bool> {
        let Some(rights) = self.rights(&param.resource)? else { return Ok(true) };
        let hides = |grant: &&Grant| grant.reads() && grant.hidden.iter().any(|field| touches(param, field));
        Ok(!rights.layers.iter().flatten().any(|grant| hides(&grant)))
    }
}

fn all(clauses: &[Clause]) -> Clause {
    match clauses {
        [one] => one.clone(),
        several => Clause::All(several.to_vec()),
    }
}

fn hidden(kind: &str) -> Error {
    forbidden(format!("this asks {kind} for something that is hidden from you"))
}

/// Whether any of the parameters is about any of the fields.
fn reads(resource: &ResourceType, asked: &Asked, hidden: &[Field]) -> bool {
    if hidden.is_empty() || asked.is_empty() {
        return false;
    }
    let params: Vec<&Arc<Param>> = resource.indexed().filter(|param| asked.contains(&param.slot)).collect();
    // A parameter that nobody knows may be about anything.
    let known = params.len() == asked.len();
    !known || params.iter().any(|param| hidden.iter().any(|field| touches(param, field)))
}

fn touches(param: &Param, field: &Field) -> bool {
    if word::is_words(&param.code) {
        return param.code != "_text" || field.element() == "text";
    }
    field.is_read_by(&param.text) || param.components.iter().any(|part| field.is_read_by(&part.text))
}

/// The parameter under a key of a type.
pub(super) fn param_of(resource: &ResourceType, key: Key) -> Option<&Arc<Param>> {
    resource.indexed().find(|param| param.slot == key.slot)
}
