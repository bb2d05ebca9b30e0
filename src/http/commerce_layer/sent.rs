//! What a document sends: attributes and relations of one record (<https://jsonapi.org/format/1.0/#crud>).

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, web};
use serde_json::{Map, Value};

use super::kept;
use super::kind::{By, Kind};
use crate::error::{Error, Issue, Kind as Sort, Result, conflict, malformed};
use crate::http::extract;
use crate::http::reply::Failure;
use crate::resource;

#[derive(Debug, Default)]
pub(super) struct Sent {
    /// Of the type's own, and `reference`, `reference_origin` and `metadata`.
    pub attributes: Map<String, Value>,
    /// Ids by relation; nothing where a relation is to end.
    pub relations: Vec<(String, Option<String>)>,
}

impl Sent {
    /// `id` is that of the address, where it has one.
    pub async fn read(
        request: &HttpRequest,
        payload: web::Payload,
        kind: &Kind,
        id: Option<&str>,
        (attributes, relations): (&[&str], &[&str]),
    ) -> Result<Self, Failure> {
        media(request)?;
        let body: Value = resource::parse(&extract::bytes(request, payload).await?)?;
        let Some(data) = body.get("data").and_then(Value::as_object) else {
            return Err(malformed("a document has a `data` that is an object")
                .coded("structure")
                .at("/data")
                .into());
        };
        if data.get("type").and_then(Value::as_str) != Some(kind.name) {
            return Err(conflict(format!("the type here is `{}`", kind.name)).at("/data/type").into());
        }
        if data.get("id").is_some_and(|given| given.as_str() != id) {
            return Err(malformed("this id is not the one of the address")
                .coded("value")
                .at("/data/id")
                .into());
        }
        let mut reader = Reader { sent: Self::default(), issues: Vec::new() };
        for (name, value) in data {
            match (name.as_str(), value) {
                ("type" | "id" | "meta" | "links", _) => {}
                ("attributes", Value::Object(given)) => reader.attributes(given, kind, attributes),
                ("relationships", Value::Object(given)) => reader.relations(given, kind, relations),
                _ => reader.fault(format!("/data/{name}"), "not-supported", "this has no place in a record"),
            }
        }
        match reader.issues.is_empty() {
            true => Ok(reader.sent),
            false => Err(Error::new(Sort::Invalid, reader.issues).into()),
        }
    }

    /// A text; nothing where it is not spoken of, and nothing inside where it is null.
    pub fn text(&self, name: &str) -> Option<Option<&str>> {
        self.attributes.get(name).map(|value| value.as_str().filter(|text| !text.is_empty()))
    }

    /// A text that must be there.
    pub fn needed(&self, name: &str) -> Result<&str> {
        self.text(name).flatten().ok_or_else(|| {
            Error::new(Sort::Invalid, vec![Issue::error("required", "can't be blank")])
                .at(format!("/data/attributes/{name}"))
        })
    }

    /// A relation to one that must be there.
    pub fn needed_relation(&self, name: &str) -> Result<&str> {
        self.relation(name).flatten().ok_or_else(|| {
            Error::new(Sort::Invalid, vec![Issue::error("required", "must exist")])
                .at(format!("/data/relationships/{name}"))
        })
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        self.attributes.get(name).and_then(Value::as_bool)
    }

    pub fn relation(&self, name: &str) -> Option<Option<&str>> {
        self.relations.iter().find(|(known, _)| known == name).map(|(_, id)| id.as_deref())
    }

    /// Fails where the organization is named and is another than the caller's.
    pub fn stays_in(&self, project: &str) -> Result<()> {
        match self.relation("organization") {
            None => Ok(()),
            Some(Some(id)) if id == project => Ok(()),
            Some(_) => Err(Error::new(
                Sort::Invalid,
                vec![Issue::error("not-found", "there is no such organization here")],
            )
            .at("/data/relationships/organization")),
        }
    }

    /// Puts texts into elements of a record, and what all records have into its place.
    pub fn write_record(&self, body: &mut Value, elements: &[(&str, &str)]) {
        for (name, element) in elements {
            match self.text(name) {
                Some(Some(text)) => body[*element] = Value::from(text),
                Some(None) => {
                    body.as_object_mut().map(|body| body.shift_remove(*element));
                }
                None => {}
            }
        }
        for name in kept::NAMES {
            if let Some(value) = self.attributes.get(name) {
                kept::take(body, name, value);
            }
        }
    }
}

/// Fails unless the body is said to be a document.
pub(super) fn media(request: &HttpRequest) -> Result<(), Failure> {
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match media.trim().eq_ignore_ascii_case(super::NAME) {
        true => Ok(()),
        false => {
            let text = "a document is sent as application/vnd.api+json, without parameters";
            Err(Failure::unsupported_media(text))
        }
    }
}

struct Reader {
    sent: Sent,
    issues: Vec<Issue>,
}

impl Reader {
    fn attributes(&mut self, given: &Map<String, Value>, kind: &Kind, known: &[&str]) {
        for (name, value) in given {
            let place = format!("/data/attributes/{name}");
            let by = kind.attributes.iter().find(|(own, _)| own == name).map(|(_, by)| by);
            match (name.as_str(), value) {
                (name, _) if !known.contains(&name) && !kept::NAMES.contains(&name) => {
                    self.fault(place, "not-supported", "this cannot be written here");
                    continue;
                }
                (_, Value::Bool(_)) if matches!(by, Some(By::Flag)) => {}
                (_, _) if matches!(by, Some(By::Flag)) => {
                    self.fault(place, "value", "this is true or false");
                    continue;
                }
                (_, Value::Object(_) | Value::Null) if matches!(by, Some(By::Object)) => {}
                (_, _) if matches!(by, Some(By::Object)) => {
                    self.fault(place, "value", "this is an object");
                    continue;
                }
                ("metadata", Value::Object(_)) => {}
                ("metadata", _) => {
                    self.fault(place, "value", "this is an object");
                    continue;
                }
                (_, Value::String(_) | Value::Null) => {}
                // Something that is to be done.
                (name, Value::Bool(_)) if name.starts_with('_') => {}
                _ => {
                    self.fault(place, "value", "this is a text");
                    continue;
                }
            }
            self.sent.attributes.insert(name.clone(), value.clone());
        }
    }

    fn relations(&mut self, given: &Map<String, Value>, kind: &Kind, known: &[&str]) {
        for (name, value) in given {
            let place = format!("/data/relationships/{name}");
            let relation = kind.relation(name).filter(|_| known.contains(&name.as_str()));
            let Some(relation) = relation else {
                self.fault(place, "not-supported", "this relation cannot be written here");
                continue;
            };
            match value.get("data") {
                Some(Value::Null) => self.sent.relations.push((name.clone(), None)),
                Some(Value::Object(data))
                    if data.get("type").and_then(Value::as_str) == Some(relation.to) =>
                {
                    match data.get("id").and_then(Value::as_str) {
                        Some(id) => self.sent.relations.push((name.clone(), Some(id.to_owned()))),
                        None => self.fault(place, "required", "this names a record by its id"),
                    }
                }
                _ => self.fault(place, "value", "this has a `data` that names a record of the right type"),
            }
        }
    }

    fn fault(&mut self, place: String, code: &'static str, text: &str) {
        self.issues.push(Issue::error(code, text).at(place));
    }
}
