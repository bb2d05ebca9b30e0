//! From SCIM to FHIR: what a user is by now, put into his User. What SCIM has no say in stays as it was.

use serde_json::{Value, json};

use super::super::accept::Object;
use super::super::schema::{Attribute, ENTERPRISE, Kind, user};
use super::{EXTENSION, ITEM, NUMBERS, USES};

/// The User that says this. `old` is the one until now, or an empty one.
pub(super) fn body(old: &Value, scim: &Object) -> Value {
    let mut body = old.clone();
    let mut kept = Vec::new();
    for attribute in &user().core.attributes {
        let value = scim.get(&attribute.name);
        match attribute.name.as_str() {
            "emails" => emails(&mut body, value, scim),
            "phoneNumbers" => phones(&mut body, value),
            "photos" => photos(&mut body, value, &mut kept),
            "active" => set(&mut body, "active", value.cloned()),
            "groups" | "password" => {}
            _ => place(&mut body, attribute, value, &mut kept),
        }
    }
    set(&mut body, "externalId", scim.get("externalId").cloned());
    let enterprise = scim.get(ENTERPRISE);
    for attribute in user().extensions.iter().flat_map(|schema| &schema.attributes) {
        let value = enterprise.and_then(|enterprise| enterprise.get(&attribute.name));
        kept.extend(value.and_then(|value| extension(&attribute.name, attribute, value)));
    }
    extend(&mut body, EXTENSION, kept);
    body
}

fn set(body: &mut Value, name: &str, value: Option<Value>) {
    let Some(object) = body.as_object_mut() else { return };
    match value {
        Some(value) => drop(object.insert(name.to_owned(), value)),
        None => drop(object.shift_remove(name)),
    }
}

/// Puts an extension in the place of the one of this url, if there is anything to say.
fn extend(holder: &mut Value, url: &str, inner: Vec<Value>) {
    let Some(object) = holder.as_object_mut() else { return };
    let mut all = match object.shift_remove("extension") {
        Some(Value::Array(all)) => all,
        _ => Vec::new(),
    };
    all.retain(|one| one["url"] != url);
    if !inner.is_empty() {
        all.push(json!({ "url": url, "extension": inner }));
    }
    if !all.is_empty() {
        object.insert("extension".to_owned(), Value::Array(all));
    }
}

/// An attribute that is an element, where its value fits, and a part of the extension otherwise.
fn place(body: &mut Value, attribute: &Attribute, value: Option<&Value>, kept: &mut Vec<Value>) {
    let text = value.and_then(Value::as_str);
    match (attribute.element.as_deref(), attribute.kind) {
        (Some("preferredLanguage"), _) => {
            let code = text.filter(|text| is_language(text));
            // Further languages are not SCIM's to take away.
            let others = match body.get("preferredLanguage") {
                Some(Value::Array(all)) => {
                    all.iter().skip(1).filter(|one| one.as_str() != code).cloned().collect()
                }
                _ => Vec::new(),
            };
            let all: Vec<Value> =
                code.map(Value::from).into_iter().chain(code.map(|_| others).into_iter().flatten()).collect();
            set(body, "preferredLanguage", (!all.is_empty()).then_some(Value::Array(all)));
            kept.extend(text.filter(|_| code.is_none()).map(|text| part(&attribute.name, text)));
        }
        (Some("timezone"), _) => {
            let fits = text.filter(|text| is_zone(text));
            set(body, "timezone", fits.map(Value::from));
            kept.extend(text.filter(|_| fits.is_none()).map(|text| part(&attribute.name, text)));
        }
        (Some(element), _) => set(body, element, text.map(Value::from)),
        (None, Kind::Complex) if !attribute.multi_valued => {
            let mut inner = Vec::new();
            for sub in &attribute.sub_attributes {
                let value = value.and_then(|value| value.get(&sub.name));
                match &sub.element {
                    Some(element) => set(body, element, value.cloned()),
                    None => inner.extend(value.and_then(|value| extension(&sub.name, sub, value))),
                }
            }
            if !inner.is_empty() {
                kept.push(json!({ "url": attribute.name, "extension": inner }));
            }
        }
        (None, _) => match value {
            Some(Value::Array(list)) => {
                kept.extend(list.iter().filter_map(|value| extension(&attribute.name, attribute, value)));
            }
            Some(value) => kept.extend(extension(&attribute.name, attribute, value)),
            None => {}
        },
    }
}

/// A value as a part of the extension.
fn extension(name: &str, attribute: &Attribute, value: &Value) -> Option<Value> {
    Some(match value {
        Value::String(text) => part(name, text),
        Value::Bool(truth) => json!({ "url": name, "valueBoolean": truth }),
        Value::Object(object) => {
            let parts = attribute.sub_attributes.iter();
            let inner: Vec<Value> =
                parts.filter_map(|sub| extension(&sub.name, sub, object.get(&sub.name)?)).collect();
            if inner.is_empty() {
                return None;
            }
            json!({ "url": name, "extension": inner })
        }
        _ => return None,
    })
}

fn part(name: &str, text: &str) -> Value {
    json!({ "url": name, "valueString": text })
}

/// What is said of a value besides, as the parts of an extension on it.
fn besides(item: &Value, with_type: bool) -> Vec<Value> {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let mut inner = Vec::new();
    inner.extend(text("type").filter(|_| with_type).map(|text| part("type", text)));
    inner.extend(text("display").map(|text| part("display", text)));
    let primary = item.get("primary").and_then(Value::as_bool);
    inner.extend(primary.map(|primary| json!({ "url": "primary", "valueBoolean": primary })));
    inner
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The primary address is the one to sign in with; who has none signs in with a user name that is one.
fn emails(body: &mut Value, value: Option<&Value>, scim: &Object) {
    let all: Vec<&Value> = items(value).iter().filter(|item| address(item).is_some()).collect();
    let first = all.iter().position(|item| item.get("primary") == Some(&Value::Bool(true)));
    let first = first.or(if all.is_empty() { None } else { Some(0) });
    let old = body.get("email").cloned();
    let (email, mut inner) = match first.map(|first| all[first]) {
        Some(item) => {
            let mut inner = besides(item, true);
            let written = address(item).unwrap_or_default();
            if written.to_lowercase() != written {
                inner.push(part("value", written));
            }
            if item.get("primary").is_none() {
                inner.push(json!({ "url": "primary", "valueBoolean": false }));
                inner.push(json!({ "url": "unsaid", "valueBoolean": true }));
            }
            (Some(written.to_lowercase()), inner)
        }
        None => {
            let name = scim.get("userName").and_then(Value::as_str).filter(|name| is_address(name));
            (name.map(str::to_lowercase), vec![json!({ "url": "hidden", "valueBoolean": true })])
        }
    };
    if email.is_none() {
        inner.clear();
    }
    if old.as_ref().and_then(Value::as_str) != email.as_deref() {
        set(body, "emailVerified", old.is_some().then_some(Value::Bool(false)));
    }
    set(body, "email", email.map(Value::from));
    let mut beside = body.get("_email").cloned().unwrap_or_else(|| json!({}));
    extend(&mut beside, ITEM, inner);
    let empty = beside.as_object().is_none_or(Object::is_empty);
    set(body, "_email", (!empty && body.get("email").is_some()).then_some(beside));
    let others = all.iter().enumerate().filter(|(place, _)| Some(*place) != first);
    let points = others.map(|(_, item)| point("email", item)).collect();
    telecom(body, &["email"], points);
}

fn phones(body: &mut Value, value: Option<&Value>) {
    let kind = |item: &Value| item.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let numbered = items(value).iter().filter(|item| address(item).is_some());
    let points = numbered.map(|item| match kind(item).as_str() {
        system @ ("fax" | "pager") => point(system, item),
        _ => point("phone", item),
    });
    telecom(body, &NUMBERS, points.collect());
}

fn address(item: &Value) -> Option<&str> {
    item.get("value").and_then(Value::as_str)
}

/// A contact point, with what it cannot say in its extension.
fn point(system: &str, item: &Value) -> Value {
    let kind = item.get("type").and_then(Value::as_str);
    let said = kind.is_none_or(|kind| USES.contains(&kind) || kind == system && system != "email");
    let mut point = json!({ "system": system, "value": address(item) });
    if let Some(kind) = kind.filter(|kind| USES.contains(kind)) {
        point["use"] = Value::from(kind);
    }
    extend(&mut point, ITEM, besides(item, !said));
    point
}

/// Puts these in the place of the contact points of these systems.
fn telecom(body: &mut Value, systems: &[&str], points: Vec<Value>) {
    let mut all = match body.get("telecom") {
        Some(Value::Array(all)) => all.clone(),
        _ => Vec::new(),
    };
    all.retain(|point| point["system"].as_str().is_none_or(|system| !systems.contains(&system)));
    all.extend(points);
    set(body, "telecom", (!all.is_empty()).then_some(Value::Array(all)));
}

/// The first picture is the User's.
fn photos(body: &mut Value, value: Option<&Value>, kept: &mut Vec<Value>) {
    let all = items(value);
    let first = all.iter().position(|item| address(item).is_some());
    let own = first.map(|first| {
        let mut photo = json!({ "url": address(&all[first]) });
        extend(&mut photo, ITEM, besides(&all[first], true));
        photo
    });
    set(body, "photo", own);
    let Some(attribute) = user().find("photos") else { return };
    for (place, item) in all.iter().enumerate() {
        if Some(place) != first {
            kept.extend(extension("photos", attribute, item));
        }
    }
}

/// As User.email takes it.
pub(super) fn is_address(text: &str) -> bool {
    let parts: Vec<&str> = text.split('@').collect();
    matches!(parts.as_slice(), [name, host] if !name.is_empty() && !host.is_empty())
        && !text.contains(char::is_whitespace)
}

/// As a code of BCP 47 looks.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// As User.timezone takes it.
fn is_zone(text: &str) -> bool {
    let legal = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte));
    let mut parts = text.split('/');
    let first = parts.next().unwrap_or_default();
    first.starts_with(|first: char| first.is_ascii_alphabetic())
        && legal(first)
        && parts.all(|part| part.starts_with(|first: char| first.is_ascii_alphanumeric()) && legal(part))
}
