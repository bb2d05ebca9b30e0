//! Whether a resource is what its definition says: every issue at once, each with its place.
//!
//! Implements <https://hl7.org/fhir/R4/validation.html>: structure, cardinality, value domains, bindings and
//! invariants. One walk over the JSON, its place kept as a stack, so that a sound resource costs no text.

mod binding;
mod calendar;
mod invariant;
mod object;
mod primitive;
mod profile;
mod reference;
mod xhtml;

pub(super) use primitive::MAX_ID;
pub use profile::{Known, Profiles, claims_any, conform};

use serde_json::{Map, Value};

use crate::definitions::{Definitions, Structure};
use crate::error::{Issue, Severity};
use crate::fhirpath::Context;

/// All that is wrong with a resource, up to a thousand issues; nothing when it is valid.
pub fn validate(definitions: &Definitions, resource: &Value) -> Vec<Issue> {
    let mut walk = Walk {
        definitions,
        context: Context::new(&definitions.types),
        container: resource,
        within: Within::Nothing,
        path: Vec::with_capacity(16),
        depth: 0,
        issues: Vec::new(),
    };
    walk.resource(resource, Within::Nothing);
    walk.issues
}

/// A walk stops here: deeper values come from a program, not from `parse`.
const MAX_DEPTH: usize = 128;

/// Nobody reads more, and an answer should not be many times its question.
const MAX_ISSUES: usize = 1000;

type Object = Map<String, Value>;

/// What a resource is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    /// `contained` of another resource.
    Container,
    /// An element that holds a resource in its own right: `Bundle.entry.resource`.
    Carrier,
}

struct Walk<'a> {
    definitions: &'a Definitions,
    /// For invariants: knows `%resource` and `%rootResource`.
    context: Context<'a>,
    /// The resource whose `contained` answers to `#id`.
    container: &'a Value,
    /// Of the resource that the walk is in.
    within: Within,
    path: Vec<Step<'a>>,
    depth: usize,
    issues: Vec<Issue>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

impl<'a> Walk<'a> {
    /// A resource: the whole, a contained one, or one that is carried.
    fn resource(&mut self, value: &'a Value, within: Within) {
        let Some(object) = value.as_object() else {
            return self.issue("structure", "a resource is a JSON object");
        };
        let Some(name) = object.get("resourceType").and_then(Value::as_str) else {
            return self.issue("structure", "a resource says what it is in resourceType");
        };
        let definitions = self.definitions;
        let Some(structure) = definitions.resource_structure(name) else {
            return self.issue("structure", format!("there is no resource type '{name}'"));
        };
        match within {
            Within::Nothing => {
                self.path.push(Step::Name(&structure.name));
                self.enter(value, value, within, object, structure);
                self.path.pop();
            }
            Within::Carrier => self.enter(value, value, within, object, structure),
            Within::Container => self.enter(value, self.container, within, object, structure),
        }
    }

    fn enter(
        &mut self,
        value: &'a Value,
        container: &'a Value,
        within: Within,
        object: &'a Object,
        structure: &'a Structure,
    ) {
        let context = Context::new(&self.definitions.types).resource(value).root_resource(container);
        let outer = (std::mem::replace(&mut self.context, context), self.container, self.within);
        (self.container, self.within) = (container, within);
        self.object(value, object, structure, structure.root());
        (self.context, self.container, self.within) = outer;
    }

    /// Adds an issue where the walk stands.
    fn issue(&mut self, code: &'static str, text: impl Into<String>) {
        if self.issues.len() >= MAX_ISSUES {
            if self.issues.len() == MAX_ISSUES {
                let text = format!("only the first {MAX_ISSUES} issues are listed");
                self.issues
                    .push(Issue { severity: Severity::Information, ..Issue::error("informational", text) });
            }
            return;
        }
        let issue = Issue::error(code, text);
        self.issues.push(if self.path.is_empty() { issue } else { issue.at(self.expression()) });
    }

    /// Adds an issue at a child of where the walk stands.
    fn issue_at(&mut self, child: &'a str, code: &'static str, text: impl Into<String>) {
        self.path.push(Step::Name(child));
        self.issue(code, text);
        self.path.pop();
    }

    /// The place of the walk as FHIRPath.
    fn expression(&self) -> String {
        let mut text = String::with_capacity(self.path.len() * 10);
        for step in &self.path {
            match step {
                Step::Name(name) if text.is_empty() => text.push_str(name),
                Step::Name(name) => text.extend([".", name]),
                Step::Index(index) => text.push_str(&format!("[{index}]")),
            }
        }
        text
    }
}
