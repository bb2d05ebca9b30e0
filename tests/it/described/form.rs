//! Whether a value is as a schema of the description says (<https://json-schema.org/draft/2020-12>), as far as schemas go
//! there.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::DOCUMENT;

/// All patterns of the description.
static PATTERNS: LazyLock<HashMap<String, Regex>> = LazyLock::new(|| {
    let mut found = HashMap::new();
    collect(&DOCUMENT, &mut found);
    found
});

fn collect(value: &Value, found: &mut HashMap<String, Regex>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(pattern)) = object.get("pattern") {
                found.insert(pattern.clone(), Regex::new(pattern).expect("a pattern"));
            }
            object.values().for_each(|value| collect(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// What is wrong with a value, and where.
pub fn wrong(schema: &Value, value: &Value, place: &str) -> Option<String> {
    let Value::Object(rules) = schema else { return None };
    if rules.get("writeOnly") == Some(&Value::Bool(true)) {
        return Some(format!("{place} is shown, and it is only to be written"));
    }
    if let Some(reference) = rules.get("$ref").and_then(Value::as_str) {
        return wrong(DOCUMENT.pointer(&reference[1..]).expect("a schema"), value, place);
    }
    if let Some(discriminator) = rules.get("discriminator") {
        let name = discriminator["propertyName"].as_str().expect("a name");
        let Some(kind) = value[name].as_str() else { return Some(format!("{place} has no {name}")) };
        let Some(reference) = discriminator["mapping"][kind].as_str() else {
            return Some(format!("{place} is a {kind}, of which nothing is known"));
        };
        return wrong(DOCUMENT.pointer(&reference[1..]).expect("a schema"), value, place);
    }
    rules.iter().find_map(|(rule, of)| broken(rule, of, rules, value, place))
}

fn broken(
    rule: &str,
    of: &Value,
    rules: &serde_json::Map<String, Value>,
    value: &Value,
    place: &str,
) -> Option<String> {
    let fault = |is_right: bool| (!is_right).then(|| format!("{place} breaks {rule} {of}: {value}"));
    let list = |of: &'_ Value| of.as_array().expect("a list").clone();
    let inside = |name: &str| format!("{place}.{name}");
    match (rule, value) {
        ("type", _) => fault(match of {
            Value::Array(types) => types.iter().any(|one| is_a(one, value)),
            one => is_a(one, value),
        }),
        ("const", _) => fault(of == value),
        ("enum", _) => fault(list(of).contains(value)),
        ("pattern", Value::String(text)) => fault(PATTERNS[of.as_str().expect("a pattern")].is_match(text)),
        ("minLength", Value::String(text)) => fault(text.len() as u64 >= of.as_u64().expect("a number")),
        ("minItems", Value::Array(all)) => fault(all.len() as u64 >= of.as_u64().expect("a number")),
        ("maxItems", Value::Array(all)) => fault(all.len() as u64 <= of.as_u64().expect("a number")),
        ("minimum", Value::Number(number)) => fault(number.as_f64() >= of.as_f64()),
        ("maximum", Value::Number(number)) => fault(number.as_f64() <= of.as_f64()),
        ("required", Value::Object(object)) => {
            fault(list(of).iter().all(|name| object.contains_key(name.as_str().expect("a name"))))
        }
        ("items", Value::Array(all)) => {
            all.iter().enumerate().find_map(|(index, one)| wrong(of, one, &format!("{place}[{index}]")))
        }
        ("properties", Value::Object(object)) => {
            object.iter().find_map(|(name, one)| wrong(of.get(name)?, one, &inside(name)))
        }
        ("additionalProperties", Value::Object(object)) => {
            let known = rules.get("properties").and_then(Value::as_object);
            let mut others =
                object.iter().filter(|(name, _)| !known.is_some_and(|known| known.contains_key(*name)));
            match of {
                Value::Bool(false) => {
                    others.next().map(|(name, _)| format!("{} is not described", inside(name)))
                }
                of => others.find_map(|(name, one)| wrong(of, one, &inside(name))),
            }
        }
        ("allOf", _) => list(of).iter().find_map(|one| wrong(one, value, place)),
        ("anyOf" | "oneOf", _) => {
            let faults: Option<Vec<String>> = list(of).iter().map(|one| wrong(one, value, place)).collect();
            faults.map(|faults| faults.join(", or "))
        }
        _ => None,
    }
}

fn is_a(name: &Value, value: &Value) -> bool {
    match name.as_str().expect("the name of a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        _ => value.is_number(),
    }
}

#[test]
fn what_is_not_as_described_is_found() {
    use serde_json::json;
    let user = json!({"$ref": "#/components/schemas/User"});
    let good = json!({"resourceType": "User", "email": "a@example.com", "preferredLanguage": ["de", null]});
    assert_eq!(wrong(&user, &good, "it"), None);
    for (name, value) in [
        ("email", json!(1)),
        ("email", json!("")),
        ("strange", json!(true)),
        ("passwordHash", json!("$2b$")),
        ("resourceType", json!("Patient")),
        ("metadata", json!([])),
        ("metadata", json!([{"valueString": "x"}])),
        ("metadata", json!([{"name": "x", "format": "yaml"}])),
        ("id", json!("a b")),
        ("contained", json!([{"resourceType": "User", "active": "yes"}])),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        assert!(wrong(&user, &bad, "it").is_some(), "{bad}");
    }
}
