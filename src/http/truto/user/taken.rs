//! What a body of Truto's says of a user, put into the User and his membership. A field that is absent stays as it was; null
//! or an empty list takes it away; every fault is told at once.

use serde_json::{Map, Value, json};

use crate::error::{Error, Issue, Kind, Result};
use crate::http::truto::{list, text};

/// The number that is dialled after a phone number, an extension of FHIR's own.
pub(super) const EXTENSION: &str = "http://hl7.org/fhir/StructureDefinition/contactpoint-extension";
/// What sort of address it is, where FHIR has no code for it.
pub(super) const KIND: &str = "https://roster.dev/fhir/StructureDefinition/contact-type";

pub(super) const WRITTEN: [&str; 17] = [
    "first_name",
    "last_name",
    "title",
    "name",
    "username",
    "external_id",
    "emails",
    "is_email_verified",
    "phones",
    "urls",
    "status",
    "roles",
    "user_type",
    "avatar",
    "timezone",
    "languages",
    "remote_data",
];
const USES: [&str; 5] = ["home", "work", "temp", "old", "mobile"];

/// What is wanted, in the words of the store.
#[derive(Default)]
pub(super) struct Taken {
    /// Elements of User; null takes one away.
    pub user: Map<String, Value>,
    /// Contact points by system, each list whole.
    pub points: Vec<(&'static str, Vec<Value>)>,
    pub username: Option<Option<String>>,
    /// Ids or names of policies.
    pub roles: Option<Vec<Role>>,
    pub admin: Option<bool>,
    pub status: Option<Status>,
}

pub(super) enum Role {
    Id(String),
    Name(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Active,
    Inactive,
    /// He is to be sent an invitation.
    Invited,
}

struct Reader {
    taken: Taken,
    issues: Vec<Issue>,
}

impl Taken {
    pub fn read(body: &Map<String, Value>) -> Result<Self> {
        let mut reader = Reader { taken: Self::default(), issues: Vec::new() };
        for (name, value) in body {
            reader.take(name, value);
        }
        match reader.issues.is_empty() {
            true => Ok(reader.taken),
            false => Err(Error::new(Kind::Malformed, reader.issues)),
        }
    }

    /// Whether the record of the user himself is to change.
    pub fn is_of_user(&self) -> bool {
        !self.user.is_empty() || !self.points.is_empty()
    }

    /// Whether his membership is to change.
    pub fn is_of_member(&self) -> bool {
        self.username.is_some() || self.roles.is_some() || self.admin.is_some() || self.status.is_some()
    }

    /// Puts it into a User.
    pub fn write_user(&self, body: &mut Value) {
        for (name, value) in &self.user {
            match value {
                Value::Null => {
                    body.as_object_mut().map(|body| body.shift_remove(name));
                }
                value => body[name] = value.clone(),
            }
        }
        for (system, points) in &self.points {
            let others = list(body, "telecom").iter().filter(|point| text(point, "system") != Some(system));
            let all: Vec<Value> = others.chain(points).cloned().collect();
            match all.is_empty() {
                true => {
                    body.as_object_mut().map(|body| body.shift_remove("telecom"));
                }
                false => body["telecom"] = Value::Array(all),
            }
        }
    }
}

impl Reader {
    fn take(&mut self, name: &str, value: &Value) {
        match name {
            "first_name" => self.text(name, "firstName", value),
            "last_name" => self.text(name, "lastName", value),
            "title" => self.text(name, "title", value),
            "name" => self.text(name, "displayName", value),
            "external_id" => self.text(name, "externalId", value),
            "timezone" => self.text(name, "timezone", value),
            "avatar" => {
                if let Some(url) = self.string(name, value) {
                    let photo = url.map_or(Value::Null, |url| json!({ "url": url }));
                    self.taken.user.insert("photo".to_owned(), photo);
                }
            }
            "username" => self.taken.username = self.string(name, value),
            "is_email_verified" => match value {
                Value::Bool(_) => {
                    self.taken.user.insert("emailVerified".to_owned(), value.clone());
                }
                _ => self.fault(name, "this is true or false"),
            },
            "languages" => {
                let texts = value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
                let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
                if empty || texts {
                    let value = if empty { Value::Null } else { value.clone() };
                    self.taken.user.insert("preferredLanguage".to_owned(), value);
                } else {
                    self.fault(name, "this is a list of texts");
                }
            }
            "emails" => self.emails(value),
            "phones" => self.points(name, "phone", "number", value),
            "urls" => self.points(name, "url", "url", value),
            "status" => match value.as_str() {
                Some("active") => self.taken.status = Some(Status::Active),
                Some("inactive") => self.taken.status = Some(Status::Inactive),
                Some("invited") => self.taken.status = Some(Status::Invited),
                _ => self.fault(name, "this is active, inactive or invited; who is to be deleted is deleted"),
            },
            "user_type" => match value.as_str() {
                Some("admin") => self.taken.admin = Some(true),
                Some("member") => self.taken.admin = Some(false),
                _ => self.fault(name, "this is admin or member"),
            },
            "roles" => self.roles(value),
            // What it was made of comes back with a record that is sent as it was read; it says nothing new.
            _ => {}
        }
    }

    fn fault(&mut self, place: &str, text: &str) {
        self.issues.push(Issue::error("value", text).at(place));
    }

    /// The outer nothing is a fault; the inner one takes away.
    fn string(&mut self, name: &str, value: &Value) -> Option<Option<String>> {
        match value {
            Value::Null => Some(None),
            Value::String(text) => Some(Some(text.clone()).filter(|text| !text.trim().is_empty())),
            _ => {
                self.fault(name, "this is a text");
                None
            }
        }
    }

    fn text(&mut self, name: &str, element: &str, value: &Value) {
        if let Some(text) = self.string(name, value) {
            self.taken.user.insert(element.to_owned(), text.map_or(Value::Null, Value::from));
        }
    }

    /// The first that says so is the one to sign in with, or else the first at all.
    fn emails(&mut self, value: &Value) {
        let list = value.as_array().filter(|list| list.iter().all(|one| text(one, "email").is_some()));
        let Some(list) = list.filter(|list| !list.is_empty()) else {
            return self.fault("emails", "this is a list with an `email` in each place");
        };
        let is_primary = |one: &Value| one.get("is_primary") == Some(&Value::Bool(true));
        if list.iter().filter(|one| is_primary(one)).count() > 1 {
            return self.fault("emails", "only one of them is the primary one");
        }
        let first = list.iter().position(is_primary).unwrap_or(0);
        self.taken.user.insert("email".to_owned(), list[first]["email"].clone());
        let further: Vec<Value> = list
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != first)
            .map(|(_, one)| one.clone())
            .collect();
        self.points("emails", "email", "email", &Value::Array(further));
    }

    fn points(&mut self, name: &str, system: &'static str, field: &str, value: &Value) {
        let none = Vec::new();
        let list = match value {
            Value::Null => &none,
            Value::Array(list) => list,
            _ => return self.fault(name, "this is a list"),
        };
        let mut points = Vec::new();
        for one in list {
            let Some(number) = text(one, field) else {
                return self.fault(name, &format!("there is a `{field}` in each place"));
            };
            let mut point = json!({ "system": system, "value": number });
            let mut extensions = Vec::new();
            match one.get("type") {
                None | Some(Value::Null) => {}
                Some(Value::String(kind)) if USES.contains(&kind.as_str()) => {
                    point["use"] = Value::from(kind.as_str())
                }
                Some(Value::String(kind)) if !kind.trim().is_empty() => {
                    extensions.push(json!({ "url": KIND, "valueString": kind }));
                }
                Some(_) => return self.fault(name, "a `type` is a text"),
            }
            match one.get("extension") {
                None | Some(Value::Null) => {}
                Some(Value::String(number)) if system == "phone" && !number.trim().is_empty() => {
                    extensions.push(json!({ "url": EXTENSION, "valueString": number }));
                }
                Some(_) => return self.fault(name, "an `extension` is a text, and phones have it"),
            }
            if !extensions.is_empty() {
                point["extension"] = Value::Array(extensions);
            }
            points.push(point);
        }
        self.taken.points.push((system, points));
    }

    fn roles(&mut self, value: &Value) {
        let none = Vec::new();
        let list = match value {
            Value::Null => &none,
            Value::Array(list) => list,
            _ => return self.fault("roles", "this is a list"),
        };
        let mut roles = Vec::new();
        for one in list {
            roles.push(match (text(one, "id"), text(one, "name")) {
                (Some(id), _) => Role::Id(id.to_owned()),
                (None, Some(name)) => Role::Name(name.to_owned()),
                (None, None) => return self.fault("roles", "there is an `id` or a `name` in each place"),
            });
        }
        self.taken.roles = Some(roles);
    }
}
