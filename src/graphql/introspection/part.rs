//! Parts of the schema and their fields (<https://spec.graphql.org/October2021/#sec-Schema-Introspection>).

use std::sync::Arc;

use serde_json::{Value, json};

use super::type_ref::{self, ENUMS, TypeRef};
use crate::graphql::schema::{Argument, Field, Input, Schema, Scope, Source};

pub(super) enum Part {
    Schema,
    Type(TypeRef),
    /// With the arguments that it takes where it is.
    Field(Field, Vec<Argument>),
    Input(Argument),
    Value(&'static str),
    Directive(&'static Directive),
}

/// What a field of a part holds.
pub(super) enum Held {
    Value(Value),
    One(Part),
    Many(Vec<Part>),
}

const NOTHING: Held = Held::Value(Value::Null);

pub(super) struct Directive {
    name: &'static str,
    description: &'static str,
    /// Its only argument, of this type.
    argument: Option<(&'static str, &'static str)>,
    locations: &'static [&'static str],
}

const EVERYWHERE: &[&str] = &["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"];

const DIRECTIVES: [Directive; 6] = [
    Directive {
        name: "skip",
        description: "Leaves it out if this is true.",
        argument: Some(("if", "Boolean")),
        locations: EVERYWHERE,
    },
    Directive {
        name: "include",
        description: "Leaves it out unless this is true.",
        argument: Some(("if", "Boolean")),
        locations: EVERYWHERE,
    },
    Directive {
        name: "flatten",
        description: "Shows the fields of what it holds in its place.",
        argument: None,
        locations: &["FIELD"],
    },
    Directive {
        name: "first",
        description: "Shows the first element of a list only.",
        argument: None,
        locations: &["FIELD"],
    },
    Directive {
        name: "singleton",
        description: "Shows one value rather than a list; more than one is an error.",
        argument: None,
        locations: &["FIELD"],
    },
    Directive {
        name: "slice",
        description: "Gives each element a name of its own, which ends in what this FHIRPath comes to.",
        argument: Some(("path", "String")),
        locations: &["FIELD"],
    },
];

fn text(text: &str) -> Held {
    Held::Value(if text.is_empty() { Value::Null } else { Value::from(text) })
}

impl Part {
    pub fn get(&self, schema: &Schema<'_>, name: &str) -> Held {
        match self {
            Self::Schema => of_schema(schema, name),
            Self::Type(kind) => of_type(schema, kind, name),
            Self::Field(field, arguments) => match name {
                "name" => text(&field.name),
                "description" => text(&field.description),
                "args" => Held::Many(arguments.iter().cloned().map(Part::Input).collect()),
                "type" => Held::One(Part::Type(type_ref::of_field(field))),
                other => of_any(other),
            },
            Self::Input(argument) => match name {
                "name" => text(&argument.name),
                "description" => text(&argument.description),
                "type" => Held::One(Part::Type(type_ref::of_argument(argument))),
                other => of_any(other),
            },
            Self::Value(value) => match name {
                "name" => text(value),
                other => of_any(other),
            },
            Self::Directive(directive) => match name {
                "name" => text(directive.name),
                "description" => text(directive.description),
                "locations" => Held::Value(json!(directive.locations)),
                "args" => Held::Many(
                    directive.argument.map(|argument| Part::Input(input(argument))).into_iter().collect(),
                ),
                "isRepeatable" => Held::Value(Value::Bool(false)),
                other => of_any(other),
            },
        }
    }
}

fn input((name, scalar): (&str, &'static str)) -> Argument {
    Argument::of_directive(name, scalar)
}

/// Nothing is deprecated, and nothing has a default.
fn of_any(name: &str) -> Held {
    if name == "isDeprecated" { Held::Value(Value::Bool(false)) } else { NOTHING }
}

fn of_schema(schema: &Schema<'_>, name: &str) -> Held {
    match name {
        "description" => text("Resources of FHIR R4, by their definitions."),
        "types" => Held::Many(type_ref::all(schema).into_iter().map(Part::Type).collect()),
        "queryType" => Held::One(Part::Type(type_ref::of_scope(&schema.root))),
        "directives" => Held::Many(DIRECTIVES.iter().map(Part::Directive).collect()),
        _ => NOTHING,
    }
}

fn of_type(schema: &Schema<'_>, kind: &TypeRef, name: &str) -> Held {
    let types = |names: Vec<TypeRef>| Held::Many(names.into_iter().map(Part::Type).collect());
    match (name, kind) {
        ("kind", kind) => text(kind.kind()),
        ("name", kind) => kind.name(schema).map_or(NOTHING, |name| text(&name)),
        ("description", kind) => description(schema, kind).map_or(NOTHING, text),
        ("fields", TypeRef::Object(scope)) => fields(schema, scope, schema.fields(scope)),
        ("fields", TypeRef::Interface(name)) => {
            let scope = Scope::Resource(schema.narrowings(name));
            fields(schema, &scope, schema.shared(name))
        }
        ("interfaces", TypeRef::Object(Scope::Resource(kinds))) => {
            types(kinds.first().map(|kind| bases(schema, kind)).unwrap_or_default())
        }
        ("interfaces", TypeRef::Object(_)) => types(Vec::new()),
        ("interfaces", TypeRef::Interface(name)) => types(bases(schema, name)),
        ("possibleTypes", TypeRef::Interface(name)) => {
            let one = |kind: &Arc<str>| TypeRef::Object(Scope::Resource([Arc::clone(kind)].into()));
            types(schema.narrowings(name).iter().map(one).collect())
        }
        ("enumValues", TypeRef::Enum(name)) => {
            let values = ENUMS.iter().find(|(own, _)| own == name).map(|(_, values)| *values);
            Held::Many(values.unwrap_or_default().iter().map(|value| Part::Value(value)).collect())
        }
        ("ofType", TypeRef::List(inner) | TypeRef::NonNull(inner)) => {
            Held::One(Part::Type((**inner).clone()))
        }
        _ => NOTHING,
    }
}

fn description<'d>(schema: &Schema<'d>, kind: &TypeRef) -> Option<&'d str> {
    let name = match kind {
        TypeRef::Object(Scope::Resource(kinds)) => kinds.first()?.to_string(),
        TypeRef::Object(Scope::Place(place)) if !place.path().contains('.') => place.path().to_owned(),
        TypeRef::Interface(name) | TypeRef::Scalar(name) => name.clone(),
        _ => return None,
    };
    schema.definitions.structures.get(&name).map(|structure| structure.description.as_str())
}

fn fields(schema: &Schema<'_>, scope: &Scope, fields: Vec<Field>) -> Held {
    let with = |field: Field| {
        let mut arguments = schema.arguments(scope, &field);
        if let (Scope::Resource(_), Source::List(kind) | Source::Connection(kind)) = (scope, &field.source) {
            // They are told of where a query starts.
            arguments.iter_mut().for_each(|argument| argument.description.clear());
            if schema.kinds.len() > MANY && refers_to_anything(schema, kind, scope) {
                arguments.retain(|argument| !matches!(argument.input, Input::Param(_)));
            }
        }
        Part::Field(field, arguments)
    };
    Held::Many(fields.into_iter().map(with).collect())
}

/// Beyond so many types of resources, what may refer to any of them is told of in brief: all of R4 would fill a
/// hundred megabytes.
const MANY: usize = 64;

/// Whether a type refers to those of a scope by nothing but what leads to most types.
fn refers_to_anything(schema: &Schema<'_>, kind: &str, scope: &Scope) -> bool {
    let Scope::Resource(around) = scope else { return false };
    let to = around.first().map(|kind| &**kind).unwrap_or_default();
    schema.referring(kind, to).all(|param| param.targets.is_empty() || param.targets.len() > MANY)
}

/// The interfaces that a type of resource has.
fn bases(schema: &Schema<'_>, name: &str) -> Vec<TypeRef> {
    let interfaces = type_ref::interfaces(schema);
    let line = schema.line(name).into_iter().skip(1);
    line.filter(|base| interfaces.contains(base)).map(|base| TypeRef::Interface(base.to_owned())).collect()
}
