//! Questions that must find a resource, made of what is in it: <https://hl7.org/fhir/R4/search.html#ptypes>.

use roster::definitions::{Definitions, Param, ParamKind};
use roster::fhirpath::{Context, Item};
use serde_json::Value;

use crate::examples::encode;

/// `code=value` for each parameter of its type that has something to ask in this resource.
pub fn questions(definitions: &Definitions, resource: &Value) -> Vec<String> {
    let kind = &definitions.resources[resource["resourceType"].as_str().expect("a resource")];
    let own = kind.params.values().filter(|param| !param.code.starts_with('_'));
    own.filter_map(|param| question(definitions, param, resource)).collect()
}

fn question(definitions: &Definitions, param: &Param, resource: &Value) -> Option<String> {
    let context = Context::new(&definitions.types).resource(resource);
    let found = param.expression.evaluate(&context, resource).expect("an expression");
    let nodes = found.iter().filter_map(|item| match item {
        Item::Node(node) => Some((node.value, node.type_name().unwrap_or_default())),
        _ => None,
    });
    let value = nodes.filter_map(|(value, of)| asked(param.kind, value, of)).next()?;
    Some(format!("{}={value}", param.code))
}

/// A value of a parameter of this type that an element must answer to.
fn asked(kind: ParamKind, value: &Value, of: &str) -> Option<String> {
    match kind {
        ParamKind::String => string(value).map(encode),
        ParamKind::Token => token(value),
        ParamKind::Reference => reference(value),
        // Where a time may be told in words, the words are not indexed.
        ParamKind::Date if of == "string" => None,
        ParamKind::Date | ParamKind::Uri => value.as_str().map(encode),
        ParamKind::Number => value.as_number().map(ToString::to_string),
        ParamKind::Quantity | ParamKind::Composite | ParamKind::Special => None,
    }
}

fn string(value: &Value) -> Option<&str> {
    let part = ["family", "city", "text"].into_iter().find_map(|name| value[name].as_str());
    let text = value.as_str().or(part)?;
    // The beginning, up to where a letter ends in one byte.
    Some(text.get(..text.len().min(60)).unwrap_or(text)).filter(|text| !text.trim().is_empty())
}

fn token(value: &Value) -> Option<String> {
    if let Some(plain) = value.as_str() {
        return Some(encode(plain));
    }
    if let Some(truth) = value.as_bool() {
        return Some(truth.to_string());
    }
    if let Some(codings) = value["coding"].as_array() {
        return codings.iter().find_map(token);
    }
    let code = value["code"].as_str().or(value["value"].as_str())?;
    let is_contact = value["system"].as_str().is_some_and(|system| !system.contains(':'));
    let system = value["system"].as_str().filter(|_| !is_contact);
    Some(system.map_or_else(|| encode(code), |system| format!("{}|{}", encode(system), encode(code))))
}

fn reference(value: &Value) -> Option<String> {
    let text = value.as_str().or(value["reference"].as_str())?;
    (!text.starts_with('#')).then(|| encode(text))
}
