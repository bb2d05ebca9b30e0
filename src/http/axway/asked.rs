//! What a request asks for: which fields, which page, and parameters of its own. One that is not known is refused, since a
//! filter that is passed over finds everybody.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, web};
use serde_json::{Map, Value};

use crate::error::{Error, Result, malformed};
use crate::http::reply::Failure;
use crate::http::{extract, negotiate, parameters};
use crate::resource;

/// Results of a page at most, and where nothing is said.
const MOST: usize = 100;

#[derive(Debug, Default)]
pub(super) struct Fields {
    pub only: Vec<String>,
    pub without: Vec<String>,
    pub added: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Asked {
    pub fields: Fields,
    /// Results of a page; with 0, only how many there are is told.
    pub limit: usize,
    page: usize,
    skip: usize,
    pairs: Vec<(String, String)>,
}

impl Asked {
    /// The parameters of an address, of which `known` are its own.
    pub fn read(request: &HttpRequest, known: &[&str]) -> Result<Self> {
        Self::up_to(request, known, MOST)
    }

    /// The same, where pages may be longer.
    pub fn up_to(request: &HttpRequest, known: &[&str], most: usize) -> Result<Self> {
        let mut asked = Self { fields: Fields::default(), limit: MOST, page: 1, skip: 0, pairs: Vec::new() };
        for (name, value) in parameters::parse(request.query_string())? {
            match name.trim_end_matches("[]") {
                "fields" => asked.fields.only.extend(listed(&value)),
                "exclude_fields" => asked.fields.without.extend(listed(&value)),
                "add_fields" => asked.fields.added.extend(listed(&value)),
                "limit" => asked.limit = number(&name, &value, most)?,
                "page" => asked.page = number(&name, &value, usize::MAX >> 8)?.max(1),
                "skip" => asked.skip = number(&name, &value, usize::MAX >> 8)?,
                plain if known.contains(&plain) => asked.pairs.push((plain.to_owned(), value)),
                _ => {
                    let text = "this parameter is not known here";
                    return Err(malformed(text).coded("not-supported").at(name));
                }
            }
        }
        Ok(asked)
    }

    /// Results that are passed over.
    pub fn skip(&self) -> usize {
        self.skip.saturating_add((self.page - 1).saturating_mul(self.limit))
    }

    /// One value; an empty one is none.
    pub fn text(&self, name: &str) -> Result<Option<&str>> {
        let mut found = self.pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value.trim());
        let first = found.next().filter(|value| !value.is_empty());
        match found.next() {
            Some(_) => Err(malformed("this is given twice").coded("value").at(name)),
            None => Ok(first),
        }
    }

    /// Many values: joined by commas, or each by itself.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(own, _)| own == name).flat_map(|(_, value)| listed(value)).collect()
    }

    pub fn flag(&self, name: &str) -> Result<Option<bool>> {
        match self.text(name)? {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(malformed("this is true or false").coded("value").at(name)),
        }
    }
}

fn listed(value: &str) -> impl Iterator<Item = String> + '_ {
    value.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned)
}

fn number(name: &str, value: &str, most: usize) -> Result<usize> {
    let text = || malformed(format!("this is a number up to {most}")).coded("value").at(name);
    value.trim().parse().ok().filter(|number| *number <= most).ok_or_else(text)
}

/// A body: a JSON object, read field by field.
#[derive(Debug)]
pub(super) struct Sent(Map<String, Value>);

impl Sent {
    /// A body whose fields are among those that are known; none is an empty one.
    pub async fn read(request: &HttpRequest, payload: web::Payload, known: &[&str]) -> Result<Self, Failure> {
        let bytes = extract::bytes(request, payload).await?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(Map::new()));
        }
        let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !negotiate::is_json(media.unwrap_or_default()) {
            return Err(Failure::unsupported_media("a body is sent as application/json"));
        }
        let Value::Object(body) = resource::parse(&bytes)? else {
            return Err(malformed("the body is a JSON object").into());
        };
        match body.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => {
                let text = format!("this is not known here; what is known is {}", known.join(", "));
                Err(malformed(text).coded("not-supported").at(name).into())
            }
            None => Ok(Self(body)),
        }
    }

    /// Whether a field is there, be it null.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A text, with nothing around it; null is none.
    pub fn text(&self, name: &str) -> Result<Option<&str>> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim())),
            Some(_) => Err(wrong(name, "this is a text")),
        }
    }

    /// A text that has to be there.
    pub fn needed(&self, name: &str) -> Result<&str> {
        let missing = || malformed("this is missing").coded("required").at(name);
        self.text(name)?.filter(|text| !text.is_empty()).ok_or_else(missing)
    }

    /// A text as it is, for what must not be trimmed.
    pub fn secret(&self, name: &str) -> Result<Option<&str>> {
        self.text(name)?;
        Ok(self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()))
    }

    pub fn flag(&self, name: &str) -> Result<Option<bool>> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(wrong(name, "this is true or false")),
        }
    }

    /// A number or a text, as text: of ids there are both.
    pub fn id(&self, name: &str) -> Result<Option<String>> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim().to_owned())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(wrong(name, "this is an id")),
        }
    }

    pub fn texts(&self, name: &str) -> Result<Option<Vec<String>>> {
        let wrong = || wrong(name, "this is a list of texts");
        let Some(list) = self.list(name)? else { return Ok(None) };
        let texts = list.iter().map(|one| one.as_str().map(|text| text.trim().to_owned()).ok_or_else(wrong));
        texts.collect::<Result<_>>().map(Some)
    }

    pub fn list(&self, name: &str) -> Result<Option<&[Value]>> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(list)) => Ok(Some(list)),
            Some(_) => Err(wrong(name, "this is a list")),
        }
    }
}

/// A value that is not what it should be.
pub(super) fn wrong(name: &str, text: &str) -> Error {
    malformed(text).coded("value").at(name)
}
