//! Profiles: what a constraint on a type asks beyond the type itself, as a tree to lay over a resource.
//!
//! Implements <https://hl7.org/fhir/R4/profiling.html>. A tree is made when a profile is first used, not at start:
//! from its snapshot, or from its differential over the tree of its base.

mod element;
mod grow;
mod path;

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Invariant, ValueSet};

pub use grow::compile;
pub use path::Step;

/// A profile, ready for use.
#[derive(Debug, Clone)]
pub struct ProfileTree {
    /// With its version, where it has one.
    pub url: String,
    /// The type it constrains.
    pub of: String,
    pub root: Rule,
}

/// What a profile asks of an element, or of a slice of it.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// Name of the element, without `[x]`.
    pub name: String,
    /// Name of the slice, where it is one.
    pub slice: Option<String>,
    pub min: u32,
    /// Nothing for what the type itself allows.
    pub max: Option<u32>,
    /// The types that are left, or nothing for all.
    pub types: Option<Vec<TypeRule>>,
    pub fixed: Option<Value>,
    pub pattern: Option<Value>,
    pub binding: Option<Binding>,
    pub max_length: Option<usize>,
    pub invariants: Vec<Constraint>,
    pub slicing: Option<Slicing>,
    pub children: Vec<Rule>,
    pub slices: Vec<Rule>,
}

/// One of the types that an element may have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypeRule {
    pub code: String,
    /// It conforms to one of these.
    pub profiles: Vec<String>,
    /// A reference points to something that conforms to one of these.
    pub targets: Vec<String>,
}

/// A required binding; the set is missing where nobody defined it.
#[derive(Debug, Clone)]
pub struct Binding {
    pub url: String,
    pub set: Option<Arc<ValueSet>>,
}

/// A rule as FHIRPath, and whether it is only advice.
#[derive(Debug, Clone)]
pub struct Constraint {
    pub rule: Arc<Invariant>,
    pub advice: bool,
}

/// How the slices of an element are told apart (<https://hl7.org/fhir/R4/profiling.html#slicing>).
#[derive(Debug, Clone)]
pub struct Slicing {
    pub discriminators: Vec<Discriminator>,
    pub ordered: bool,
    pub rest: Rest,
}

/// What is in no slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    Allowed,
    AtEnd,
    Refused,
}

#[derive(Debug, Clone)]
pub struct Discriminator {
    pub by: By,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The value at the path, or what it looks like.
    Value,
    Exists,
    Type,
    Profile,
}

impl Rule {
    /// The rule for a child, if the profile says anything of it.
    pub fn child(&self, name: &str) -> Option<&Rule> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Whether it says which value it is.
    pub fn is_marked(&self) -> bool {
        self.fixed.is_some() || self.pattern.is_some() || self.binding.is_some()
    }
}

/// Where the definitions of other profiles come from while one is made.
pub type Sources<'s> = &'s dyn Fn(&str) -> Option<Value>;

/// Core types by the url of their definition.
pub(super) type Urls<'u> = HashMap<&'u str, &'u str>;
