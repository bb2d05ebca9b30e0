//! Types and what they are made of (<https://spec.graphql.org/October2021/#sec-The-__Type-Type>).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::definitions::{ParamKind, StructureKind};
use crate::graphql::schema::{Argument, Field, MetaType, Place, Schema, Scope, Target, scalar};

#[derive(Debug, Clone)]
pub(super) enum TypeRef {
    Object(Scope),
    /// What resources of several types have in common, by its name.
    Interface(String),
    Scalar(String),
    Enum(&'static str),
    List(Box<TypeRef>),
    NonNull(Box<TypeRef>),
}

/// The enumerations of the schema itself, with their values.
pub(super) const ENUMS: [(&str, &[&str]); 2] = [
    ("__TypeKind", &["SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT", "LIST", "NON_NULL"]),
    ("__DirectiveLocation", &["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"]),
];

/// Scalars of GraphQL; those of FHIR are beside them.
const OWN: [&str; 4] = ["Boolean", "ID", "Int", "String"];

pub(super) fn of_field(field: &Field) -> TypeRef {
    let one = match &field.target {
        Target::Scalar(name) => TypeRef::Scalar((*name).to_owned()),
        Target::Object(scope) => of_scope(scope),
    };
    if field.repeats { TypeRef::List(Box::new(one)) } else { one }
}

pub(super) fn of_argument(argument: &Argument) -> TypeRef {
    let mut kind = TypeRef::Scalar(argument.scalar.to_owned());
    if argument.list {
        kind = TypeRef::List(Box::new(kind));
    }
    if argument.required { TypeRef::NonNull(Box::new(kind)) } else { kind }
}

pub(super) fn of_scope(scope: &Scope) -> TypeRef {
    match scope {
        Scope::Resource(kinds) if kinds.len() != 1 => TypeRef::Interface("Resource".to_owned()),
        // Where a reference leads is not part of the name of its type.
        Scope::Place(place) => TypeRef::Object(Scope::Place(Place { targets: None, ..place.clone() })),
        scope => TypeRef::Object(scope.clone()),
    }
}

/// The type of a name.
pub(super) fn named(schema: &Schema<'_>, name: &str) -> Option<TypeRef> {
    if let Some((name, _)) = ENUMS.iter().find(|(own, _)| *own == name) {
        return Some(TypeRef::Enum(name));
    }
    if interfaces(schema).contains(name) {
        return Some(TypeRef::Interface(name.to_owned()));
    }
    if scalars(schema).contains(name) {
        return Some(TypeRef::Scalar(name.to_owned()));
    }
    schema.scope(name).map(TypeRef::Object)
}

/// Every type there is.
pub(super) fn all(schema: &Schema<'_>) -> Vec<TypeRef> {
    let mut types = Vec::new();
    if schema.root == Scope::System {
        types.push(TypeRef::Object(Scope::System));
    }
    types.extend(interfaces(schema).into_iter().map(|name| TypeRef::Interface(name.to_owned())));
    let one = |kind: &Arc<str>| TypeRef::Object(Scope::Resource([Arc::clone(kind)].into()));
    types.extend(schema.kinds.iter().map(one));
    for kind in schema.served() {
        types.push(TypeRef::Object(Scope::Connection(Arc::from(kind))));
        types.push(TypeRef::Object(Scope::Edge(Arc::from(kind))));
    }
    let structures = schema.definitions.structures.values();
    let mut datatypes: Vec<_> = structures.filter(|one| one.kind == StructureKind::Complex).collect();
    datatypes.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    types.extend(datatypes.into_iter().map(|one| TypeRef::Object(Scope::Place(Place::of(one)))));
    types.extend(schema.backbones().map(TypeRef::Object));
    types.extend(scalars(schema).into_iter().map(|name| TypeRef::Scalar(name.to_owned())));
    types.extend(MetaType::ALL.map(|kind| TypeRef::Object(Scope::Meta(kind))));
    types.extend(ENUMS.map(|(name, _)| TypeRef::Enum(name)));
    types
}

/// Types of resources from which others derive.
pub(super) fn interfaces<'d>(schema: &Schema<'d>) -> BTreeSet<&'d str> {
    let structures = schema.definitions.structures.values();
    let all = structures.filter(|one| one.kind == StructureKind::Resource && one.is_abstract);
    all.map(|one| one.name.as_str()).collect()
}

fn scalars<'d>(schema: &Schema<'d>) -> BTreeSet<&'d str> {
    let primitives = schema.definitions.structures.values().filter_map(|one| one.primitive).map(scalar);
    let asked = ["token", "reference", "date", "number", "quantity", "uri", "composite", "special"];
    let asked = asked.into_iter().filter(|name| ParamKind::of(name).is_some());
    primitives.chain(asked).chain(OWN).collect()
}

impl TypeRef {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Object(_) => "OBJECT",
            Self::Interface(_) => "INTERFACE",
            Self::Scalar(_) => "SCALAR",
            Self::Enum(_) => "ENUM",
            Self::List(_) => "LIST",
            Self::NonNull(_) => "NON_NULL",
        }
    }

    pub fn name(&self, schema: &Schema<'_>) -> Option<String> {
        match self {
            Self::Object(scope) => Some(schema.name(scope)),
            Self::Interface(name) | Self::Scalar(name) => Some(name.clone()),
            Self::Enum(name) => Some((*name).to_owned()),
            Self::List(_) | Self::NonNull(_) => None,
        }
    }
}
