//! What an evaluation is given besides its input.
//! Clause: <https://hl7.org/fhirpath/N1/#environment-variables>, <https://hl7.org/fhir/R4/fhirpath.html#variables>.

use super::item::{Item, Items};
use super::types::Types;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::HashMap;

/// Answers whether an item is a member of the value set, or conforms to the profile, of that URL;
/// `None` when it has never heard of the URL.
pub type Judge<'a> = &'a dyn Fn(&Item<'_>, &str) -> Option<bool>;

/// Steps granted where the context does not say.
const STEPS: u64 = 4_000_000;

/// What an evaluation is given besides its input. Cheap to make and to reuse.
#[derive(Clone)]
pub struct Context<'a> {
    pub(super) types: &'a Types,
    pub(super) resource: Option<Item<'a>>,
    pub(super) root_resource: Option<Item<'a>>,
    pub(super) variables: Vec<(&'a str, Items<'a>)>,
    pub(super) fetched: Option<&'a HashMap<String, Value>>,
    pub(super) member_of: Option<Judge<'a>>,
    pub(super) conforms_to: Option<Judge<'a>>,
    pub(super) now: Option<DateTime<Utc>>,
    pub(super) steps: u64,
    pub(super) index: Option<usize>,
}

impl<'a> Context<'a> {
    /// Knows the types, and takes the input itself for `%resource` and `%rootResource`.
    pub fn new(types: &'a Types) -> Self {
        Self {
            types,
            resource: None,
            root_resource: None,
            variables: Vec::new(),
            fetched: None,
            member_of: None,
            conforms_to: None,
            now: None,
            steps: STEPS,
            index: None,
        }
    }

    /// Sets `%resource`: the resource that holds the input.
    pub fn resource(mut self, value: &'a Value) -> Self {
        self.resource = Some(Item::resource(self.types, value));
        self
    }

    /// Sets `%rootResource`: the resource that holds `%resource`, if that is a contained one.
    pub fn root_resource(mut self, value: &'a Value) -> Self {
        self.root_resource = Some(Item::resource(self.types, value));
        self
    }

    /// Sets a variable, as `before` for `%before`.
    pub fn variable(mut self, name: &'a str, items: Items<'a>) -> Self {
        self.variables.retain(|(own, _)| *own != name);
        self.variables.push((name, items));
        self
    }

    /// Gives the resources that `resolve()` may find, by the text of the reference. Without one it
    /// still yields an item of the type that the reference names.
    pub fn fetched(mut self, resources: &'a HashMap<String, Value>) -> Self {
        self.fetched = Some(resources);
        self
    }

    /// Answers `memberOf()`, which is an error without it.
    pub fn member_of(mut self, judge: Judge<'a>) -> Self {
        self.member_of = Some(judge);
        self
    }

    /// Answers `conformsTo()`, which is an error without it.
    pub fn conforms_to(mut self, judge: Judge<'a>) -> Self {
        self.conforms_to = Some(judge);
        self
    }

    /// Fixes `now()`, `today()` and `timeOfDay()`.
    pub fn at(mut self, now: DateTime<Utc>) -> Self {
        self.now = Some(now);
        self
    }

    /// Grants so many steps: about one for each item or comparison touched.
    pub fn steps(mut self, steps: u64) -> Self {
        self.steps = steps;
        self
    }

    /// Sets `$index`: the place of the input in a list that the caller walks.
    pub fn index(mut self, index: usize) -> Self {
        self.index = Some(index);
        self
    }
}
