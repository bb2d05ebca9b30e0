//! A request that is refused, and how: as an OperationOutcome of a code and a place
//! (<https://hl7.org/fhir/R4/operationoutcome.html>).

use serde_json::Value;

use crate::client::{Client, place};

pub const FHIR: &str = "application/fhir+json";
pub const PATCH: &str = "application/json-patch+json";

/// A request, and how it is refused.
pub struct Case {
    method: &'static str,
    address: String,
    headers: Vec<(&'static str, &'static str)>,
    body: Option<(&'static str, String)>,
    status: u16,
    code: &'static str,
    /// FHIRPath of an element, or the name of a parameter or a header.
    expression: Option<&'static str>,
}

pub fn case(request: &'static str, status: u16, code: &'static str) -> Case {
    let (method, address) = request.split_once(' ').expect("a verb and an address");
    let address = address.to_owned();
    Case { method, address, headers: Vec::new(), body: None, status, code, expression: None }
}

impl Case {
    pub fn to(self, stored: &Value) -> Self {
        Self { address: self.address.replace("HERE", &place(stored)), ..self }
    }

    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub fn sending(self, media: &'static str, body: impl ToString) -> Self {
        Self { body: Some((media, body.to_string())), ..self }
    }

    pub fn at(self, expression: &'static str) -> Self {
        Self { expression: Some(expression), ..self }
    }

    /// What is not as it should be.
    fn fault(&self, client: &Client) -> Option<String> {
        let mut call = client.call(self.method, &self.address);
        for (name, value) in &self.headers {
            call = call.header(name, value);
        }
        if let Some((media, body)) = &self.body {
            call = call.body(media, body.as_str());
        }
        let answer = call.send();
        let told = || format!("{} {}: {} {:.400}", self.method, self.address, answer.status, answer.text());
        if answer.status != self.status {
            return Some(told());
        }
        let issues = answer.issues();
        let is_due = |issue: &Value| {
            let expressions = issue["expression"].as_array().cloned().unwrap_or_default();
            let is_there = self.expression.is_none_or(|due| expressions.iter().any(|one| one == due));
            issue["code"] == self.code && issue["severity"] == "error" && is_there
        };
        let plain = issues.iter().all(|issue| {
            // The deprecated element, and an answer without words, help nobody.
            issue.get("location").is_none()
                && issue["details"]["text"].as_str().is_some_and(|text| text.len() > 5)
        });
        let is_json = answer.header("Content-Type").is_some_and(|media| media.starts_with(FHIR));
        (!issues.iter().any(is_due) || !plain || !is_json).then(told)
    }
}

/// All of them, so that one run tells every fault.
#[track_caller]
pub fn judge(client: &Client, cases: Vec<Case>) {
    let faults: Vec<String> = cases.iter().filter_map(|case| case.fault(client)).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
