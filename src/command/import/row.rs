//! A row as a user: the fields of a User by their names, whether flat as CSV has them or a User in JSON.

use serde_json::{Map, Value, json};

use super::hash::{self, Firebase};
use crate::error::{Error, Issue, Kind, Result};

/// Truth values, which CSV has as texts.
const TRUTHS: [&str; 3] = ["active", "emailVerified", "mfaRequired"];
/// Elements that may be given; all else is refused.
const KNOWN: [&str; 17] = [
    "active",
    "displayName",
    "email",
    "emailVerified",
    "externalId",
    "firstName",
    "identifier",
    "lastName",
    "metadata",
    "mfaRequired",
    "phone",
    "photo",
    "preferredLanguage",
    "resourceType",
    "telecom",
    "timezone",
    "title",
];

pub(super) struct Person {
    /// The User, without its project.
    pub user: Value,
    pub email: String,
}

impl Person {
    pub fn read(mut fields: Map<String, Value>, firebase: &Firebase) -> Result<Self> {
        let hash = hash::take(&mut fields, firebase)?;
        let mut issues: Vec<Issue> = fields
            .keys()
            .filter(|name| !KNOWN.contains(&name.as_str()))
            .map(|name| Issue::error("not-supported", "this is not known here").at(name))
            .collect();
        for name in TRUTHS {
            if let Some(Value::String(text)) = fields.get(name) {
                match text.to_ascii_lowercase().as_str() {
                    "true" | "1" | "yes" => drop(fields.insert(name.to_owned(), Value::Bool(true))),
                    "false" | "0" | "no" => drop(fields.insert(name.to_owned(), Value::Bool(false))),
                    _ => issues.push(Issue::error("value", "it is true or false").at(name)),
                }
            }
        }
        if !issues.is_empty() {
            return Err(Error::new(Kind::Malformed, issues));
        }
        if let Some(phone) = fields.shift_remove("phone") {
            let point = json!({ "system": "phone", "value": phone });
            match fields.get_mut("telecom").and_then(Value::as_array_mut) {
                Some(telecom) => telecom.push(point),
                None => drop(fields.insert("telecom".to_owned(), json!([point]))),
            }
        }
        if let Some(language @ Value::String(_)) = fields.get("preferredLanguage").cloned() {
            fields.insert("preferredLanguage".to_owned(), json!([language]));
        }
        fields.insert("resourceType".to_owned(), Value::from("User"));
        if !fields.contains_key("active") {
            fields.insert("active".to_owned(), Value::Bool(true));
        }
        if let Some(hash) = hash {
            fields.insert("passwordHash".to_owned(), Value::from(hash));
        }
        let email = fields.get("email").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Self { user: Value::Object(fields), email })
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.user.get(name).and_then(Value::as_str)
    }
}
