//! The operations of a FHIRPath Patch (<https://hl7.org/fhir/R4/fhirpatch.html>), read from Parameters.

use serde_json::{Map, Value};

use super::value::Given;
use super::{MOST_OPERATIONS, too_many};
use crate::error::{Error, Result, malformed};
use crate::fhirpath::Expression;

#[derive(Debug, Clone)]
pub struct Operation {
    pub(super) path: Expression,
    /// The path as written, for messages.
    pub(super) text: String,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Add { name: String, value: Given },
    Insert { index: usize, value: Given },
    Delete,
    Replace { value: Given },
    Move { source: usize, destination: usize },
}

pub(super) fn read(parameters: &Value) -> Result<Vec<Operation>> {
    let object = parameters.as_object().filter(|object| is_parameters(object));
    let Some(object) = object else {
        return Err(malformed("a FHIRPath Patch is a Parameters resource").coded("structure"));
    };
    let list = match object.get("parameter") {
        None => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(malformed("this is a list").coded("structure").at("Parameters.parameter")),
    };
    if list.len() > MOST_OPERATIONS {
        return Err(too_many());
    }
    let operations = list.iter().enumerate().map(|(place, one)| {
        operation(one).map_err(|error| error.at(format!("Parameters.parameter[{place}]")))
    });
    operations.collect()
}

fn is_parameters(object: &Map<String, Value>) -> bool {
    object.get("resourceType").and_then(Value::as_str) == Some("Parameters")
}

fn operation(parameter: &Value) -> Result<Operation> {
    if parameter.get("name").and_then(Value::as_str) != Some("operation") {
        return Err(malformed("a parameter of a patch is called 'operation'").coded("structure"));
    }
    let parts = Parts::of(parameter)?;
    let kind = match parts.text("type")? {
        "add" => Kind::Add { name: parts.text("name")?.to_owned(), value: parts.value()? },
        "insert" => Kind::Insert { index: parts.number("index")?, value: parts.value()? },
        "delete" => Kind::Delete,
        "replace" => Kind::Replace { value: parts.value()? },
        "move" => Kind::Move { source: parts.number("source")?, destination: parts.number("destination")? },
        other => return Err(malformed(format!("'{other}' is no type of operation")).coded("value")),
    };
    parts.only(match kind {
        Kind::Add { .. } => &["type", "path", "name", "value"],
        Kind::Insert { .. } => &["type", "path", "index", "value"],
        Kind::Delete => &["type", "path"],
        Kind::Replace { .. } => &["type", "path", "value"],
        Kind::Move { .. } => &["type", "path", "source", "destination"],
    })?;
    let text = parts.text("path")?.to_owned();
    let path = Expression::compile(&text).map_err(|cause| {
        malformed(format!("the path '{text}' cannot be understood")).coded("value").because(cause)
    })?;
    Ok(Operation { path, text, kind })
}

/// The parts of a parameter, by name.
struct Parts<'p>(Vec<(&'p str, &'p Value)>);

impl<'p> Parts<'p> {
    fn of(parameter: &'p Value) -> Result<Self> {
        let list = parameter.get("part").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut parts: Vec<(&str, &Value)> = Vec::with_capacity(list.len());
        for part in list {
            let name = part.get("name").and_then(Value::as_str);
            let name = name.ok_or_else(|| malformed("a part has no name").coded("required"))?;
            if parts.iter().any(|(other, _)| *other == name) {
                return Err(malformed(format!("the part '{name}' is given twice")).coded("structure"));
            }
            parts.push((name, part));
        }
        Ok(Self(parts))
    }

    fn find(&self, name: &str) -> Result<&'p Value> {
        let found = self.0.iter().find(|(other, _)| *other == name);
        found.map(|(_, part)| *part).ok_or_else(|| missing(name))
    }

    fn text(&self, name: &str) -> Result<&'p str> {
        let part = self.find(name)?;
        let values = ["valueString", "valueCode", "valueUri", "valueId", "valueMarkdown"];
        values.iter().find_map(|value| part.get(value)?.as_str()).ok_or_else(|| missing(name))
    }

    fn number(&self, name: &str) -> Result<usize> {
        let part = self.find(name)?;
        let values = ["valueInteger", "valueUnsignedInt", "valuePositiveInt"];
        let found = values.iter().find_map(|value| part.get(value)?.as_u64());
        found
            .and_then(|number| usize::try_from(number).ok())
            .ok_or_else(|| malformed(format!("the part '{name}' is a whole number from 0")).coded("value"))
    }

    fn value(&self) -> Result<Given> {
        Given::of(self.find("value")?)
    }

    fn only(&self, known: &[&str]) -> Result<()> {
        match self.0.iter().find(|(name, _)| !known.contains(name)) {
            Some((name, _)) => {
                Err(malformed(format!("this operation takes no part '{name}'")).coded("structure"))
            }
            None => Ok(()),
        }
    }
}

fn missing(name: &str) -> Error {
    malformed(format!("the part '{name}' is missing, or has no value of its type")).coded("required")
}
