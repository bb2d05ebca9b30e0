//! Arguments of a field: search parameters and what navigates a list
//! (<https://hl7.org/fhir/R4/graphql.html#list>, <https://hl7.org/fhir/R4/graphql.html#searching>).

use super::{Field, Schema, Scope, Source, Target, scalar};
use crate::definitions::{Content, ParamKind};
use crate::search::offers;

#[derive(Debug, Clone, PartialEq)]
pub(in crate::graphql) struct Argument {
    pub name: String,
    pub description: String,
    /// The name of its scalar.
    pub scalar: &'static str,
    /// It takes several values: any of them will do.
    pub list: bool,
    pub required: bool,
    pub input: Input,
}

/// What an argument is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::graphql) enum Input {
    /// The id of a read.
    Id,
    /// A search parameter, by its code.
    Param(String),
    /// A parameter that every type has, taken as it is.
    Special(&'static str),
    Sort,
    /// The parameter by which the matches refer to the resource around.
    Reference,
    Cursor,
    Count,
    Offset,
    FhirPath,
    /// A property that must have this value.
    Property(String),
    Optional,
    Type,
    /// Whether to show what is deprecated; nothing is.
    Deprecated,
    Name,
}

/// What every search takes, where this server does: code, and what it is for.
pub(in crate::graphql) const SPECIAL: [(&str, &str); 2] = [
    ("_filter", "A filter expression, for what arguments cannot say."),
    ("_list", "The list that the resource is in."),
];

impl Argument {
    fn new(name: &str, scalar: &'static str, input: Input, description: &str) -> Self {
        let (name, description) = (name.to_owned(), description.to_owned());
        Self { name, description, scalar, list: false, required: false, input }
    }

    /// The argument that a directive cannot do without.
    pub fn of_directive(name: &str, scalar: &'static str) -> Self {
        Self::new(name, scalar, Input::Name, "").required()
    }

    fn required(self) -> Self {
        Self { required: true, ..self }
    }

    fn several(self) -> Self {
        Self { list: true, ..self }
    }
}

impl Schema<'_> {
    /// What a field of this scope takes.
    pub fn arguments(&self, scope: &Scope, field: &Field) -> Vec<Argument> {
        match &field.source {
            Source::TypeName | Source::Property { shadow: true } => Vec::new(),
            Source::Property { shadow: false } => navigation(field),
            Source::Follow => vec![
                Argument::new(
                    "optional",
                    "Boolean",
                    Input::Optional,
                    "Whether a reference that leads nowhere is null rather than an error.",
                ),
                Argument::new("type", "code", Input::Type, "Leaves out what is not of these types.")
                    .several(),
            ],
            Source::Read(_) => {
                vec![Argument::new("id", "ID", Input::Id, "The id of the resource.").required()]
            }
            Source::List(kind) => self.search(kind, scope, false),
            Source::Connection(kind) => self.search(kind, scope, true),
            Source::Part => match (scope, field.name.as_str()) {
                (_, "__type") => {
                    vec![Argument::new("name", "String", Input::Name, "The name of a type.").required()]
                }
                (Scope::Meta(_), "fields" | "enumValues" | "args" | "inputFields") => {
                    vec![Argument::new("includeDeprecated", "Boolean", Input::Deprecated, "")]
                }
                _ => Vec::new(),
            },
        }
    }

    fn search(&self, kind: &str, scope: &Scope, pages: bool) -> Vec<Argument> {
        let reverse = *scope != Scope::System;
        let mut arguments = Vec::new();
        if reverse {
            let text = "The parameter by which the matches refer to this resource.";
            arguments.push(Argument::new("_reference", "code", Input::Reference, text).required());
        }
        let params = self.definitions.resources.get(kind).into_iter().flat_map(|one| one.params.values());
        // Around a resource, what is sought is told by the reference.
        let params = params.filter(|param| param.is_offered() && !(reverse && param.code == "_id"));
        arguments.extend(params.map(|param| {
            let input = Input::Param(param.code.clone());
            Argument::new(&spelled(&param.code), search_scalar(param.kind), input, &param.description)
                .several()
        }));
        // A definition of one of them says no more than that it is there.
        arguments.retain(|argument| SPECIAL.iter().all(|(code, _)| argument.name != *code));
        let special = SPECIAL.into_iter().filter(|(code, _)| offers(code));
        arguments
            .extend(special.map(|(code, text)| Argument::new(code, "String", Input::Special(code), text)));
        let sort = "Names of parameters, with `-` before those that descend.";
        arguments.push(Argument::new("_sort", "String", Input::Sort, sort).several());
        let count = "How many matches at most.";
        arguments.push(Argument::new("_count", "Int", Input::Count, count));
        let path = "An expression that is true of the matches to show, evaluated after the search.";
        arguments.push(Argument::new("fhirpath", "String", Input::FhirPath, path));
        if pages && !reverse {
            let text = "A cursor of another page, which stands for all other arguments of its search.";
            arguments.push(Argument::new("_cursor", "ID", Input::Cursor, text));
            arguments.push(Argument::new("cursor", "ID", Input::Cursor, text));
        }
        arguments
    }

    /// The code of a parameter as names of GraphQL have it, back to the code.
    pub fn code(&self, kind: &str, spelling: &str) -> Option<&str> {
        let params = &self.definitions.resources.get(kind)?.params;
        params.keys().find(|code| spelled(code) == spelling || *code == spelling).map(String::as_str)
    }
}

/// Of lists of objects; what is single, or a primitive, takes nothing.
fn navigation(field: &Field) -> Vec<Argument> {
    let Target::Object(scope) = &field.target else { return Vec::new() };
    if !field.repeats {
        return Vec::new();
    }
    let mut arguments = Vec::new();
    if let Scope::Place(place) = scope {
        for element in place.elements() {
            for option in &element.types {
                if let Content::Primitive(primitive, _) = option.content {
                    let (name, scalar) = (&option.property, scalar(primitive));
                    arguments.push(Argument::new(
                        name,
                        scalar,
                        Input::Property(name.clone()),
                        &element.short,
                    ));
                }
            }
        }
    }
    let path = "An expression that is true of the elements to show.";
    arguments.push(Argument::new("fhirpath", "String", Input::FhirPath, path));
    arguments.push(Argument::new("_offset", "Int", Input::Offset, "How many elements to pass over."));
    arguments.push(Argument::new("_count", "Int", Input::Count, "How many elements at most."));
    arguments
}

fn spelled(code: &str) -> String {
    code.replace('-', "_")
}

fn search_scalar(kind: ParamKind) -> &'static str {
    match kind {
        ParamKind::String => "String",
        other => other.code(),
    }
}
