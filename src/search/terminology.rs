//! What a search asks of code systems and value sets: the lists behind `:in`, `:not-in`, `:above` and `:below`
//! (<https://hl7.org/fhir/R4/search.html#token>). Who holds them answers.

use crate::error::Issue;

/// A code of a system; the system is empty where there is none.
pub type Code = (String, String);

pub trait Terminology {
    /// The codes of a value set, given by its url or as `ValueSet/id`.
    fn expand(&self, value_set: &str) -> Result<Vec<Code>, Issue>;

    /// A code with all that are above it, or below it, in the hierarchy of its system.
    fn related(&self, system: &str, code: &str, direction: Direction) -> Result<Vec<Code>, Issue>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Above,
    Below,
}

/// Nobody to ask.
pub struct NoTerminology;

impl Terminology for NoTerminology {
    fn expand(&self, value_set: &str) -> Result<Vec<Code>, Issue> {
        Err(Issue::error("not-found", format!("there is no value set {value_set} here")))
    }

    fn related(&self, system: &str, _: &str, _: Direction) -> Result<Vec<Code>, Issue> {
        Err(Issue::error("not-found", format!("there is no code system {system} here")))
    }
}
