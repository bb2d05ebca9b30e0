//! One element of a profile: what it adds to a rule.
//!
//! Implements <https://hl7.org/fhir/R4/elementdefinition.html>; of a binding only a required one, since no other
//! can be broken.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::path::parse;
use super::{Binding, By, Constraint, Discriminator, Rest, Rule, Slicing, TypeRule};
use crate::definitions::{Definitions, Invariant};
use crate::error::{Result, invalid};
use crate::fhirpath::Expression;

type Element = Map<String, Value>;

/// Lays an element definition over what is known of the element.
pub(super) fn overlay(rule: &mut Rule, definitions: &Definitions, element: &Element, of: &str) -> Result<()> {
    let place = text(element, "path").unwrap_or_default();
    let wrong = |what: String| invalid(format!("{place}: {what}")).coded("processing");
    if let Some(min) = element.get("min") {
        rule.min = number(min).ok_or_else(|| wrong(format!("min is {min}")))?;
    }
    match text(element, "max") {
        None => {}
        Some("*") => rule.max = None,
        Some(max) => rule.max = Some(max.parse().map_err(|_| wrong(format!("max is '{max}'")))?),
    }
    if let Some(length) = element.get("maxLength") {
        let length = number(length).ok_or_else(|| wrong(format!("maxLength is {length}")))?;
        rule.max_length = Some(length as usize);
    }
    if let Some(list) = objects(element, "type") {
        rule.types = Some(list.map(type_rule).collect());
    }
    for (name, value) in element {
        if name.starts_with("fixed") {
            rule.fixed = Some(value.clone());
        } else if name.starts_with("pattern") {
            rule.pattern = Some(value.clone());
        } else if name.starts_with("minValue") || name.starts_with("maxValue") {
            limit(rule, name, value).map_err(wrong)?;
        }
    }
    if let Some(binding) = element.get("binding").and_then(Value::as_object)
        && text(binding, "strength") == Some("required")
        && let Some(url) = text(binding, "valueSet")
    {
        let plain = url.split('|').next().unwrap_or(url);
        let set = definitions.value_sets.get(plain).cloned();
        rule.binding = Some(Binding { url: url.to_owned(), set });
    }
    if let Some(slicing) = element.get("slicing").and_then(Value::as_object) {
        rule.slicing = Some(read_slicing(slicing).map_err(wrong)?);
    }
    for constraint in objects(element, "constraint").into_iter().flatten() {
        invariant(rule, definitions, constraint, of).map_err(wrong)?;
    }
    Ok(())
}

fn invariant(
    rule: &mut Rule,
    definitions: &Definitions,
    constraint: &Element,
    of: &str,
) -> std::result::Result<(), String> {
    let key = text(constraint, "key").unwrap_or_default();
    let Some(expression) = text(constraint, "expression") else { return Ok(()) };
    let known = rule.invariants.iter().any(|own| own.rule.key == key && own.rule.text == expression);
    if known || is_inherent(definitions, of, key) {
        return Ok(());
    }
    let human = text(constraint, "human").unwrap_or_default();
    let compiled = compiled(key, human, expression)?;
    rule.invariants.push(Constraint {
        rule: Arc::new(compiled),
        advice: text(constraint, "severity") == Some("warning"),
    });
    Ok(())
}

/// Whether a type itself has this rule: a snapshot repeats it, and it is judged with the type.
fn is_inherent(definitions: &Definitions, of: &str, key: &str) -> bool {
    if matches!(key, "ele-1" | "ext-1") {
        return true;
    }
    // By its key: some of the standard's own are put right here.
    let is_same = |rule: &Arc<Invariant>| rule.key == key;
    let of_datatypes = definitions.structures.values().filter(|one| !one.is_concrete_resource());
    definitions.structures.get(of).into_iter().chain(of_datatypes).any(|structure| {
        structure.nodes.iter().any(|node| {
            node.invariants.iter().any(is_same)
                || node.elements.iter().any(|element| element.invariants.iter().any(is_same))
        })
    })
}

/// The least or greatest value, as the rule that it is.
fn limit(rule: &mut Rule, name: &str, value: &Value) -> std::result::Result<(), String> {
    let (sign, word, kind) = match name.strip_prefix("minValue") {
        Some(kind) => (">=", "least", kind),
        None => ("<=", "most", name.trim_start_matches("maxValue")),
    };
    let literal = match (kind, value) {
        ("Date" | "DateTime" | "Instant", Value::String(text)) => format!("@{text}"),
        ("Time", Value::String(text)) => format!("@T{text}"),
        ("Quantity", Value::Object(quantity)) => {
            let amount = quantity.get("value").ok_or_else(|| format!("{name} has no value"))?;
            format!("{amount} '{}'", text(quantity, "code").or(text(quantity, "unit")).unwrap_or("1"))
        }
        (_, Value::Number(number)) => number.to_string(),
        _ => return Err(format!("{name} is not supported")),
    };
    let human = format!("it is {literal} at {word}");
    let limit = compiled(name, &human, &format!("$this {sign} {literal}"))?;
    rule.invariants.retain(|one| one.rule.key != name);
    rule.invariants.push(Constraint { rule: Arc::new(limit), advice: false });
    Ok(())
}

fn compiled(key: &str, human: &str, text: &str) -> std::result::Result<Invariant, String> {
    let expression = Expression::compile(text).map_err(|error| format!("the rule {key}: {error}"))?;
    Ok(Invariant { key: key.to_owned(), human: human.to_owned(), text: text.to_owned(), expression })
}

fn type_rule(one: &Element) -> TypeRule {
    let list = |name: &str| {
        let list = one.get(name).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    TypeRule {
        code: text(one, "code").unwrap_or_default().to_owned(),
        profiles: list("profile"),
        targets: list("targetProfile"),
    }
}

fn read_slicing(slicing: &Element) -> std::result::Result<Slicing, String> {
    let mut discriminators = Vec::new();
    for one in objects(slicing, "discriminator").into_iter().flatten() {
        let (code, path) = (text(one, "type").unwrap_or_default(), text(one, "path").unwrap_or_default());
        let by = match code {
            "value" | "pattern" => By::Value,
            "exists" => By::Exists,
            "type" => By::Type,
            "profile" => By::Profile,
            other => return Err(format!("slices cannot be told apart by '{other}'")),
        };
        let steps = parse(path).ok_or_else(|| format!("'{path}' is no path of a discriminator"))?;
        discriminators.push(Discriminator { by, steps });
    }
    let rest = match text(slicing, "rules") {
        Some("closed") => Rest::Refused,
        Some("openAtEnd") => Rest::AtEnd,
        _ => Rest::Allowed,
    };
    let ordered = slicing.get("ordered").and_then(Value::as_bool).unwrap_or(false);
    Ok(Slicing { discriminators, ordered, rest })
}

pub(super) fn text<'e>(object: &'e Element, name: &str) -> Option<&'e str> {
    object.get(name).and_then(Value::as_str)
}

fn objects<'e>(object: &'e Element, name: &str) -> Option<impl Iterator<Item = &'e Element>> {
    object.get(name).and_then(Value::as_array).map(|list| list.iter().filter_map(Value::as_object))
}

fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => number.as_str().parse().ok(),
        _ => None,
    }
}
