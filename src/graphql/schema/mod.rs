//! The schema: a view of the definitions, nothing of its own (<https://hl7.org/fhir/R4/graphql.html#fields>).
//!
//! Types go by the names that FHIR gives them; a backbone element goes by its path, `PatientContact`.

mod argument;
mod field;
mod meta;
mod name;

use std::sync::Arc;

use crate::definitions::{Definitions, Element, NodeId, Structure};

pub(super) use argument::{Argument, Input, SPECIAL};
pub(super) use field::{Field, Source, Target};
pub(super) use meta::MetaType;
pub(super) use name::scalar;

/// Names of resource types, sorted.
pub(super) type Kinds = Arc<[Arc<str>]>;

pub(super) struct Schema<'d> {
    pub definitions: &'d Definitions,
    /// What a query starts from.
    pub root: Scope,
    /// Every type of resource there is.
    pub kinds: Kinds,
}

/// What fields are asked of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scope {
    /// The whole server.
    System,
    /// A resource of one of these types.
    Resource(Kinds),
    /// A datatype or a backbone element.
    Place(Place),
    /// A page of a search for resources of a type, and one of its matches.
    Connection(Arc<str>),
    Edge(Arc<str>),
    /// The schema itself.
    Meta(MetaType),
}

/// Where elements are defined.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub structure: Arc<Structure>,
    pub node: NodeId,
    /// Of a reference: what it may lead to, if not to anything.
    pub targets: Option<Kinds>,
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.structure, &other.structure)
            && self.node == other.node
            && self.targets == other.targets
    }
}

impl Place {
    pub fn of(structure: &Arc<Structure>) -> Self {
        Self::at(structure, NodeId::ROOT)
    }

    pub fn at(structure: &Arc<Structure>, node: NodeId) -> Self {
        Self { structure: Arc::clone(structure), node, targets: None }
    }

    pub fn path(&self) -> &str {
        &self.structure.node(self.node).path
    }

    /// The elements that can be read.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        let elements = self.structure.node(self.node).elements.iter();
        elements.filter(|element| element.max > 0 && !element.write_only)
    }
}

impl<'d> Schema<'d> {
    pub fn of_system(definitions: &'d Definitions) -> Self {
        Self::new(definitions, Scope::System)
    }

    /// `kind` is a type that was read.
    pub fn of_resource(definitions: &'d Definitions, kind: &str) -> Self {
        Self::new(definitions, Scope::Resource([Arc::from(kind)].into()))
    }

    fn new(definitions: &'d Definitions, root: Scope) -> Self {
        let all = definitions.structures.values().filter(|structure| structure.is_concrete_resource());
        let mut kinds: Vec<Arc<str>> = all.map(|structure| Arc::from(structure.name.as_str())).collect();
        kinds.sort_unstable();
        Self { definitions, root, kinds: kinds.into() }
    }

    /// The types that are read and searched, by name.
    pub fn served(&self) -> impl Iterator<Item = &'d str> {
        let all = self.definitions.resources.values();
        all.filter(|resource| resource.served).map(|resource| resource.name.as_str())
    }

    pub fn is_served(&self, kind: &str) -> bool {
        self.definitions.resources.get(kind).is_some_and(|resource| resource.served)
    }

    pub fn place_of(&self, kind: &str) -> Option<Place> {
        self.definitions.structures.get(kind).map(Place::of)
    }

    /// The types of which these are narrowings: itself, and what it derives from.
    pub fn line(&self, kind: &str) -> Vec<&'d str> {
        let mut line = Vec::new();
        let mut name = kind;
        while let Some(structure) = self.definitions.structures.get(name) {
            line.push(structure.name.as_str());
            let Some(base) = &structure.base else { break };
            name = base;
        }
        line
    }
}
