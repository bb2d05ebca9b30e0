//! One route with one verb, as the description has it
//! (<https://spec.openapis.org/oas/v3.1.1.html#operation-object>). Each room has a file of them, `describe`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::shape::shape;

pub(in crate::http) const JSON: &str = "application/json";
pub(in crate::http) const FHIR: &str = "application/fhir+json";
pub(in crate::http) const FORM: &str = "application/x-www-form-urlencoded";
pub(in crate::http) const HTML: &str = "text/html";

/// Who may call it at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum By {
    /// Anybody.
    Anyone,
    /// Whoever has a token, or a client with its secret.
    Caller,
    /// A client that proves itself in the body, by Basic, or not at all if it is public.
    Client,
}

#[derive(Debug)]
pub(in crate::http) struct Entry {
    pub method: &'static str,
    pub path: String,
    pub summary: String,
    by: By,
    parameters: Vec<Value>,
    body: Option<Value>,
    answers: BTreeMap<u16, Value>,
    /// The name of the response in which the room refuses.
    dress: &'static str,
}

fn entry(method: &'static str, path: impl Into<String>, summary: impl Into<String>) -> Entry {
    Entry {
        method,
        path: path.into(),
        summary: summary.into(),
        by: By::Anyone,
        parameters: Vec::new(),
        body: None,
        answers: BTreeMap::new(),
        dress: "Refused",
    }
}

pub(in crate::http) fn get(path: impl Into<String>, summary: impl Into<String>) -> Entry {
    entry("get", path, summary)
}

pub(in crate::http) fn post(path: impl Into<String>, summary: impl Into<String>) -> Entry {
    entry("post", path, summary)
}

pub(in crate::http) fn put(path: impl Into<String>, summary: impl Into<String>) -> Entry {
    entry("put", path, summary)
}

pub(in crate::http) fn patch(path: impl Into<String>, summary: impl Into<String>) -> Entry {
    entry("patch", path, summary)
}

pub(in crate::http) fn delete(path: impl Into<String>, summary: impl Into<String>) -> Entry {
    entry("delete", path, summary)
}

impl Entry {
    pub fn by(self, by: By) -> Self {
        Self { by, ..self }
    }

    /// Refusals of this and of what follows are told in this dress.
    pub fn dressed(self, dress: &'static str) -> Self {
        Self { dress, ..self }
    }

    /// A parameter of the components.
    pub fn with(mut self, name: &str) -> Self {
        self.parameters.push(json!({ "$ref": format!("#/components/parameters/{name}") }));
        self
    }

    /// A parameter of the address that may be left out.
    pub fn asks(self, name: &str, of: &str, description: &str) -> Self {
        self.parameter("query", name, of, description)
    }

    /// A parameter of the address, or a header, that may be left out.
    pub fn parameter(mut self, place: &str, name: &str, of: &str, description: &str) -> Self {
        let schema = shape(of);
        self.parameters
            .push(json!({ "name": name, "in": place, "description": description, "schema": schema }));
        self
    }

    /// A parameter of the address that must be given.
    pub fn required(mut self, name: &str, description: &str) -> Self {
        let schema = json!({ "type": "string" });
        self.parameters.push(
            json!({ "name": name, "in": "query", "required": true, "description": description, "schema": schema }),
        );
        self
    }

    /// What an id in the path can be.
    pub fn among(mut self, name: &str, schema: Value) -> Self {
        self.parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
        self
    }

    /// A body that must be there.
    pub fn takes(self, media: &str, of: &str) -> Self {
        self.takes_one(&[(media, shape(of))], true)
    }

    /// A body that may be there.
    pub fn may_take(self, media: &str, of: &str) -> Self {
        self.takes_one(&[(media, shape(of))], false)
    }

    /// A body in one of several forms.
    pub fn takes_one(mut self, forms: &[(&str, Value)], required: bool) -> Self {
        self.body = Some(json!({ "content": content(forms), "required": required }));
        self.says(408, "The body did not come in time")
    }

    /// An example of the components for each form of the body.
    pub fn exemplified(mut self, name: &str) -> Self {
        let content = self.body.as_mut().and_then(|body| body["content"].as_object_mut());
        for form in content.into_iter().flat_map(Map::values_mut) {
            form["examples"] = json!({ name: { "$ref": format!("#/components/examples/{name}") } });
        }
        self
    }

    pub fn gives(self, status: u16, description: &str, media: &str, of: &str) -> Self {
        self.gives_one(status, description, &[(media, shape(of))])
    }

    pub fn gives_one(self, status: u16, description: &str, forms: &[(&str, Value)]) -> Self {
        self.answer(status, json!({ "description": description, "content": content(forms) }))
    }

    /// An answer without a body.
    pub fn says(self, status: u16, description: &str) -> Self {
        self.answer(status, json!({ "description": description }))
    }

    /// A page of HTML with any of these.
    pub fn shows(self, statuses: &[u16]) -> Self {
        statuses.iter().fold(self, |entry, status| entry.gives(*status, "A page", HTML, "string"))
    }

    pub fn refuses(self, statuses: &[u16]) -> Self {
        let refused = refused(self.dress);
        statuses.iter().fold(self, |entry, status| entry.answer(*status, refused.clone()))
    }

    /// A header of an answer, by its name among the components.
    pub fn heading(mut self, status: u16, names: &[&str]) -> Self {
        if let Some(answer) = self.answers.get_mut(&status) {
            for name in names {
                answer["headers"][*name] = json!({ "$ref": format!("#/components/headers/{name}") });
            }
        }
        self
    }

    fn answer(mut self, status: u16, answer: Value) -> Self {
        self.answers.insert(status, answer);
        self
    }

    /// The operation as the document has it.
    pub fn rendered(self, tag: &str) -> Value {
        let mut answers: Map<String, Value> =
            self.answers.into_iter().map(|(status, answer)| (status.to_string(), answer)).collect();
        answers.insert("5XX".to_owned(), refused(self.dress));
        let mut parameters = self.parameters;
        let known =
            |all: &[Value], name: &str| all.iter().any(|one| one["in"] == "path" && one["name"] == name);
        for name in names(&self.path) {
            if !known(&parameters, name) {
                let schema = json!({ "type": "string", "minLength": 1 });
                parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
            }
        }
        let mut operation = json!({
            "tags": [tag],
            "summary": self.summary,
            "operationId": operation_id(self.method, &self.path),
            "responses": answers,
            "security": security(self.by),
        });
        if !parameters.is_empty() {
            operation["parameters"] = Value::Array(parameters);
        }
        if let Some(body) = self.body {
            operation["requestBody"] = body;
        }
        operation
    }
}

/// How the rooms that dress so refuse.
fn refused(dress: &str) -> Value {
    json!({ "$ref": format!("#/components/responses/{dress}") })
}

fn content(forms: &[(&str, Value)]) -> Value {
    let forms = forms.iter().map(|(media, schema)| ((*media).to_owned(), json!({ "schema": schema })));
    Value::Object(forms.collect())
}

/// What stands in braces in a path.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

fn security(by: By) -> Value {
    match by {
        By::Anyone => json!([]),
        By::Caller => json!([{ "bearer": [] }, { "basic": [] }, { "oauth2": [] }]),
        By::Client => json!([{ "basic": [] }, {}]),
    }
}

/// Verb and path in one word: `getUserById`.
fn operation_id(method: &str, path: &str) -> String {
    let is_own = |rest: &&str| !rest.is_empty() && !rest.starts_with('.');
    let path = path.strip_prefix("/fhir/R4/").filter(is_own).unwrap_or(path);
    let mut id = method.to_owned();
    for step in path.trim_start_matches('/').split('/') {
        let step = match step.strip_prefix('{') {
            Some(name) => &format!("by-{name}"),
            None if step.is_empty() => "root",
            None => step,
        };
        for word in step.split(|char: char| !char.is_alphanumeric()) {
            let mut chars = word.chars();
            id.extend(chars.next().map(|first| first.to_ascii_uppercase()));
            id.push_str(chars.as_str());
        }
    }
    id
}
