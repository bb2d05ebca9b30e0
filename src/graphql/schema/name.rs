//! Names of types (<https://hl7.org/fhir/R4/graphql.html#conformance>).

use std::sync::Arc;

use super::{Kinds, MetaType, Place, Schema, Scope};
use crate::definitions::{Primitive, StructureKind};

/// The scalar of a primitive: GraphQL's own where there is one.
pub(in crate::graphql) fn scalar(primitive: Primitive) -> &'static str {
    match primitive {
        Primitive::Boolean => "Boolean",
        Primitive::Integer => "Int",
        Primitive::String => "String",
        Primitive::Id => "ID",
        other => other.name(),
    }
}

/// What several types of resources are together.
const ANY: &str = "Resource";

impl Schema<'_> {
    pub fn name(&self, scope: &Scope) -> String {
        match scope {
            Scope::System => "Query".to_owned(),
            Scope::Resource(kinds) => match &kinds[..] {
                [kind] => kind.to_string(),
                _ => ANY.to_owned(),
            },
            Scope::Place(place) => place.path().split('.').map(capital).collect(),
            Scope::Connection(kind) => format!("{kind}Connection"),
            Scope::Edge(kind) => format!("{kind}Edge"),
            Scope::Meta(kind) => kind.name().to_owned(),
        }
    }

    /// The type of a name.
    pub fn scope(&self, name: &str) -> Option<Scope> {
        if name == "Query" && self.root == Scope::System {
            return Some(Scope::System);
        }
        if let Some(structure) = self.definitions.structures.get(name) {
            return match structure.kind {
                StructureKind::Primitive => None,
                StructureKind::Complex => Some(Scope::Place(Place::of(structure))),
                StructureKind::Resource => Some(Scope::Resource(self.narrowings(name))),
            };
        }
        for (suffix, scope) in [
            ("Connection", Scope::Connection as fn(Arc<str>) -> Scope),
            ("Edge", Scope::Edge as fn(Arc<str>) -> Scope),
        ] {
            if let Some(kind) = name.strip_suffix(suffix).filter(|kind| self.is_served(kind)) {
                return Some(scope(Arc::from(kind)));
            }
        }
        if let Some(kind) = MetaType::of(name) {
            return Some(Scope::Meta(kind));
        }
        self.backbones().find(|scope| self.name(scope) == name)
    }

    /// Every backbone element.
    pub fn backbones(&self) -> impl Iterator<Item = Scope> {
        let mut structures: Vec<_> = self.definitions.structures.values().collect();
        structures.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        structures.into_iter().flat_map(|structure| {
            let below = structure.places().skip(1);
            below.map(|node| Scope::Place(Place::at(structure, node)))
        })
    }

    /// The types of resources that are of a type, or derive from it.
    pub fn narrowings(&self, name: &str) -> Kinds {
        self.kinds.iter().filter(|kind| self.line(kind).contains(&name)).cloned().collect()
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
