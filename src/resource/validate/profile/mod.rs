//! Whether a resource is what a profile asks: those it claims in `meta.profile`, and any that is named besides.
//!
//! Implements <https://hl7.org/fhir/R4/profiling.html>. What the type itself asks is not judged here.

mod element;
mod place;
mod slice;
mod value;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::MAX_ISSUES;
use crate::definitions::{Definitions, ProfileTree};
use crate::error::{Issue, Severity};
use crate::fhirpath::Context;
use place::Place;

/// What is known of a profile.
#[derive(Clone)]
pub enum Known {
    Tree(Arc<ProfileTree>),
    /// It is defined, but in a way that cannot be followed.
    Unusable(String),
    Unknown,
}

/// Where profiles come from.
pub trait Profiles {
    /// The profile of a canonical url, with a version or without.
    fn profile(&self, url: &str) -> Known;
}

/// Rules that are judged before a resource is given up as too costly: slices of slices multiply, and rules are
/// written by whoever may define a profile.
const FUEL: u64 = 1_000_000;
/// The same in time.
const LIMIT: Duration = Duration::from_secs(1);
/// Rules between two looks at the clock.
const LOOK: u64 = 512;
/// Profiles within profiles within profiles.
const DEPTH: usize = 32;

/// All that is wrong with a resource by its profiles: the `asked` ones, which must be known, and those that it,
/// what it contains and what it carries claim, of which unknown ones are a warning.
pub fn conform(
    definitions: &Definitions,
    profiles: &dyn Profiles,
    resource: &Value,
    asked: &[String],
) -> Vec<Issue> {
    let mut issues = Vec::new();
    let mut budget = Budget { fuel: FUEL, until: Instant::now() + LIMIT };
    let mut judge = |resource: &Value, path: Option<&str>, tree: &ProfileTree, whole: &Value| {
        judge(definitions, profiles, resource, whole, path, tree, &mut budget)
    };
    for url in asked {
        match profiles.profile(url) {
            Known::Tree(tree) => issues.extend(judge(resource, None, &tree, resource)),
            Known::Unusable(text) => issues.push(Issue::error("processing", text).at("profile")),
            Known::Unknown => {
                let text = format!("the profile {url} is not known here");
                issues.push(Issue::error("not-found", text).at("profile"));
            }
        }
    }
    for claim in claims(resource) {
        for (number, url) in claim.urls.iter().enumerate().filter_map(|(n, url)| Some((n, url.as_str()?))) {
            if claim.path.is_none() && asked.iter().any(|asked| asked == url) {
                continue;
            }
            let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
            let place = format!("{}.meta.profile[{number}]", claim.path.as_deref().unwrap_or(kind));
            match profiles.profile(url) {
                Known::Tree(tree) => {
                    issues.extend(judge(claim.resource, claim.path.as_deref(), &tree, resource));
                }
                Known::Unusable(text) => issues.push(Issue::warning("processing", text).at(place)),
                Known::Unknown => {
                    let text = format!("the profile {url} is not known here, and was not judged");
                    issues.push(Issue::warning("not-found", text).at(place));
                }
            }
        }
    }
    let mut seen = HashSet::new();
    issues.retain(|issue| seen.insert((issue.code, issue.text.clone(), issue.expression.clone())));
    issues.truncate(MAX_ISSUES);
    issues
}

/// Whether a resource claims any profile at all.
pub fn claims_any(resource: &Value) -> bool {
    claims(resource).next().is_some()
}

struct Claim<'a> {
    /// Where the resource is within another; nothing for the whole.
    path: Option<String>,
    resource: &'a Value,
    urls: &'a [Value],
}

fn claims(resource: &Value) -> impl Iterator<Item = Claim<'_>> {
    let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    let list = |name: &str| resource.get(name).and_then(Value::as_array).into_iter().flatten().enumerate();
    let contained =
        list("contained").map(move |(number, one)| (Some(format!("{kind}.contained[{number}]")), one));
    let carried = list("entry").filter_map(move |(number, entry)| {
        Some((Some(format!("{kind}.entry[{number}].resource")), entry.get("resource")?))
    });
    std::iter::once((None, resource)).chain(contained).chain(carried).filter_map(|(path, resource)| {
        let urls = resource.pointer("/meta/profile")?.as_array()?;
        Some(Claim { path, resource, urls })
    })
}

fn judge(
    definitions: &Definitions,
    profiles: &dyn Profiles,
    resource: &Value,
    container: &Value,
    path: Option<&str>,
    tree: &ProfileTree,
    budget: &mut Budget,
) -> Vec<Issue> {
    let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    let contained = path.is_some_and(|path| path.contains(".contained["));
    let root = if contained { container } else { resource };
    let mut fit = Fit {
        definitions,
        profiles,
        context: Context::new(&definitions.types).resource(resource).root_resource(root),
        path: vec![path.unwrap_or(kind).to_owned()],
        issues: Vec::new(),
        quiet: 0,
        failed: false,
        budget,
        depth: 0,
        url: tree.url.clone(),
    };
    match Place::resource(definitions, resource) {
        Some(place) if fit.is_a(&place, &tree.of) => fit.within(&tree.root, &place),
        _ => {
            let text = format!("the profile {} is of {}, not of {kind}", tree.url, tree.of);
            fit.issue(Severity::Error, "structure", || text);
        }
    }
    fit.issues
}

/// What may still be spent on a resource and all that is in it.
struct Budget {
    fuel: u64,
    until: Instant,
}

/// A walk of a tree of rules over a resource.
struct Fit<'a> {
    definitions: &'a Definitions,
    profiles: &'a dyn Profiles,
    context: Context<'a>,
    /// As FHIRPath, in pieces.
    path: Vec<String>,
    issues: Vec<Issue>,
    /// Above nought while it is only asked whether something would fit.
    quiet: usize,
    failed: bool,
    budget: &'a mut Budget,
    depth: usize,
    /// The profile that is judged by, for messages.
    url: String,
}

impl Fit<'_> {
    /// Adds an issue where the walk stands.
    fn issue(&mut self, severity: Severity, code: &'static str, text: impl FnOnce() -> String) {
        if self.budget.fuel <= 1 {
            return;
        }
        self.failed |= severity == Severity::Error;
        if self.quiet == 0 && self.issues.len() < MAX_ISSUES {
            let issue = Issue::error(code, text()).at(self.path.join("."));
            self.issues.push(Issue { severity, ..issue });
        }
    }

    fn error(&mut self, code: &'static str, text: impl FnOnce(&str) -> String) {
        let url = self.url.clone();
        self.issue(Severity::Error, code, || text(&url));
    }

    /// Whether `work` finds no error; nothing of it is told.
    fn would_fit(&mut self, work: impl FnOnce(&mut Self)) -> bool {
        let before = std::mem::replace(&mut self.failed, false);
        self.quiet += 1;
        work(self);
        self.quiet -= 1;
        !std::mem::replace(&mut self.failed, before)
    }

    /// Uses up what one rule costs. Where nothing is left, that is an issue, once, and the last one.
    fn spend(&mut self) -> bool {
        if self.budget.fuel <= 1 {
            return false;
        }
        self.budget.fuel -= 1;
        if self.budget.fuel.is_multiple_of(LOOK) {
            self.look();
        }
        if self.budget.fuel == 1 {
            let text = format!("the profile {} takes too long to judge by", self.url);
            let place = self.path.first().cloned().unwrap_or_default();
            self.issues.push(Issue::error("too-costly", text).at(place));
            self.failed = true;
        }
        self.budget.fuel > 1
    }

    /// Looks at the clock: after the time there is nothing left to spend but the last.
    fn look(&mut self) {
        if Instant::now() > self.budget.until {
            self.budget.fuel = self.budget.fuel.min(2);
        }
    }
}
