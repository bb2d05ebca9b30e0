//! Parameters as OAuth has them: each once, and one without a value is none
//! (<https://www.rfc-editor.org/rfc/rfc6749#section-3.1>).

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, web};

use super::refusal::{Refusal, refuse};
use crate::http::reply::Failure;
use crate::http::{extract, parameters};

/// Bytes of all of them at most.
const LONGEST: usize = 64 * 1024;

#[derive(Debug, Clone, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() > LONGEST {
            return Err(refuse("invalid_request", "the request is too long"));
        }
        let pairs =
            parameters::parse(text).map_err(|_| refuse("invalid_request", "the form cannot be read"))?;
        let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(refuse("invalid_request", "a parameter is given twice"));
        }
        Ok(Self(pairs))
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    }

    /// All whose names begin with this.
    pub fn beginning(&self, prefix: &str) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }

    pub fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| refuse("invalid_request", format!("{name} is missing")))
    }
}

/// The form in a body.
pub(super) async fn body(request: &HttpRequest, payload: web::Payload) -> Result<Form, Refusal> {
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(refuse("invalid_request", "the request is sent as application/x-www-form-urlencoded"));
    }
    let bytes = extract::bytes(request, payload).await.map_err(Refusal::from)?;
    let text =
        std::str::from_utf8(&bytes).map_err(|_| refuse("invalid_request", "the form cannot be read"))?;
    Form::parse(text)
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Other(failure)
    }
}
