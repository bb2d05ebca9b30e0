//! Fields of a type: its elements, and what FHIR adds to them
//! (<https://hl7.org/fhir/R4/graphql.html#fields>, <https://hl7.org/fhir/R4/graphql.html#searching>).

use std::sync::Arc;

use super::{Kinds, Place, Schema, Scope, scalar};
use crate::definitions::{Content, Element, ElementType, Param, ParamKind, Role};

#[derive(Debug, Clone, PartialEq)]
pub(in crate::graphql) struct Field {
    pub name: String,
    pub description: String,
    pub repeats: bool,
    pub target: Target,
    pub source: Source,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::graphql) enum Target {
    Scalar(&'static str),
    Object(Scope),
}

/// Where the value of a field comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::graphql) enum Source {
    TypeName,
    /// The property of this name; `shadow` is the `_x` beside a primitive `x`.
    Property {
        shadow: bool,
    },
    /// What a reference leads to.
    Follow,
    Read(Arc<str>),
    /// The matches of a search, and a page of them.
    List(Arc<str>),
    Connection(Arc<str>),
    /// A part of a page or of a match, or a fact of the schema.
    Part,
}

impl Field {
    /// Whether fields of two types are the same but for their words.
    fn is_like(&self, other: &Self) -> bool {
        self.target == other.target && self.source == other.source && self.repeats == other.repeats
    }
}

impl Schema<'_> {
    /// The field of a name, where fields are asked of one type.
    pub fn field(&self, scope: &Scope, name: &str) -> Option<Field> {
        if name == "__typename" {
            let text = "The name of the type.".to_owned();
            return Some(scalar_field(name, text, "String", Source::TypeName));
        }
        match scope {
            Scope::System => self.entry(name, false),
            Scope::Resource(kinds) => {
                let (first, others) = kinds.split_first()?;
                let field = self.of_kind(first, name)?;
                let shared =
                    |kind: &Arc<str>| self.of_kind(kind, name).is_some_and(|other| field.is_like(&other));
                others.iter().all(shared).then_some(field)
            }
            Scope::Place(place) => self.property(place, name).or_else(|| {
                let follows = name == "resource" && place.structure.role == Role::Reference;
                follows.then(|| self.follow(place))
            }),
            Scope::Connection(_) | Scope::Edge(_) | Scope::Meta(_) => {
                self.parts(scope).into_iter().find(|field| field.name == name)
            }
        }
    }

    fn of_kind(&self, kind: &str, name: &str) -> Option<Field> {
        let place = self.place_of(kind)?;
        let own = if name == "resourceType" { Some(resource_type()) } else { None };
        own.or_else(|| self.property(&place, name))
            .or_else(|| self.entry(name, true).filter(|field| self.refers(field, &place)))
    }

    /// All fields of one type.
    pub fn fields(&self, scope: &Scope) -> Vec<Field> {
        let mut fields = Vec::new();
        match scope {
            Scope::System => {
                for kind in self.served() {
                    let names = [kind.to_owned(), format!("{kind}List"), format!("{kind}Connection")];
                    fields.extend(names.iter().filter_map(|name| self.entry(name, false)));
                }
            }
            Scope::Resource(kinds) => {
                let Some(place) = kinds.first().and_then(|kind| self.place_of(kind)) else { return fields };
                fields.push(resource_type());
                self.properties(&place, &mut fields);
                for kind in self.served() {
                    let names = [format!("{kind}List"), format!("{kind}Connection")];
                    let both = names.iter().filter_map(|name| self.entry(name, true));
                    fields.extend(both.filter(|field| self.refers(field, &place)));
                }
            }
            Scope::Place(place) => {
                self.properties(place, &mut fields);
                if place.structure.role == Role::Reference {
                    fields.push(self.follow(place));
                }
            }
            Scope::Connection(_) | Scope::Edge(_) | Scope::Meta(_) => fields = self.parts(scope),
        }
        fields
    }

    /// Fields that every one of the types has, as an interface has them.
    pub fn shared(&self, name: &str) -> Vec<Field> {
        let Some(place) = self.place_of(name) else { return Vec::new() };
        let mut fields = vec![resource_type()];
        self.properties(&place, &mut fields);
        fields
    }

    /// A read or a search, of the server or of what refers to a resource.
    fn entry(&self, name: &str, reverse: bool) -> Option<Field> {
        let one = |kind: &str| Target::Object(Scope::Resource([Arc::from(kind)].into()));
        if self.is_served(name) {
            let source = Source::Read(Arc::from(name));
            let description = format!("Reads one {name}.");
            let field =
                Field { name: name.to_owned(), description, repeats: false, target: one(name), source };
            return (!reverse).then_some(field);
        }
        if let Some(kind) = name.strip_suffix("List").filter(|kind| self.is_served(kind)) {
            let source = Source::List(Arc::from(kind));
            let description = format!("Searches for {kind}.");
            return Some(Field {
                name: name.to_owned(),
                description,
                repeats: true,
                target: one(kind),
                source,
            });
        }
        let kind = name.strip_suffix("Connection").filter(|kind| self.is_served(kind))?;
        let target = Target::Object(Scope::Connection(Arc::from(kind)));
        let source = Source::Connection(Arc::from(kind));
        let description = format!("Searches for {kind}, page by page.");
        Some(Field { name: name.to_owned(), description, repeats: false, target, source })
    }

    /// Whether resources that a field searches for may refer to one of this type.
    fn refers(&self, field: &Field, to: &Place) -> bool {
        let (Source::List(kind) | Source::Connection(kind)) = &field.source else { return false };
        self.referring(kind, &to.structure.name).next().is_some()
    }

    /// The parameters by which resources of a type refer to those of another.
    pub fn referring(&self, kind: &str, to: &str) -> impl Iterator<Item = &Arc<Param>> {
        let params = self.definitions.resources.get(kind).into_iter().flat_map(|one| one.params.values());
        params.filter(move |param| {
            let any = param.targets.is_empty();
            param.kind == ParamKind::Reference && (any || param.targets.iter().any(|target| target == to))
        })
    }

    fn property(&self, place: &Place, name: &str) -> Option<Field> {
        let node = place.structure.node(place.node);
        let property = node.property(name)?;
        let element = &node.elements[property.element];
        if element.write_only {
            return None;
        }
        self.element(place, element, &element.types[property.option], property.shadow)
    }

    fn properties(&self, place: &Place, fields: &mut Vec<Field>) {
        for element in place.elements() {
            for option in &element.types {
                fields.extend(self.element(place, element, option, false));
                if !option.shadow.is_empty() {
                    fields.extend(self.element(place, element, option, true));
                }
            }
        }
    }

    fn element(&self, at: &Place, element: &Element, option: &ElementType, shadow: bool) -> Option<Field> {
        let place = |structure| {
            let place = Place { targets: self.targets(&option.targets), ..Place::of(structure) };
            Some(Target::Object(Scope::Place(place)))
        };
        let target = match option.content {
            Content::Primitive(_, id) if shadow => {
                let own = &self.definitions.structure(id).name;
                let base = self.definitions.structures.get("Element");
                place(base.or_else(|| self.definitions.structures.get(own))?)
            }
            Content::Primitive(primitive, _) => Some(Target::Scalar(scalar(primitive))),
            Content::Complex(id) => {
                place(self.definitions.structures.get(&self.definitions.structure(id).name)?)
            }
            Content::Node(node) => Some(Target::Object(Scope::Place(Place::at(&at.structure, node)))),
            Content::Resource => Some(Target::Object(Scope::Resource(Arc::clone(&self.kinds)))),
        };
        let name = if shadow { &option.shadow } else { &option.property };
        let (description, repeats) = (element.short.clone(), element.repeats());
        let source = Source::Property { shadow };
        Some(Field { name: name.clone(), description, repeats, target: target?, source })
    }

    /// The types that a reference may lead to, if not to anything.
    fn targets(&self, names: &[String]) -> Option<Kinds> {
        let mut kinds: Vec<_> = names.iter().flat_map(|name| self.narrowings(name).to_vec()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        (!kinds.is_empty()).then(|| kinds.into())
    }

    fn follow(&self, place: &Place) -> Field {
        let kinds = place.targets.as_ref().unwrap_or(&self.kinds);
        Field {
            name: "resource".to_owned(),
            description: "What the reference leads to.".to_owned(),
            repeats: false,
            target: Target::Object(Scope::Resource(Arc::clone(kinds))),
            source: Source::Follow,
        }
    }
}

fn resource_type() -> Field {
    let text = "The name of the type of resource.".to_owned();
    scalar_field("resourceType", text, "code", Source::Property { shadow: false })
}

pub(super) fn scalar_field(name: &str, description: String, scalar: &'static str, source: Source) -> Field {
    Field { name: name.to_owned(), description, repeats: false, target: Target::Scalar(scalar), source }
}
