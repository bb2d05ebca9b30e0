//! Proves the examples: the valid ones are valid, and each invalid one fails as `expected.json` says.
//!
//! For `roster check` and for the tests; implements what <https://hl7.org/fhir/R4/validation.html> asks of
//! definitions: that instances show what they allow and refuse.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::{parse, validate};
use crate::definitions::{Definitions, Example, examples};
use crate::error::{Issue, Result, invalid};

const EXPECTED: &str = "expected.json";

/// What came of proving the examples.
#[derive(Debug, Default)]
pub struct Report {
    pub valid: usize,
    pub invalid: usize,
    /// File and what went otherwise than it should.
    pub failures: Vec<(String, String)>,
}

/// An issue as an example expects it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Expected {
    code: String,
    expression: Option<String>,
}

/// Proves the embedded examples and those in `example` of the directories.
pub fn check(definitions: &Definitions, directories: &[PathBuf]) -> Result<Report> {
    let (lists, examples): (Vec<_>, Vec<_>) =
        examples(directories)?.into_iter().partition(|example| example.name == EXPECTED);
    let mut expected: BTreeMap<String, Vec<Expected>> = BTreeMap::new();
    for list in lists {
        let more: BTreeMap<_, _> = serde_json::from_slice(&list.bytes)
            .map_err(|e| invalid("the expected.json of the examples cannot be understood").because(e))?;
        expected.extend(more);
    }
    let mut report = Report::default();
    for example in examples {
        prove(definitions, &example, expected.remove(&example.name), &mut report);
    }
    for name in expected.into_keys() {
        report.failures.push((name, "something is expected of it, but it is not there".to_owned()));
    }
    Ok(report)
}

fn prove(definitions: &Definitions, example: &Example, expected: Option<Vec<Expected>>, report: &mut Report) {
    let file = example.name.rsplit('/').next().unwrap_or(&example.name);
    let issues = match parse(&example.bytes) {
        Ok(resource) => validate(definitions, &resource),
        Err(error) => error.issues,
    };
    let what = if file.starts_with("valid-") {
        report.valid += 1;
        (!issues.is_empty()).then(|| format!("it should be valid, but: {}", listed(&issues)))
    } else if file.starts_with("invalid-") {
        report.invalid += 1;
        let Some(mut expected) = expected else {
            return report.failures.push((example.name.clone(), "expected.json does not name it".to_owned()));
        };
        let mut found: Vec<Expected> = issues.iter().map(Expected::from).collect();
        expected.sort();
        found.sort();
        (expected != found).then(|| format!("expected {expected:?}, found {}", listed(&issues)))
    } else {
        Some("the name of an example begins with 'valid-' or 'invalid-'".to_owned())
    };
    report.failures.extend(what.map(|what| (example.name.clone(), what)));
}

impl From<&Issue> for Expected {
    fn from(issue: &Issue) -> Self {
        Self { code: issue.code.to_owned(), expression: issue.expression.clone() }
    }
}

fn listed(issues: &[Issue]) -> String {
    let one = |issue: &Issue| {
        format!("{} at {}: {}", issue.code, issue.expression.as_deref().unwrap_or("?"), issue.text)
    };
    if issues.is_empty() {
        "nothing".to_owned()
    } else {
        issues.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}
