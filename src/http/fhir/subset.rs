//! `_summary` and `_elements` on what is not a search (<https://hl7.org/fhir/R4/search.html#summary>).

use actix_web::HttpRequest;
use serde_json::Value;

use crate::definitions::Definitions;
use crate::error::{Error, Issue, Kind, Result, fault};
use crate::http::parameters;
use crate::resource;

/// How much of a resource is wanted.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) enum Subset {
    #[default]
    All,
    Summary,
    Text,
    Data,
    Elements(Vec<String>),
}

impl Subset {
    /// What a read asks for. Any parameter it does not know is refused.
    pub fn asked(request: &HttpRequest) -> Result<Self> {
        let mut subset = Self::All;
        let mut issues = Vec::new();
        for (name, value) in parameters::parse(request.query_string())? {
            match (name.as_str(), value.as_str()) {
                ("_format" | "_pretty", _) | ("_summary", "false") => {}
                ("_summary", "true") => subset = Self::Summary,
                ("_summary", "text") => subset = Self::Text,
                ("_summary", "data") => subset = Self::Data,
                ("_elements", names) => {
                    subset = Self::Elements(names.split(',').map(|name| name.trim().to_owned()).collect());
                }
                ("_summary", _) => {
                    let text = "of one resource `_summary` is `true`, `false`, `text` or `data`";
                    issues.push(Issue::error("value", text).at("_summary"));
                }
                _ => issues.push(Issue::error("not-supported", "this parameter is not known here").at(name)),
            }
        }
        if issues.is_empty() { Ok(subset) } else { Err(Error::new(Kind::Malformed, issues)) }
    }

    /// The stored text, cut to what is wanted.
    pub fn of(&self, definitions: &Definitions, kind: &str, body: &str) -> Result<Vec<u8>> {
        if *self == Self::All {
            return Ok(body.as_bytes().to_vec());
        }
        let structure =
            definitions.resource_structure(kind).ok_or_else(|| fault(format!("{kind} has no structure")))?;
        let whole: Value = resource::parse(body.as_bytes())?;
        let part = match self {
            Self::All => whole,
            Self::Summary => resource::summary(definitions, structure, &whole),
            Self::Text => resource::narrative(structure, &whole),
            Self::Data => resource::data(&whole),
            Self::Elements(names) => resource::elements(structure, &whole, names),
        };
        serde_json::to_vec(&part).map_err(fault)
    }
}
