//! Types of which no definition tells: pages of a search (<https://hl7.org/fhir/R4/graphql.html#searching>) and
//! the schema itself (<https://spec.graphql.org/October2021/#sec-Schema-Introspection>).

use std::sync::Arc;

use super::field::scalar_field;
use super::{Field, Schema, Scope, Source, Target};

/// A type that describes the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::graphql) enum MetaType {
    Schema,
    Type,
    Field,
    Input,
    Value,
    Directive,
}

/// A field of such a type: its name, whether it is a list, and its type.
type Row = (&'static str, bool, Holds);

#[derive(Clone, Copy)]
enum Holds {
    Text,
    Truth,
    Meta(MetaType),
}

impl MetaType {
    pub const ALL: [Self; 6] =
        [Self::Schema, Self::Type, Self::Field, Self::Input, Self::Value, Self::Directive];

    pub fn name(self) -> &'static str {
        match self {
            Self::Schema => "__Schema",
            Self::Type => "__Type",
            Self::Field => "__Field",
            Self::Input => "__InputValue",
            Self::Value => "__EnumValue",
            Self::Directive => "__Directive",
        }
    }

    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    fn rows(self) -> &'static [Row] {
        use Holds::{Meta, Text, Truth};
        match self {
            Self::Schema => &[
                ("description", false, Text),
                ("types", true, Meta(Self::Type)),
                ("queryType", false, Meta(Self::Type)),
                ("mutationType", false, Meta(Self::Type)),
                ("subscriptionType", false, Meta(Self::Type)),
                ("directives", true, Meta(Self::Directive)),
            ],
            Self::Type => &[
                ("kind", false, Text),
                ("name", false, Text),
                ("description", false, Text),
                ("specifiedByURL", false, Text),
                ("fields", true, Meta(Self::Field)),
                ("interfaces", true, Meta(Self::Type)),
                ("possibleTypes", true, Meta(Self::Type)),
                ("enumValues", true, Meta(Self::Value)),
                ("inputFields", true, Meta(Self::Input)),
                ("ofType", false, Meta(Self::Type)),
            ],
            Self::Field => &[
                ("name", false, Text),
                ("description", false, Text),
                ("args", true, Meta(Self::Input)),
                ("type", false, Meta(Self::Type)),
                ("isDeprecated", false, Truth),
                ("deprecationReason", false, Text),
            ],
            Self::Input => &[
                ("name", false, Text),
                ("description", false, Text),
                ("type", false, Meta(Self::Type)),
                ("defaultValue", false, Text),
                ("isDeprecated", false, Truth),
                ("deprecationReason", false, Text),
            ],
            Self::Value => &[
                ("name", false, Text),
                ("description", false, Text),
                ("isDeprecated", false, Truth),
                ("deprecationReason", false, Text),
            ],
            Self::Directive => &[
                ("name", false, Text),
                ("description", false, Text),
                ("locations", true, Text),
                ("args", true, Meta(Self::Input)),
                ("isRepeatable", false, Truth),
            ],
        }
    }
}

impl Schema<'_> {
    /// The two fields that every query may start with.
    pub fn entrance(&self, name: &str) -> Option<Field> {
        let kind = match name {
            "__schema" => MetaType::Schema,
            "__type" => MetaType::Type,
            _ => return None,
        };
        Some(Field {
            name: name.to_owned(),
            description: String::new(),
            repeats: false,
            target: Target::Object(Scope::Meta(kind)),
            source: Source::Part,
        })
    }

    /// The fields of a page, a match, or a part of the schema.
    pub(super) fn parts(&self, scope: &Scope) -> Vec<Field> {
        let part = |name: &str, text: &str, scalar| scalar_field(name, text.to_owned(), scalar, Source::Part);
        let object = |name: &str, text: &str, repeats, scope| Field {
            name: name.to_owned(),
            description: text.to_owned(),
            repeats,
            target: Target::Object(scope),
            source: Source::Part,
        };
        match scope {
            Scope::Connection(kind) => vec![
                part("count", "How many matches there are on all pages.", "Int"),
                part("offset", "How many matches there are before this page.", "Int"),
                part("pagesize", "How many matches a page has at most.", "Int"),
                object("edges", "The matches of this page.", true, Scope::Edge(Arc::clone(kind))),
                part("first", "Cursor of the first page.", "ID"),
                part("previous", "Cursor of the page before, if there is one.", "ID"),
                part("next", "Cursor of the page after, if there is one.", "ID"),
                part("last", "Always null: no cursor leads to the last page.", "ID"),
            ],
            Scope::Edge(kind) => vec![
                part("mode", "Why the resource is here: always `match`.", "code"),
                part("score", "Always null: matches are not weighed.", "decimal"),
                object("resource", "The match.", false, Scope::Resource([Arc::clone(kind)].into())),
            ],
            Scope::Meta(kind) => {
                let rows = kind.rows().iter();
                rows.map(|(name, repeats, holds)| match holds {
                    Holds::Text => Field { repeats: *repeats, ..part(name, "", "String") },
                    Holds::Truth => part(name, "", "Boolean"),
                    Holds::Meta(kind) => object(name, "", *repeats, Scope::Meta(*kind)),
                })
                .collect()
            }
            _ => Vec::new(),
        }
    }
}
