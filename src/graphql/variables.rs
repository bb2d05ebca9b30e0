//! Values for the variables of an operation (<https://spec.graphql.org/October2021/#sec-Coercing-Variable-Values>).

use std::collections::{HashMap, HashSet};

use async_graphql_parser::types::{BaseType, DocumentOperations, OperationDefinition, Type};
use async_graphql_value::ConstValue;
use serde_json::{Map, Value};

use super::fault::Fault;
use crate::definitions::{ParamKind, Primitive};

/// What stands for a variable.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Bound {
    Value(Value),
    /// Nothing was given, and need not be.
    Nothing,
    /// Its value is wrong, and was told to be.
    Unknown,
}

/// The variables of an operation, by name.
pub(super) type Variables = HashMap<String, Bound>;

pub(super) fn bind(
    operation: &OperationDefinition,
    given: &Map<String, Value>,
    faults: &mut Vec<Fault>,
) -> Variables {
    let mut variables = Variables::new();
    for definition in &operation.variable_definitions {
        let (name, at) = (definition.node.name.node.to_string(), definition.pos);
        let fault = |text: String| Fault::new("value", text).located(at);
        if let Some(directive) = definition.node.directives.first() {
            let text = format!("@{} is not for variables", directive.node.name.node);
            faults.push(Fault::new("not-supported", text).located(directive.pos));
        }
        let kind = &definition.node.var_type.node;
        if let Err(unknown) = known(kind) {
            faults.push(fault(format!("there is no type {unknown} that a variable can have")));
        }
        let default = definition.node.default_value.as_ref().map(|value| constant(&value.node));
        let default = match default.map(|value| coerce(kind, &value)).transpose() {
            Ok(default) => default,
            Err(text) => {
                faults.push(fault(format!("the default of ${name} is wrong: {text}")));
                None
            }
        };
        let bound = match (given.get(&name), default) {
            (Some(value), _) => match coerce(kind, value) {
                Ok(value) => Bound::Value(value),
                Err(text) => {
                    faults.push(fault(format!("the value of ${name} is wrong: {text}")));
                    Bound::Unknown
                }
            },
            (None, Some(default)) => Bound::Value(default),
            (None, None) if kind.nullable => Bound::Nothing,
            (None, None) => {
                faults.push(fault(format!("${name} needs a value")));
                Bound::Unknown
            }
        };
        if variables.insert(name.clone(), bound).is_some() {
            faults.push(fault(format!("${name} is declared twice")));
        }
    }
    variables
}

/// Values that no operation of the document asks for: most likely the name is a typing error.
pub(super) fn undeclared(given: &Map<String, Value>, operations: &DocumentOperations) -> Vec<Fault> {
    let all = operations.iter().flat_map(|(_, operation)| &operation.node.variable_definitions);
    let declared: HashSet<&str> = all.map(|definition| definition.node.name.node.as_str()).collect();
    let strange = given.keys().filter(|name| !declared.contains(name.as_str()));
    strange
        .map(|name| Fault::new("value", format!("${} is not declared by the query", short(name))))
        .collect()
}

pub(super) fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

/// A literal as JSON; the names of enumerations are text.
pub(super) fn constant(value: &ConstValue) -> Value {
    match value {
        ConstValue::Null | ConstValue::Binary(_) => Value::Null,
        ConstValue::Number(number) => Value::Number(number.clone()),
        ConstValue::String(text) => Value::from(text.as_str()),
        ConstValue::Boolean(truth) => Value::Bool(*truth),
        ConstValue::Enum(name) => Value::from(name.as_str()),
        ConstValue::List(items) => items.iter().map(constant).collect(),
        ConstValue::Object(map) => {
            Value::Object(map.iter().map(|(name, value)| (name.to_string(), constant(value))).collect())
        }
    }
}

fn known(kind: &Type) -> Result<(), &str> {
    match &kind.base {
        BaseType::List(inner) => known(inner),
        BaseType::Named(name) => {
            let scalars = ["ID", "String", "Boolean", "Int", "Float"];
            let name = name.as_str();
            let is_known =
                scalars.contains(&name) || Primitive::of(name).is_some() || ParamKind::of(name).is_some();
            if is_known { Ok(()) } else { Err(name) }
        }
    }
}

fn coerce(kind: &Type, value: &Value) -> Result<Value, String> {
    if value.is_null() {
        return if kind.nullable { Ok(Value::Null) } else { Err("it cannot be null".to_owned()) };
    }
    match (&kind.base, value) {
        (BaseType::List(inner), Value::Array(items)) => {
            items.iter().map(|item| coerce(inner, item)).collect()
        }
        (BaseType::List(inner), single) => Ok(Value::Array(vec![coerce(inner, single)?])),
        (BaseType::Named(name), value) => {
            if fits(name, value) {
                Ok(value.clone())
            } else {
                Err(format!("it is no {name}"))
            }
        }
    }
}

/// Whether a single value is of a scalar type.
pub(super) fn fits(scalar: &str, value: &Value) -> bool {
    let is_whole = value.is_i64() || value.is_u64();
    match scalar {
        "Boolean" | "boolean" => value.is_boolean(),
        "Int" | "integer" => is_whole,
        "positiveInt" | "unsignedInt" => value.is_u64(),
        "Float" | "decimal" => value.is_number(),
        "ID" | "id" => value.is_string() || is_whole,
        // What a search takes is text in the end, and may be written as number or truth.
        "string" | "token" | "reference" | "date" | "number" | "quantity" | "uri" | "special"
        | "composite" => !value.is_array() && !value.is_object(),
        _ => value.is_string(),
    }
}
