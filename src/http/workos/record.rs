//! Small records for which FHIR has no type of its own: resources of type Basic in the project of the key, found by their
//! code and identifier (<https://hl7.org/fhir/R4/basic.html>).

use std::sync::Arc;

use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::repo::Repo;
use crate::search::escape;
use crate::store::Row;

const CODES: &str = "https://roster.dev/fhir/CodeSystem/record";
const EXTENSION: &str = "https://roster.dev/fhir/StructureDefinition/";
/// Records that are looked up at once.
const MOST: &str = "1000";

/// What a record is of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sort {
    pub code: &'static str,
    /// Of the identifiers.
    pub system: &'static str,
}

pub(super) const DOMAIN: Sort =
    Sort { code: "organization-domain", system: "https://roster.dev/organization-domain" };
pub(super) const PERMISSION: Sort = Sort { code: "permission", system: "https://roster.dev/permission" };

impl Sort {
    /// A new record.
    pub fn body(self, value: &str, subject: Option<&str>) -> Value {
        let mut body = json!({
            "resourceType": "Basic",
            "code": { "coding": [{ "system": CODES, "code": self.code }] },
            "identifier": [{ "system": self.system, "value": value }],
        });
        if let Some(subject) = subject {
            body["subject"] = json!({ "reference": subject });
        }
        body
    }

    /// What finds all records of the sort.
    pub fn clause(self) -> (String, String) {
        ("code".to_owned(), format!("{}|{}", escape(CODES), self.code))
    }

    /// What finds the one of this identifier.
    pub fn clauses(self, value: &str) -> Vec<(String, String)> {
        let identifier = format!("{}|{}", escape(self.system), escape(value));
        vec![self.clause(), ("identifier".to_owned(), identifier)]
    }

    pub async fn named(self, repo: &Repo, value: &str) -> Result<Option<Arc<Row>>, Refusal> {
        Ok(repo.search("Basic", &self.clauses(value), false).await?.rows.into_iter().next())
    }

    /// Those about any of these.
    pub async fn about(self, repo: &Repo, subjects: &[String]) -> Result<Vec<Arc<Row>>, Refusal> {
        if subjects.is_empty() {
            return Ok(Vec::new());
        }
        let subjects: Vec<String> = subjects.iter().map(|one| escape(one)).collect();
        let mut clauses = vec![self.clause(), ("subject".to_owned(), subjects.join(","))];
        clauses.extend(
            [("_sort", "_id"), ("_count", MOST)].map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        Ok(repo.search("Basic", &clauses, false).await?.rows)
    }

    pub fn is_of(self, body: &Value) -> bool {
        body.pointer("/code/coding/0/code").and_then(Value::as_str) == Some(self.code)
    }
}

/// The identifier of a record.
pub(super) fn value(body: &Value) -> &str {
    body.pointer("/identifier/0/value").and_then(Value::as_str).unwrap_or_default()
}

/// The value of an extension of ours.
pub(super) fn extension<'b>(body: &'b Value, name: &str) -> Option<&'b Value> {
    let url = format!("{EXTENSION}{name}");
    let all = body.get("extension")?.as_array()?;
    let one = all.iter().find(|one| one.get("url").and_then(Value::as_str) == Some(url.as_str()))?;
    one.as_object()?.iter().find(|(key, _)| key.starts_with("value")).map(|(_, value)| value)
}

/// Puts an extension of ours in the place of the one that was there; without a value it is taken away.
pub(super) fn extend(body: &mut Value, name: &str, kind: &str, value: Option<Value>) {
    let url = format!("{EXTENSION}{name}");
    let mut all = body.get("extension").and_then(Value::as_array).cloned().unwrap_or_default();
    all.retain(|one| one.get("url").and_then(Value::as_str) != Some(url.as_str()));
    all.extend(value.map(|value| json!({ "url": url, kind: value })));
    match all.is_empty() {
        true => drop(body.as_object_mut().map(|body| body.shift_remove("extension"))),
        false => body["extension"] = Value::Array(all),
    }
}
