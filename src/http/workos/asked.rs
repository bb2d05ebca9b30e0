//! What a request brings: a JSON object or a form read field by field, and parameters. What is not known is refused, not
//! passed over, and all that is wrong is told at once.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, web};
use serde_json::{Map, Value};

use super::refusal::{Refusal, bad, unprocessable};
use crate::http::{extract, parameters};

/// Characters of a text at most.
const LONGEST: usize = 8192;

/// A field that may be left out, or be null.
pub(super) type Sent<T> = Option<Option<T>>;

type Fault = (String, &'static str, String);

#[derive(Debug, Default)]
pub(super) struct Asked {
    fields: Map<String, Value>,
    faults: Vec<Fault>,
}

impl Asked {
    /// A body; none is an empty one. Parameters do not come with it.
    pub async fn read(request: &HttpRequest, payload: web::Payload) -> Result<Self, Refusal> {
        Parameters::read(request)?.finish()?;
        let bytes = extract::bytes(request, payload).await?;
        Self::parse(request, &bytes)
    }

    pub fn parse(request: &HttpRequest, bytes: &[u8]) -> Result<Self, Refusal> {
        let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media = media.unwrap_or_default().to_ascii_lowercase();
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        if media.starts_with("application/x-www-form-urlencoded") {
            let text = std::str::from_utf8(bytes).map_err(|_| bad("bad_request", "The form is no UTF-8."))?;
            let pairs = parameters::parse(text)?;
            let fields = pairs.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
            return Ok(Self { fields, faults: Vec::new() });
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(fields)) => Ok(Self { fields, faults: Vec::new() }),
            _ => Err(bad("bad_request", "The body is no JSON object.")),
        }
    }

    pub fn fault(&mut self, field: &str, code: &'static str, message: &str) {
        self.faults.push((field.to_owned(), code, message.to_owned()));
    }

    /// A field of any sort.
    pub fn take(&mut self, name: &str) -> Sent<Value> {
        let value = self.fields.shift_remove(name)?;
        Some(Some(value).filter(|value| !value.is_null()))
    }

    /// A text.
    pub fn sent(&mut self, name: &str) -> Sent<String> {
        match self.take(name)? {
            None => Some(None),
            Some(Value::String(text)) if text.len() <= LONGEST => Some(Some(text)),
            Some(_) => {
                self.fault(name, "invalid_type", &format!("{name} is a text of moderate length."));
                None
            }
        }
    }

    /// A text, if there is one: an empty one is none.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.sent(name).flatten().filter(|text| !text.is_empty())
    }

    /// A text that must be there.
    pub fn needed(&mut self, name: &str) -> String {
        let known = self.fields.contains_key(name);
        match self.text(name) {
            Some(text) => text,
            None => {
                if !known || self.faults.iter().all(|(field, ..)| field != name) {
                    self.fault(name, "required", &format!("{name} is required."));
                }
                String::new()
            }
        }
    }

    pub fn flag(&mut self, name: &str) -> Sent<bool> {
        match self.take(name)? {
            None => Some(None),
            Some(Value::Bool(flag)) => Some(Some(flag)),
            Some(_) => {
                self.fault(name, "invalid_type", &format!("{name} is true or false."));
                None
            }
        }
    }

    /// A list of texts.
    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let value = self.take(name)??;
        let texts: Option<Vec<String>> = value
            .as_array()
            .and_then(|list| list.iter().map(|one| one.as_str().map(str::to_owned)).collect());
        if texts.is_none() {
            self.fault(name, "invalid_type", &format!("{name} is a list of texts."));
        }
        texts
    }

    /// Fields that say something of the request that nothing here depends on.
    pub fn pass(&mut self, names: &[&str]) {
        for name in names {
            self.fields.shift_remove(*name);
        }
    }

    /// Fails with all that is wrong; what was not asked for by now is not known.
    pub fn finish(mut self) -> Result<(), Refusal> {
        for name in std::mem::take(&mut self.fields).keys() {
            self.fault(name, "not_supported", &format!("{name} is not known here."));
        }
        if self.faults.is_empty() { Ok(()) } else { Err(unprocessable(self.faults)) }
    }
}

/// The parameters of an address.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pairs: Vec<(String, String)>,
    faults: Vec<Fault>,
}

impl Parameters {
    pub fn read(request: &HttpRequest) -> Result<Self, Refusal> {
        Ok(Self { pairs: parameters::parse(request.query_string())?, faults: Vec::new() })
    }

    pub fn fault(&mut self, field: &str, code: &'static str, message: &str) {
        self.faults.push((field.to_owned(), code, message.to_owned()));
    }

    /// One value; an empty one is none.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let mut found = self.take(name);
        if found.len() > 1 {
            self.fault(name, "given_twice", &format!("{name} is given twice."));
        }
        found.pop().filter(|text| !text.is_empty())
    }

    /// Many: joined by commas, or each by itself, with brackets behind the name or without.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        let mut found = self.take(name);
        found.extend(self.take(&format!("{name}[]")));
        let all =
            found.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|text| !text.is_empty());
        all.map(str::to_owned).collect()
    }

    fn take(&mut self, name: &str) -> Vec<String> {
        let (found, left) = std::mem::take(&mut self.pairs).into_iter().partition(|(own, _)| own == name);
        self.pairs = left;
        let found: Vec<(String, String)> = found;
        found.into_iter().map(|(_, value)| value).collect()
    }

    /// Fails with all that is wrong. A filter that is not known would find everybody.
    pub fn finish(mut self) -> Result<(), Refusal> {
        for (name, _) in std::mem::take(&mut self.pairs) {
            let text = format!("{name} is not known here.");
            self.faults.push((name, "not_supported", text));
        }
        if self.faults.is_empty() { Ok(()) } else { Err(unprocessable(self.faults)) }
    }
}
