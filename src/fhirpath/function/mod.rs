//! The functions: one table from name to arity and implementation, for compiling and evaluating alike.
//! Clause: <https://hl7.org/fhirpath/N1/#functions>, <https://hl7.org/fhir/R4/fhirpath.html#functions>.

mod boundary;
mod call;
mod clock;
mod combining;
mod conversion;
mod encoding;
mod escaping;
mod existence;
mod extension;
mod filtering;
mod html;
mod judging;
mod matching;
mod math;
mod navigation;
mod quantity;
mod reference;
mod sorting;
mod string;
mod subsetting;
mod table;
mod typing;
mod xhtml;

pub(super) use call::Call;
pub(super) use matching::pattern;

use super::evaluate::Outcome;
use super::item::Items;
use std::fmt;
use std::ops::RangeInclusive;

/// What a function does with its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Evaluates them once, where the call stands.
    Values,
    /// Evaluates them on each item of its input, as `$this`.
    Each,
    /// Takes the name of a type.
    Type,
    /// Takes a regular expression first, compiled beforehand where it is written out.
    Pattern,
}

/// How a function is carried out: on its call and its evaluated input.
pub(super) type Run = for<'a> fn(&Call<'a, '_>, Items<'a>) -> Outcome<'a>;

/// One function.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) arity: RangeInclusive<usize>,
    pub(super) takes: Takes,
    pub(super) run: Run,
}

impl fmt::Debug for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name)
    }
}

/// The function of that name.
pub(super) fn named(name: &str) -> Option<&'static Function> {
    table::FUNCTIONS.iter().find(|function| function.name == name)
}

impl Function {
    const fn new(name: &'static str, least: usize, most: usize, takes: Takes, run: Run) -> Self {
        Self { name, arity: least..=most, takes, run }
    }

    /// Leaves an empty input empty, so that nothing is lost where it is never called.
    pub(super) fn yields_nothing_on_nothing(&self) -> bool {
        matches!(
            self.name,
            "where"
                | "select"
                | "as"
                | "ofType"
                | "first"
                | "last"
                | "tail"
                | "single"
                | "resolve"
                | "extension"
                | "distinct"
                | "repeat"
                | "skip"
                | "take"
        )
    }
}
