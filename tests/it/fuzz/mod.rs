//! Requests made up at random: whatever comes, the server answers, in the terms of
//! <https://hl7.org/fhir/R4/operationoutcome.html> where it refuses, and nothing is its own fault.
//!
//! A run makes the same requests every time. `ROSTER_FUZZ=N` makes N times as many, other ones.

mod body;
mod bundle;
mod cursor;
mod fhirpath;
mod header;
mod patch;
mod query;
mod text;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestCaseResult, TestRng, TestRunner};
use serde_json::Value;

use crate::client::Answer;

static LONGER: LazyLock<Option<u32>> =
    LazyLock::new(|| std::env::var("ROSTER_FUZZ").ok().and_then(|times| times.parse().ok()));

/// No answer needs more.
const LARGEST: usize = 8 << 20;

/// Tries cases until one is not as it should be.
#[track_caller]
fn hold<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(S::Value) -> TestCaseResult)
where
    S::Value: std::fmt::Debug,
{
    let config = Config {
        cases: cases * LONGER.unwrap_or(1),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    let mut runner = match *LONGER {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    if let Err(error) = runner.run(strategy, property) {
        panic!("{error}");
    }
}

/// Whether an answer is a good one, or a good refusal.
fn sound(answer: &Answer) -> TestCaseResult {
    let fail = |why: &str| TestCaseError::fail(format!("{why}: {answer:.2000?}"));
    if answer.status >= 500 && answer.status != 501 {
        return Err(fail("a fault"));
    }
    if answer.body.len() > LARGEST {
        return Err(TestCaseError::fail(format!("{} bytes", answer.body.len())));
    }
    if answer.status < 400 {
        return Ok(());
    }
    let outcome: Value = serde_json::from_slice(&answer.body).map_err(|_| fail("no JSON"))?;
    let issues = outcome["issue"].as_array().map(Vec::as_slice).unwrap_or_default();
    let told = |issue: &Value| {
        let text = issue["details"]["text"].as_str().or(issue["diagnostics"].as_str());
        issue["severity"].is_string() && issue["code"].is_string() && text.is_some_and(|text| text.len() > 5)
    };
    if outcome["resourceType"] != "OperationOutcome" || issues.is_empty() || !issues.iter().all(told) {
        return Err(fail("no OperationOutcome that tells what is wrong"));
    }
    Ok(())
}
