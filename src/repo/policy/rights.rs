//! The rules of a policy as they hold for one type: criteria as clauses, elements as fields, constraints as
//! expressions. Made once for an actor and kept, as long as the definitions stay what they are.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::field::Field;
use super::may::is_administration;
use super::sight::Sight;
use super::{Interaction, Interactions, Layer, Policy, Rule, Source, Variables};
use crate::definitions::{Definitions, ParamKind, ResourceType};
use crate::error::{Result, invalid};
use crate::fhirpath::Expression;
use crate::repo::{Criteria, Rank, Repo};
use crate::search::{self, Clause, Key, Test, qualifier};

/// Of one type: each layer has to allow.
#[derive(Debug)]
pub struct Rights {
    pub layers: Vec<Vec<Grant>>,
}

/// What is allowed to some resources of a type.
#[derive(Debug)]
pub struct Grant {
    pub interactions: Interactions,
    /// All must hold.
    pub clauses: Vec<Clause>,
    /// What must hold of a new one besides.
    pub home: Option<Clause>,
    pub hidden: Vec<Field>,
    pub fixed: Vec<Field>,
    pub constraints: Vec<Expression>,
    pub variables: Arc<Variables>,
    /// How much is shown before anything is hidden.
    pub sight: Sight,
    /// Everybody has it.
    least: bool,
}

impl Grant {
    fn new(interactions: Interactions) -> Self {
        Self {
            interactions,
            clauses: Vec::new(),
            home: None,
            hidden: Vec::new(),
            fixed: Vec::new(),
            constraints: Vec::new(),
            variables: Arc::default(),
            sight: Sight::Whole,
            least: false,
        }
    }

    pub fn reads(&self) -> bool {
        !self.interactions.and(Interactions::READING).is_empty()
    }

    fn shows_all(&self) -> bool {
        self.clauses.is_empty() && self.hidden.is_empty() && self.sight == Sight::Whole
    }

    fn is_whole(&self) -> bool {
        self.interactions == Interactions::ALL
            && self.shows_all()
            && self.home.is_none()
            && self.fixed.is_empty()
            && self.constraints.is_empty()
    }
}

impl Rights {
    pub fn allow(&self, interaction: Interaction) -> bool {
        self.layers.iter().all(|layer| layer.iter().any(|grant| grant.interactions.has(interaction)))
    }

    /// Whether this is allowed by nothing but what everybody has.
    pub fn allow_by_least(&self, interaction: Interaction) -> bool {
        self.layers.iter().any(|layer| {
            let mut allowing = layer.iter().filter(|grant| grant.interactions.has(interaction)).peekable();
            allowing.peek().is_some() && allowing.all(|grant| grant.least)
        })
    }

    /// Whether nothing can be read but what everybody may read.
    pub fn is_least(&self) -> bool {
        self.layers.iter().any(|layer| {
            let mut reading = layer.iter().filter(|grant| grant.reads()).peekable();
            reading.peek().is_some() && reading.all(|grant| grant.least)
        })
    }

    pub fn are_whole(&self) -> bool {
        self.layers.iter().all(|layer| layer.iter().any(Grant::is_whole))
    }

    pub fn show_all(&self) -> bool {
        let sees = |grant: &Grant| {
            grant.shows_all()
                && grant.interactions.has(Interaction::Read)
                && grant.interactions.has(Interaction::Search)
        };
        self.layers.iter().all(|layer| layer.iter().any(sees))
    }

    /// Whether other resources have a say in it.
    pub fn ask_others(&self) -> bool {
        let grants = self.layers.iter().flatten();
        grants
            .flat_map(|grant| grant.clauses.iter().chain(&grant.home))
            .any(|clause| !clause.others().is_empty())
    }
}

/// What was compiled, and by what definitions.
#[derive(Default)]
pub(super) struct Shelf(RwLock<Kept>);

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shelf")
    }
}

type Kept = (Option<Arc<Definitions>>, HashMap<String, Option<Arc<Rights>>>);

impl Policy {
    /// Nothing where nothing bounds the actor in this type.
    pub(super) fn rights(&self, repo: &Repo, kind: &str) -> Result<Option<Arc<Rights>>> {
        let is_current = |kept: &Kept| kept.0.as_ref().is_some_and(|own| Arc::ptr_eq(own, &repo.definitions));
        {
            let kept = self.compiled.0.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(found) = kept.1.get(kind).filter(|_| is_current(&kept)) {
                return Ok(found.clone());
            }
        }
        let made = repo.compiled(self, kind)?.map(Arc::new);
        let mut kept = self.compiled.0.write().unwrap_or_else(PoisonError::into_inner);
        if !is_current(&kept) {
            *kept = (Some(Arc::clone(&repo.definitions)), HashMap::new());
        }
        kept.1.insert(kind.to_owned(), made.clone());
        Ok(made)
    }
}

impl Repo {
    /// What a member has whom nobody gave anything.
    pub(super) fn least(&self, kind: &str) -> Rights {
        Rights { layers: vec![self.own(kind, true).into_iter().collect()] }
    }

    /// Himself, and the name of his project. Of himself he changes a little (`own`), unless a policy says what he does
    /// to users.
    fn own(&self, kind: &str, changes: bool) -> Option<Grant> {
        let (id, sight) = match (kind, self.actor.reference.split_once('/')) {
            ("Project", _) => (self.actor.project_id.as_str(), Sight::Name),
            (_, Some((own, id))) if own == kind => (id, Sight::Whole),
            _ => return None,
        };
        let clauses = vec![Clause::Id { any: vec![id.to_owned()], negated: false }];
        let mut does = Interactions::NONE.with(Interaction::Read);
        if kind == "User" && changes {
            does = does.with(Interaction::Update);
        }
        Some(Grant { clauses, sight, least: true, ..Grant::new(does) })
    }

    fn compiled(&self, policy: &Policy, kind: &str) -> Result<Option<Rights>> {
        let resource = self.resource_type(kind)?;
        let mut layers = Vec::new();
        for layer in policy.layers.iter().filter(|layer| self.bounds(layer, kind)) {
            let (mut grants, mut is_named) = (Vec::new(), false);
            for rule in layer.rules.iter().filter(|rule| is_about(rule, layer.source, kind)) {
                is_named = true;
                match self.grant(resource, rule) {
                    Ok(grant) => grants.push(grant),
                    // What it meant to allow cannot be told any more, so it allows nothing.
                    Err(error) => {
                        tracing::warn!(%error, kind, actor = self.actor.reference, "a rule is void")
                    }
                }
            }
            if layer.source == Source::Grants && self.actor.rank == Rank::Member {
                grants.extend(self.own(kind, !is_named));
            }
            layers.push(grants);
        }
        if self.actor.rank == Rank::Member && !policy.gives() {
            layers.push(self.own(kind, true).into_iter().collect());
        }
        let rights = Rights { layers };
        Ok(Some(rights).filter(|rights| !rights.are_whole()))
    }

    /// Whether a layer has a say in what this actor does to a type.
    fn bounds(&self, layer: &Layer, kind: &str) -> bool {
        match (self.actor.rank, layer.source) {
            (Rank::System, _) | (Rank::SuperAdmin, Source::Grants) => false,
            (Rank::ProjectAdmin, Source::Grants) => !is_administration(kind),
            (Rank::Member, Source::Grants) | (_, Source::Scopes) => true,
        }
    }

    fn grant(&self, resource: &ResourceType, rule: &Rule) -> Result<Grant> {
        let mut clauses = Vec::new();
        if let Some(compartment) = &rule.compartment {
            let missing = || invalid(format!("{} has no place in this compartment", resource.name));
            clauses.push(self.in_compartment(resource, compartment)?.ok_or_else(missing)?);
        }
        if let Some(criteria) = rule.criteria.as_deref().filter(|criteria| !criteria.is_empty()) {
            clauses.extend(self.criteria(&resource.name, criteria)?);
        }
        let home = match &rule.home {
            Some(home) => self.in_compartment(resource, home)?,
            None => None,
        };
        let fields =
            |paths: &[String]| paths.iter().filter_map(|path| Field::parse(resource, path)).collect();
        let compile =
            |text: &String| Expression::compile(text).map_err(|cause| invalid("no FHIRPath").because(cause));
        Ok(Grant {
            clauses,
            home,
            hidden: fields(&rule.hidden),
            fixed: fields(&rule.fixed),
            constraints: rule.constraints.iter().map(compile).collect::<Result<_>>()?,
            variables: Arc::clone(&rule.variables),
            ..Grant::new(rule.interactions)
        })
    }

    /// The criteria of a rule, as clauses.
    pub(super) fn criteria(&self, kind: &str, query: &str) -> Result<Vec<Clause>> {
        Ok(self.query(kind, &Criteria::parse(query, "AccessPolicy.resource.criteria")?, 1)?.clauses)
    }

    /// Membership of a compartment; nothing where the type has no place in it. What is no compartment of the standard
    /// holds whatever refers to it.
    fn in_compartment(
        &self,
        resource: &ResourceType,
        compartment: &(String, String),
    ) -> Result<Option<Clause>> {
        let (about, id) = (compartment.0.as_str(), compartment.1.as_str());
        let me = || Clause::Id { any: vec![id.to_owned()], negated: false };
        if let Some(members) = self.definitions.compartments.get(about) {
            if resource.name != about && !members.contains_key(&resource.name) {
                return Ok(None);
            }
            let options = self.options(false, Some((about, id)));
            let mut query = search::parse(&self.definitions, &resource.name, &[], &options)?;
            return Ok(query.clauses.pop());
        }
        let leads = |targets: &[String]| targets.is_empty() || targets.iter().any(|target| target == about);
        let params = resource.params.values();
        let params = params.filter(|param| param.kind == ParamKind::Reference && leads(&param.targets));
        let mut any: Vec<Clause> = params
            .map(|param| Clause::Index {
                param: Arc::clone(param),
                key: Key::of(param),
                any: vec![Test::term(id, qualifier(about))],
                negated: false,
            })
            .collect();
        if resource.name == about {
            any.push(me());
        }
        Ok((!any.is_empty()).then_some(Clause::Any(any)))
    }
}

/// Whether a rule is about a type.
fn is_about(rule: &Rule, source: Source, kind: &str) -> bool {
    match rule.kind.as_str() {
        "*" => source == Source::Scopes || !is_administration(kind),
        named => named == kind,
    }
}
