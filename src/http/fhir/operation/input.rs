//! What an operation is given (<https://hl7.org/fhir/R4/operations.html#executing>): parameters in the address,
//! and a body that is a Parameters resource, or the one resource that the operation is about.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, web};
use serde_json::{Map, Value};

use crate::error::{Error, Issue, Kind, Result, malformed};
use crate::http::reply::Failure;
use crate::http::{extract, negotiate, parameters};
use crate::repo::Repo;
use crate::resource;

/// The parameters that are still to be taken; what nobody takes is refused by `finish`.
pub(super) struct Input(Vec<Given>);

struct Given {
    name: String,
    /// Where it was given, for errors.
    place: String,
    what: What,
}

enum What {
    /// A value, and its type as `value[x]` says it; a text of the address has none.
    Value(Value, String),
    Resource(Value),
    /// Parts, or nothing at all.
    Other,
}

/// What an operation of administration begins with: in which form it is answered, who asks, and what for. Whether he
/// may is asked before the body is read.
pub(super) async fn begin(
    request: &HttpRequest,
    payload: web::Payload,
    may: impl FnOnce(&Repo) -> Result<()>,
) -> Result<(negotiate::Form, Repo, Input), Failure> {
    let form = negotiate::form(request)?;
    let repo = extract::caller(request).await?;
    may(&repo)?;
    Ok((form, repo, Input::read(request, payload, "resource").await?))
}

impl Input {
    /// The parameters of the address alone.
    pub fn of_address(request: &HttpRequest) -> Result<Self> {
        let mut all = parameters::parse(request.query_string())?;
        all.retain(|(name, value)| !value.is_empty() && !matches!(name.as_str(), "_format" | "_pretty"));
        let given = |(name, value): (String, String)| Given {
            place: name.clone(),
            name,
            what: What::Value(Value::String(value), String::new()),
        };
        Ok(Self(all.into_iter().map(given).collect()))
    }

    /// Those of the address and of the body. A body that is no Parameters is the parameter `lone`.
    pub async fn read(request: &HttpRequest, payload: web::Payload, lone: &str) -> Result<Self, Failure> {
        let mut input = Self::of_address(request)?;
        let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media = media.unwrap_or_default();
        let bytes = extract::bytes(request, payload).await?;
        if bytes.is_empty() {
            return Ok(input);
        }
        if !negotiate::is_json(media) {
            let text = format!(
                "a body is sent to an operation as application/fhir+json of FHIR 4.0, not as '{media}'"
            );
            return Err(Failure::unsupported_media(text));
        }
        match resource::parse(&bytes)? {
            Value::Object(object) if object.get("resourceType") == Some(&Value::from("Parameters")) => {
                input.unfold(object)?;
            }
            body => {
                input.0.push(Given {
                    name: lone.to_owned(),
                    place: lone.to_owned(),
                    what: What::Resource(body),
                });
            }
        }
        Ok(input)
    }

    fn unfold(&mut self, mut object: Map<String, Value>) -> Result<()> {
        let list = match object.shift_remove("parameter") {
            None => Vec::new(),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(malformed("it must be a list").at("Parameters.parameter")),
        };
        for (index, one) in list.into_iter().enumerate() {
            let place = format!("Parameters.parameter[{index}]");
            let Value::Object(mut one) = one else {
                return Err(malformed("a parameter is an object").at(place));
            };
            let Some(Value::String(name)) = one.shift_remove("name") else {
                return Err(malformed("a parameter has a name")
                    .coded("required")
                    .at(format!("{place}.name")));
            };
            let mut what = What::Other;
            let mut contents = 0;
            for (key, value) in one {
                if key == "resource" {
                    what = What::Resource(value);
                    contents += 1;
                } else if let Some(kind) = key.strip_prefix("value") {
                    what = What::Value(value, kind.to_owned());
                    contents += 1;
                } else if key == "part" {
                    contents += 1;
                }
            }
            if contents != 1 {
                let text = "a parameter has exactly one of value, resource and parts (inv-1)";
                return Err(malformed(text).coded("invariant").at(place));
            }
            self.0.push(Given { name, place, what });
        }
        Ok(())
    }

    /// All that are named so, in order.
    fn take_all(&mut self, name: &str) -> Vec<Given> {
        self.0.extract_if(.., |given| given.name == name).collect()
    }

    /// The text of a parameter that may be given once.
    pub fn text(&mut self, name: &str) -> Result<Option<String>> {
        let mut found: Option<String> = None;
        for given in self.take_all(name) {
            let What::Value(Value::String(text), _) = given.what else {
                return Err(malformed(format!("`{name}` is a text")).coded("value").at(given.place));
            };
            if found.as_ref().is_some_and(|before| *before != text) {
                return Err(malformed(format!("`{name}` is given twice")).coded("value").at(given.place));
            }
            found = Some(text);
        }
        Ok(found)
    }

    /// The texts of a parameter that may be given often, or as a list with commas.
    pub fn texts(&mut self, name: &str) -> Result<Vec<String>> {
        let mut all = Vec::new();
        for given in self.take_all(name) {
            let What::Value(Value::String(text), _) = given.what else {
                return Err(malformed(format!("`{name}` is a text")).coded("value").at(given.place));
            };
            all.extend(text.split(',').filter(|one| !one.is_empty()).map(str::to_owned));
        }
        Ok(all)
    }

    /// A value of this type that may be given once.
    pub fn value(&mut self, name: &str, kind: &str) -> Result<Option<Value>> {
        let mut found = None;
        for given in self.take_all(name) {
            let wrong = |text: String| malformed(text).coded("value").at(&given.place);
            match given.what {
                What::Value(value, of) if of == kind && found.is_none() => found = Some(value),
                What::Value(_, of) if of == kind => return Err(wrong(format!("`{name}` is given twice"))),
                _ => return Err(wrong(format!("`{name}` is a {kind}"))),
            }
        }
        Ok(found)
    }

    /// The id that a reference to this type names; it may be given once.
    pub fn reference(&mut self, name: &str, kind: &str) -> Result<Option<String>> {
        let Some(value) = self.value(name, "Reference")? else { return Ok(None) };
        let reference = value.get("reference").and_then(Value::as_str).unwrap_or_default();
        match reference.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/')).filter(|id| !id.is_empty())
        {
            Some(id) => Ok(Some(id.to_owned())),
            None => Err(malformed(format!("`{name}` is a reference to a {kind}")).coded("value").at(name)),
        }
    }

    /// A truth value that may be given once, in the address as text.
    pub fn boolean(&mut self, name: &str) -> Result<Option<bool>> {
        self.plain(name, "true or false", |value| match value {
            Value::Bool(truth) => Some(*truth),
            Value::String(text) => text.parse().ok(),
            _ => None,
        })
    }

    /// A number from 1 on that may be given once, in the address as text.
    pub fn count(&mut self, name: &str) -> Result<Option<u64>> {
        let number = |value: &Value| match value {
            Value::Number(number) => number.as_str().parse().ok(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        self.plain(name, "a whole number from 1 on", |value| number(value).filter(|number| *number > 0))
    }

    fn plain<T>(&mut self, name: &str, what: &str, read: impl Fn(&Value) -> Option<T>) -> Result<Option<T>> {
        let mut found = None;
        for given in self.take_all(name) {
            let value = match &given.what {
                What::Value(value, _) => read(value),
                _ => None,
            };
            let wrong = |text: String| malformed(text).coded("value").at(&given.place);
            let value = value.ok_or_else(|| wrong(format!("`{name}` is {what}")))?;
            if found.replace(value).is_some() {
                return Err(wrong(format!("`{name}` is given twice")));
            }
        }
        Ok(found)
    }

    /// A parameter that is a resource, and may be given once.
    pub fn resource(&mut self, name: &str) -> Result<Option<Value>> {
        let mut all = self.take_all(name);
        let last = all.pop();
        match (last, all.is_empty()) {
            (None, _) => Ok(None),
            (Some(Given { what: What::Resource(resource), .. }), true) => Ok(Some(resource)),
            (Some(given), true) => {
                Err(malformed(format!("`{name}` is a resource")).coded("value").at(given.place))
            }
            (Some(given), false) => {
                Err(malformed(format!("`{name}` is given twice")).coded("value").at(given.place))
            }
        }
    }

    /// Refuses what the operation does not know.
    pub fn finish(self) -> Result<()> {
        let unknown = |given: Given| {
            let text = format!("this operation has no parameter `{}`", given.name);
            Issue::error("not-supported", text).at(given.place)
        };
        let issues: Vec<Issue> = self.0.into_iter().map(unknown).collect();
        if issues.is_empty() { Ok(()) } else { Err(Error::new(Kind::Malformed, issues)) }
    }
}
