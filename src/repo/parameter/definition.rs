//! What a SearchParameter that is about to be written means for searches
//! (<https://hl7.org/fhir/R4/searchparameter.html>): refused where it could not be indexed.

use serde_json::Value;

use crate::definitions::CustomParam;
use crate::error::{Result, fault, invalid};
use crate::repo::Repo;
use crate::store::{Definition, Redefinition};

/// Marks of definitions that come with the server.
const UNIQUE: &str = "https://roster.dev/fhir/StructureDefinition/unique";

impl Repo {
    /// Only an active one is there to be asked; a draft, a retired one and one of unknown status are not.
    pub(in crate::repo) fn redefinition(&self, kind: &str, body: &Value) -> Result<Option<Redefinition>> {
        if kind != "SearchParameter" {
            return Ok(None);
        }
        if body.get("status").and_then(Value::as_str) != Some("active") {
            return Ok(Some(Redefinition::Retire));
        }
        if extends(body, UNIQUE) {
            let text = "only parameters that come with the server are unique";
            return Err(invalid(text).coded("not-supported").at("SearchParameter.extension"));
        }
        let custom: CustomParam = serde_json::from_value(relevant(body)).map_err(fault)?;
        let params = self.catalogue.plain.compile_param(&custom)?;
        let mut kinds =
            params.iter().map(|param| self.engine.kind(&param.resource)).collect::<Result<Vec<_>>>()?;
        kinds.sort_unstable();
        let text = serde_json::to_string(&custom).map_err(fault)?;
        Ok(Some(Redefinition::Define(Definition { code: custom.code, kinds, text })))
    }
}

fn extends(body: &Value, url: &str) -> bool {
    let extensions = body.get("extension").and_then(Value::as_array);
    extensions.into_iter().flatten().any(|one| one.get("url").and_then(Value::as_str) == Some(url))
}

/// The elements that decide anything.
fn relevant(body: &Value) -> Value {
    let names = ["url", "code", "base", "type", "expression", "target", "description"];
    let pairs = names.into_iter().filter_map(|name| Some((name.to_owned(), body.get(name)?.clone())));
    Value::Object(pairs.collect())
}
