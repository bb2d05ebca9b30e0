//! Directives: those of GraphQL (<https://spec.graphql.org/October2021/#sec-Type-System.Directives>) and those by
//! which FHIR gives an answer another shape (<https://hl7.org/fhir/R4/graphql.html#flattening>).

use std::sync::Arc;

use async_graphql_parser::Positioned;
use async_graphql_parser::types::Directive;
use serde_json::Value;

use super::Compiler;
use crate::fhirpath::Expression;
use crate::graphql::limit;
use crate::graphql::plan::Arrange;
use crate::graphql::variables::short;

/// What the directives of a field or fragment come to.
pub(super) struct Directives {
    /// It is not skipped.
    pub kept: bool,
    pub arrange: Arrange,
    /// All of them, as given.
    pub given: String,
}

impl Directives {
    pub fn arranges(&self) -> bool {
        let Arrange { flatten, first, singleton, slice } = &self.arrange;
        *flatten || *first || *singleton || slice.is_some()
    }
}

impl Compiler<'_> {
    pub(super) fn directives(&mut self, directives: &[Positioned<Directive>]) -> Directives {
        let mut all = Directives { kept: true, arrange: Arrange::default(), given: String::new() };
        let mut seen: Vec<&str> = Vec::new();
        for directive in directives {
            let (name, at) = (directive.node.name.node.as_str(), directive.pos);
            if self.faults.len() > limit::FAULTS {
                break;
            }
            if seen.contains(&name) {
                self.fault("value", format!("@{name} is here twice"), at);
                continue;
            }
            seen.push(name);
            let argument = match name {
                "skip" | "include" => Some("if"),
                "slice" => Some("path"),
                "flatten" | "first" | "singleton" => None,
                _ => {
                    self.fault("not-supported", format!("there is no directive @{}", short(name)), at);
                    continue;
                }
            };
            let value = self.only_argument(directive, argument);
            match (name, value) {
                ("skip", Some(Value::Bool(truth))) => all.kept &= !truth,
                ("include", Some(Value::Bool(truth))) => all.kept &= truth,
                ("skip" | "include", Some(_)) => {
                    self.fault("value", format!("@{name}(if:) takes true or false"), at);
                }
                ("slice", Some(Value::String(path))) => {
                    all.given.push_str(&format!("@slice({path:?})"));
                    all.arrange.slice = self.expression(&path, at);
                }
                ("slice", Some(_)) => self.fault("value", "@slice(path:) takes an expression as text", at),
                (_, Some(_)) | ("skip" | "include" | "slice", None) => {}
                (plain, None) => {
                    all.given.push_str(&format!("@{plain}"));
                    match plain {
                        "flatten" => all.arrange.flatten = true,
                        "first" => all.arrange.first = true,
                        _ => all.arrange.singleton = true,
                    }
                }
            }
        }
        if let (true, Some(directive)) =
            (all.arrange.first && all.arrange.slice.is_some(), directives.first())
        {
            self.fault("value", "@first leaves nothing for @slice to tell apart", directive.pos);
        }
        all
    }

    /// The value of the one argument that a directive has, if it has any; what is wrong was told.
    fn only_argument(&mut self, directive: &Positioned<Directive>, name: Option<&str>) -> Option<Value> {
        let mut found = None;
        let mut given = false;
        for (argument, value) in &directive.node.arguments {
            if name != Some(argument.node.as_str()) {
                let text =
                    format!("@{} takes no argument `{}`", directive.node.name.node, short(&argument.node));
                self.fault("not-supported", text, argument.pos);
            } else if given {
                self.fault("value", format!("`{}` is given twice", argument.node), argument.pos);
            } else {
                given = true;
                found = self.value(&value.node, value.pos).known();
            }
        }
        if let Some(name) = name.filter(|_| !given) {
            let text = format!("@{} needs the argument `{name}`", directive.node.name.node);
            self.fault("required", text, directive.pos);
        }
        found
    }

    pub(super) fn expression(
        &mut self,
        text: &str,
        at: async_graphql_parser::Pos,
    ) -> Option<Arc<Expression>> {
        match Expression::compile(text) {
            Ok(expression) => Some(Arc::new(expression)),
            Err(error) => {
                self.fault("value", format!("this is no FHIRPath: {error}"), at);
                None
            }
        }
    }
}
