//! From FHIR to SCIM: a User with his memberships and groups, as a client reads him.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::accept::Object;
use super::super::group;
use super::super::refusal::Result;
use super::super::schema::{Attribute, ENTERPRISE, Kind, USER, user};
use super::super::shape::{moment, wants};
use super::{EXTENSION, ITEM, NUMBERS};
use crate::error::Error;
use crate::repo::Repo;
use crate::resource;
use crate::store::Row;

/// A user as he is stored.
pub(in super::super) struct Person {
    pub row: Arc<Row>,
    pub body: Value,
    /// Of this project, oldest first.
    pub memberships: Vec<(Arc<Row>, Value)>,
    created: i64,
}

/// Ids in one question.
const MOST: usize = 50;

/// The users of these rows, with their memberships.
pub(in super::super) async fn people(repo: &Repo, rows: Vec<Arc<Row>>) -> Result<Vec<Person>> {
    let mut of: HashMap<String, Vec<(Arc<Row>, Value)>> = HashMap::new();
    for some in rows.chunks(MOST) {
        let users: Vec<String> = some.iter().map(|row| format!("User/{}", row.id)).collect();
        for row in all(repo, "ProjectMembership", &[("user", users.join(","))]).await? {
            let body: Value = resource::parse(row.body.as_bytes())?;
            if let Some(user) = body.pointer("/user/reference").and_then(Value::as_str) {
                of.entry(user.trim_start_matches("User/").to_owned()).or_default().push((row, body));
            }
        }
    }
    let created = repo.created(&rows).await?;
    let mut people = Vec::with_capacity(rows.len());
    for (row, created) in rows.into_iter().zip(created) {
        let body = resource::parse(row.body.as_bytes())?;
        let mut memberships = of.remove(&row.id).unwrap_or_default();
        memberships.sort_by(|(one, _), (other, _)| one.id.cmp(&other.id));
        people.push(Person { row, body, memberships, created });
    }
    Ok(people)
}

/// Everything that a search finds.
pub(in super::super) async fn all(
    repo: &Repo,
    kind: &str,
    asked: &[(&str, String)],
) -> std::result::Result<Vec<Arc<Row>>, Error> {
    let mut parameters: Vec<(String, String)> =
        asked.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    parameters.push(("_count".to_owned(), "1000".to_owned()));
    let mut rows = Vec::new();
    loop {
        let found = repo.search(kind, &parameters, false).await?;
        rows.extend(found.rows);
        match found.next {
            Some(next) => parameters = crate::search::parameters::parse(&next)?,
            None => return Ok(rows),
        }
    }
}

/// The users as SCIM has them, with as much as is asked for.
pub(in super::super) async fn shown(
    repo: &Repo,
    people: &[Person],
    base: &str,
    wanted: &super::super::shape::Wanted,
) -> Result<Vec<Value>> {
    let mut groups = HashMap::new();
    if wants(wanted, "groups") {
        let ids: Vec<&str> = people.iter().map(|person| person.row.id.as_str()).collect();
        groups = group::of_users(repo, &ids, base).await?;
    }
    let one = |person: &Person| {
        let mut shown = person.scim(base);
        if let Some(groups) = groups.remove(person.row.id.as_str()) {
            shown.insert("groups".to_owned(), Value::Array(groups));
        }
        Value::Object(shown)
    };
    Ok(people.iter().map(one).collect())
}

impl Person {
    /// The version, as an ETag: of himself and of his memberships.
    pub fn tag(&self) -> String {
        let memberships: i64 = self.memberships.iter().map(|(row, _)| row.version).sum();
        format!("W/\"{}.{memberships}\"", self.row.version)
    }

    pub fn is_active(&self) -> bool {
        let awake = |body: &Value| body.get("active") != Some(&Value::Bool(false));
        let may_enter = self.memberships.is_empty() || self.memberships.iter().any(|(_, body)| awake(body));
        awake(&self.body) && may_enter
    }

    /// The whole user, without his groups.
    pub fn scim(&self, base: &str) -> Object {
        let mut scim = Object::new();
        scim.insert("schemas".to_owned(), json!([USER]));
        scim.insert("id".to_owned(), Value::from(self.row.id.as_str()));
        put(&mut scim, "externalId", self.body.get("externalId").cloned());
        let own = extension(&self.body, EXTENSION);
        for attribute in &user().core.attributes {
            let value = match attribute.name.as_str() {
                "userName" => Some(Value::from(self.user_name())),
                // Taken away over SCIM it is not said, and he may sign in.
                "active" if !own.is_empty() && self.is_active() => self.body.get("active").cloned(),
                "active" => Some(Value::Bool(self.is_active())),
                "emails" => self.emails(),
                "phoneNumbers" => self.phones(),
                "photos" => self.photos(attribute, own),
                "preferredLanguage" => {
                    self.body.pointer("/preferredLanguage/0").cloned().or_else(|| found(attribute, own))
                }
                "groups" | "password" => None,
                _ => self.attribute(attribute, own),
            };
            put(&mut scim, &attribute.name, value);
        }
        let mut enterprise = Object::new();
        for attribute in user().extensions.iter().flat_map(|schema| &schema.attributes) {
            put(&mut enterprise, &attribute.name, found(attribute, own));
        }
        if let Some(manager) = enterprise.get_mut("manager").and_then(Value::as_object_mut)
            && !manager.contains_key("$ref")
            && let Some(id) = manager.get("value").and_then(Value::as_str)
        {
            let place = format!("{base}/Users/{id}");
            manager.insert("$ref".to_owned(), Value::from(place));
        }
        if !enterprise.is_empty() {
            scim["schemas"] = json!([USER, ENTERPRISE]);
            scim.insert(ENTERPRISE.to_owned(), Value::Object(enterprise));
        }
        scim.insert(
            "meta".to_owned(),
            json!({
                "resourceType": "User",
                "created": moment(self.created),
                "lastModified": moment(self.row.updated),
                "location": format!("{base}/Users/{}", self.row.id),
                "version": self.tag(),
            }),
        );
        scim
    }

    /// By what SCIM calls him; who was not made over SCIM is called by his e-mail.
    pub fn user_name(&self) -> &str {
        let said = parts(extension(&self.body, EXTENSION), "userName")
            .next()
            .and_then(|part| part["valueString"].as_str());
        let text = |name: &str| self.body.get(name).and_then(Value::as_str);
        said.or_else(|| text("email")).or_else(|| text("externalId")).unwrap_or(&self.row.id)
    }

    fn attribute(&self, attribute: &Attribute, own: &[Value]) -> Option<Value> {
        if let Some(element) = &attribute.element {
            return self.body.get(element).cloned().or_else(|| found(attribute, own));
        }
        let value = found(attribute, own);
        if attribute.kind != Kind::Complex || attribute.multi_valued {
            return value;
        }
        let mut object = match value {
            Some(Value::Object(object)) => object,
            _ => Object::new(),
        };
        for sub in &attribute.sub_attributes {
            if let Some(value) = sub.element.as_ref().and_then(|element| self.body.get(element)) {
                object.insert(sub.name.clone(), value.clone());
            }
        }
        (!object.is_empty()).then_some(Value::Object(object))
    }

    fn emails(&self) -> Option<Value> {
        let mut all = Vec::new();
        let beside = self.body.get("_email").map(|beside| extension(beside, ITEM)).unwrap_or_default();
        let hidden = parts(beside, "hidden").next().is_some();
        if let Some(email) = self.body.get("email").and_then(Value::as_str).filter(|_| !hidden) {
            let written = parts(beside, "value").next().and_then(|part| part["valueString"].as_str());
            let written = written.filter(|written| written.to_lowercase() == email).unwrap_or(email);
            let mut item = Object::from_iter([("value".to_owned(), Value::from(written))]);
            if beside.is_empty() {
                item.insert("primary".to_owned(), Value::Bool(true));
            }
            besides(&mut item, beside, None);
            if parts(beside, "unsaid").next().is_some() {
                item.shift_remove("primary");
            }
            all.push(Value::Object(item));
        }
        all.extend(self.points(&["email"]));
        (!all.is_empty()).then_some(Value::Array(all))
    }

    fn phones(&self) -> Option<Value> {
        let all: Vec<Value> = self.points(&NUMBERS).collect();
        (!all.is_empty()).then_some(Value::Array(all))
    }

    fn points(&self, systems: &'static [&'static str]) -> impl Iterator<Item = Value> {
        let all = self.body.get("telecom").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter_map(move |point| {
            let system = point["system"].as_str().filter(|system| systems.contains(system))?;
            let mut item = Object::from_iter([("value".to_owned(), point.get("value")?.clone())]);
            let kind = match (system, point["use"].as_str()) {
                ("fax" | "pager", _) => Some(system),
                (_, kind) => kind,
            };
            besides(&mut item, extension(point, ITEM), kind);
            Some(Value::Object(item))
        })
    }

    fn photos(&self, attribute: &Attribute, own: &[Value]) -> Option<Value> {
        let mut all = Vec::new();
        if let Some(photo) = self.body.get("photo")
            && let Some(url) = photo.get("url")
        {
            let mut item = Object::from_iter([("value".to_owned(), url.clone())]);
            besides(&mut item, extension(photo, ITEM), None);
            all.push(Value::Object(item));
        }
        if let Some(Value::Array(others)) = found(attribute, own) {
            all.extend(others);
        }
        (!all.is_empty()).then_some(Value::Array(all))
    }
}

fn put(object: &mut Object, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value);
    }
}

/// Type, name and preference of a value.
fn besides(item: &mut Object, beside: &[Value], kind: Option<&str>) {
    let text = |name: &str| parts(beside, name).next().and_then(|part| part.get("valueString").cloned());
    put(item, "display", text("display"));
    put(item, "type", text("type").or_else(|| kind.map(Value::from)));
    let primary = parts(beside, "primary").next().and_then(|part| part.get("valueBoolean").cloned());
    if primary.is_some() {
        put(item, "primary", primary);
    }
}

/// The parts of the extension of this url.
fn extension<'v>(holder: &'v Value, url: &str) -> &'v [Value] {
    let all = holder.get("extension").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let one = all.iter().find(|one| one["url"] == url);
    one.and_then(|one| one["extension"].as_array()).map(Vec::as_slice).unwrap_or_default()
}

fn parts<'v>(all: &'v [Value], name: &str) -> impl Iterator<Item = &'v Value> {
    all.iter().filter(move |part| part["url"] == name)
}

/// The value of an attribute that is kept in the extension.
fn found(attribute: &Attribute, own: &[Value]) -> Option<Value> {
    let mut values = parts(own, &attribute.name).filter_map(|part| value(attribute, part));
    if !attribute.multi_valued {
        return values.next();
    }
    let all: Vec<Value> = values.collect();
    (!all.is_empty()).then_some(Value::Array(all))
}

fn value(attribute: &Attribute, part: &Value) -> Option<Value> {
    if attribute.kind != Kind::Complex {
        return part.get("valueString").or_else(|| part.get("valueBoolean")).cloned();
    }
    let inner = part["extension"].as_array()?;
    let mut object = Object::new();
    for sub in &attribute.sub_attributes {
        put(&mut object, &sub.name, parts(inner, &sub.name).next().and_then(|part| value(sub, part)));
    }
    (!object.is_empty()).then_some(Value::Object(object))
}
