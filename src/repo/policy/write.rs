//! Whether a policy allows a write: its criteria are put to what was there and to what will be, its constraints to both.
//! What is hidden or fixed stays what it was, whatever is sent.

use std::sync::Arc;

use serde_json::Value;

use super::Interaction;
use super::judge::Sample;
use super::rights::{Grant, Rights};
use crate::definitions::ResourceType;
use crate::error::{Error, Result, forbidden};
use crate::fhirpath::{Context, Item};
use crate::repo::Repo;
use crate::resource;
use crate::store::{Change, Row};

/// What a constraint may cost.
const STEPS: u64 = 100_000;

/// What a write makes of what.
struct Step<'s> {
    interaction: Interaction,
    before: Option<&'s Value>,
    after: Option<&'s Value>,
}

impl Repo {
    /// Whether the actor may change a resource that he can see; puts back into the new body what he may not touch.
    pub(in crate::repo) async fn may_change(
        &self,
        kind: &ResourceType,
        old: &Row,
        before: Option<&Value>,
        body: &mut Value,
    ) -> Result<()> {
        if let Some(before) = before {
            self.hold_to_own(kind, old, before, body)?;
        }
        let Some(rights) = self.rights(&kind.name)? else { return Ok(()) };
        let own = Arc::clone(&rights);
        let Some(before) = before.cloned() else {
            self.may(Interaction::Create, &kind.name)?;
            return self.may_begin(kind, (old.project, &old.id), body).await;
        };
        let (name, project, id) = (kind.name.clone(), old.project, old.id.clone());
        let mut taken = std::mem::take(body);
        let work = move |repo: &Self| {
            let kind = repo.resource_type(&name)?;
            let one = Sample::new(kind, project, &id, &before);
            let does = |grant: &Grant| grant.interactions.has(Interaction::Update);
            if !repo.every_layer(&rights, |grant| Ok(does(grant) && repo.satisfies(&grant.clauses, &one)?))? {
                return Err(refused("change", &name, &id));
            }
            repo.keep(&rights, &one, does, Some(&before), &mut taken)?;
            Ok(taken)
        };
        *body = self.apart(&own, false, work).await?;
        Ok(())
    }

    /// Takes out of the body of a new resource what the actor may not write.
    pub(in crate::repo) async fn may_begin(
        &self,
        kind: &ResourceType,
        (project, id): (i32, &str),
        body: &mut Value,
    ) -> Result<()> {
        let Some(rights) = self.rights(&kind.name)? else { return Ok(()) };
        let own = Arc::clone(&rights);
        let (name, id) = (kind.name.clone(), id.to_owned());
        let mut taken = std::mem::take(body);
        let work = move |repo: &Self| {
            let sent = taken.clone();
            let one = Sample::new(repo.resource_type(&name)?, project, &id, &sent);
            let does = |grant: &Grant| grant.interactions.has(Interaction::Create);
            // What cannot be read as a resource is refused for that, later.
            if repo.entries(one.kind, &sent).is_ok() {
                repo.keep(&rights, &one, does, None, &mut taken)?;
            }
            Ok(taken)
        };
        *body = self.apart(&own, false, work).await?;
        Ok(())
    }

    /// Puts back what is hidden, and what is fixed by all grants that let the actor write it in some layer.
    fn keep(
        &self,
        rights: &Rights,
        one: &Sample,
        does: impl Fn(&Grant) -> bool,
        before: Option<&Value>,
        body: &mut Value,
    ) -> Result<()> {
        self.veil(rights, one)?.hidden().iter().for_each(|field| field.restore(before, body));
        for layer in &rights.layers {
            let mut writing: Vec<&Grant> = Vec::new();
            for grant in layer.iter().filter(|grant| does(grant)) {
                if self.satisfies(&grant.clauses, one)? {
                    writing.push(grant);
                }
            }
            let Some((first, rest)) = writing.split_first() else { continue };
            let stays = |field: &&super::field::Field| {
                rest.iter().all(|grant| grant.fixed.contains(field) || grant.hidden.contains(field))
            };
            first
                .fixed
                .iter()
                .chain(&first.hidden)
                .filter(stays)
                .for_each(|field| field.restore(before, body));
        }
        Ok(())
    }

    /// Whether what a write makes is allowed.
    pub(in crate::repo) async fn may_become(
        &self,
        kind: &ResourceType,
        interaction: Interaction,
        before: Option<&Value>,
        change: &Change,
    ) -> Result<()> {
        if self.rights(&kind.name)?.is_none() {
            return Ok(());
        }
        let after: Value = resource::parse(change.body.as_bytes())?;
        self.may_be(kind, interaction, (change.project, &change.id), before, after).await
    }

    /// The same, of a body that is not made up yet.
    pub(in crate::repo) async fn may_be(
        &self,
        kind: &ResourceType,
        interaction: Interaction,
        (project, id): (i32, &str),
        before: Option<&Value>,
        after: Value,
    ) -> Result<()> {
        let Some(rights) = self.rights(&kind.name)? else { return Ok(()) };
        let own = Arc::clone(&rights);
        let (name, id, before) = (kind.name.clone(), id.to_owned(), before.cloned());
        let work = move |repo: &Self| {
            let one = Sample::new(repo.resource_type(&name)?, project, &id, &after);
            let step = Step { interaction, before: before.as_ref(), after: Some(&after) };
            let passes = |grant: &Grant| {
                let home = grant.home.as_ref().filter(|_| interaction == Interaction::Create);
                Ok(grant.interactions.has(interaction)
                    && repo.satisfies(&grant.clauses, &one)?
                    && repo.satisfies(home.map_or(&[], std::slice::from_ref), &one)?
                    && repo.is_kept(grant, &step))
            };
            match repo.every_layer(&rights, passes)? {
                true => Ok(()),
                false => {
                    let text = format!("your access policy does not allow you such a {name}");
                    Err(forbidden(text))
                }
            }
        };
        self.apart(&own, false, work).await
    }

    /// Whether a resource that he can see may be deleted by the actor.
    pub(in crate::repo) async fn may_remove(&self, kind: &ResourceType, old: &Row) -> Result<()> {
        let Some(rights) = self.rights(&kind.name)? else { return Ok(()) };
        let own = Arc::clone(&rights);
        let (name, old) = (kind.name.clone(), old.clone());
        let work = move |repo: &Self| {
            let before: Value = resource::parse(old.body.as_bytes())?;
            let one = Sample::new(repo.resource_type(&name)?, old.project, &old.id, &before);
            let step = Step { interaction: Interaction::Delete, before: Some(&before), after: None };
            let passes = |grant: &Grant| {
                Ok(grant.interactions.has(Interaction::Delete)
                    && repo.satisfies(&grant.clauses, &one)?
                    && repo.is_kept(grant, &step))
            };
            match repo.every_layer(&rights, passes)? {
                true => Ok(()),
                false => Err(refused("delete", &name, &old.id)),
            }
        };
        self.apart(&own, false, work).await
    }

    /// Whether all constraints of a grant are true of a write. A delete, which makes nothing, is kept from by those
    /// only that are false.
    fn is_kept(&self, grant: &Grant, step: &Step) -> bool {
        let types = &self.definitions.types;
        let Some(about) = step.after.or(step.before) else { return false };
        grant.constraints.iter().all(|constraint| {
            let mut context = Context::new(types).resource(about).steps(STEPS);
            for (name, value) in grant.variables.iter() {
                context = context.variable(name, vec![Item::String(value.into())]);
            }
            for (name, value) in [("before", step.before), ("after", step.after)] {
                context = context
                    .variable(name, value.map(|value| Item::resource(types, value)).into_iter().collect());
            }
            match constraint.evaluate_bool(&context, Item::resource(types, about)) {
                Ok(Some(truth)) => truth,
                Ok(None) => step.interaction == Interaction::Delete,
                Err(_) => false,
            }
        })
    }
}

fn refused(verb: &str, kind: &str, id: &str) -> Error {
    forbidden(format!("your access policy does not allow you to {verb} {kind}/{id}"))
}
