//! Arguments: their values with variables in place, and whether they are what the schema says
//! (<https://spec.graphql.org/October2021/#sec-Values-of-Correct-Type>).

use std::collections::HashSet;

use async_graphql_parser::types::Field;
use async_graphql_parser::{Pos, Positioned};
use async_graphql_value::{Name, Value as Literal};
use serde_json::{Map, Value};

use super::Compiler;
use crate::graphql::limit;
use crate::graphql::schema::{Argument, Input};
use crate::graphql::variables::{Bound, fits, short};

/// An argument that was given, with its values: one, or several where it takes them.
pub(super) struct Given {
    pub name: String,
    pub input: Input,
    pub values: Vec<Value>,
    pub at: Pos,
}

impl Given {
    /// The first value as text.
    pub fn text(&self) -> String {
        self.values.first().map(written).unwrap_or_default()
    }

    pub fn number(&self) -> Option<usize> {
        self.values.first().and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
    }

    pub fn is_true(&self) -> bool {
        self.values.first() == Some(&Value::Bool(true))
    }
}

/// A single value as text, as search parameters have it.
pub(super) fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Bound {
    pub(super) fn known(self) -> Option<Value> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }
}

impl Compiler<'_> {
    /// What was given, in the order of the query.
    pub(super) fn arguments(&mut self, field: &Positioned<Field>, taken: &[Argument]) -> Vec<Given> {
        let mut all: Vec<Given> = Vec::new();
        let mut seen: HashSet<&Name> = HashSet::new();
        for (name, value) in &field.node.arguments {
            if self.faults.len() > limit::FAULTS {
                break;
            }
            if !seen.insert(&name.node) {
                self.fault("value", format!("`{}` is given twice", name.node), name.pos);
                continue;
            }
            let Some(argument) = taken.iter().find(|argument| argument.name == name.node.as_str()) else {
                let text = format!("`{}` takes no argument `{}`", field.node.name.node, short(&name.node));
                self.fault("not-supported", text, name.pos);
                // Its variables are used all the same.
                self.value(&value.node, value.pos);
                continue;
            };
            // Null is as good as nothing.
            let known = self.value(&value.node, value.pos).known().filter(|value| !value.is_null());
            let Some(known) = known else { continue };
            let values = match known {
                Value::Array(values) if argument.list => values,
                other => vec![other],
            };
            if !values.iter().all(|value| fits(argument.scalar, value)) {
                let text = format!("`{}` is of the type {}", argument.name, argument.scalar);
                self.fault("value", text, value.pos);
            } else if !values.is_empty() {
                let (name, input) = (argument.name.clone(), argument.input.clone());
                all.push(Given { name, input, values, at: value.pos });
            }
        }
        for argument in taken.iter().filter(|argument| argument.required) {
            let is_given = all.iter().any(|given| given.name == argument.name);
            // Of a wrong value it was told that it is wrong.
            let is_there =
                || field.node.arguments.iter().any(|(name, _)| name.node == argument.name.as_str());
            let is_told = is_given || (!self.faults.is_empty() && is_there());
            if !is_told {
                let text = format!("`{}` needs the argument `{}`", field.node.name.node, argument.name);
                self.fault("required", text, field.pos);
            }
        }
        all
    }

    /// A literal as JSON, with variables in place.
    pub(super) fn value(&mut self, literal: &Literal, at: Pos) -> Bound {
        Bound::Value(match literal {
            Literal::Variable(name) => return self.variable(name, at),
            Literal::Null | Literal::Binary(_) => Value::Null,
            Literal::Number(number) => Value::Number(number.clone()),
            Literal::String(text) => Value::from(text.as_str()),
            Literal::Boolean(truth) => Value::Bool(*truth),
            Literal::Enum(name) => Value::from(name.as_str()),
            Literal::List(items) => {
                let mut values = Vec::new();
                for item in items {
                    match self.value(item, at) {
                        Bound::Value(value) => values.push(value),
                        Bound::Nothing => values.push(Value::Null),
                        Bound::Unknown => return Bound::Unknown,
                    }
                }
                Value::Array(values)
            }
            Literal::Object(items) => {
                let mut object = Map::new();
                for (name, item) in items {
                    match self.value(item, at) {
                        Bound::Value(value) => object.insert(name.to_string(), value),
                        Bound::Nothing => None,
                        Bound::Unknown => return Bound::Unknown,
                    };
                }
                Value::Object(object)
            }
        })
    }
}
