//! From the parameters of a request to a `Query`, or to every reason why it is none, at once.
//!
//! <https://hl7.org/fhir/R4/search.html#parameters>. Unknown parameters are refused unless the caller asked
//! for lenient handling: a filter that is ignored returns everybody.

mod chain;
mod clause;
mod contained;
mod control;
mod filter;
mod include;
mod member;
mod special;
mod system;

use std::cell::Cell;

pub use system::{over, parse_all};

use crate::definitions::{Definitions, ResourceType};
use crate::error::{Error, Issue, Kind, Result, malformed, not_found};

use super::link::CURSOR;
use super::shape::quoted;
use super::{Clause, Cursor, Query, Shown, Summary, Terminology, Total};

/// No reasonable request has more.
const MOST_PARAMETERS: usize = 200;
const MOST_CLAUSES: usize = 64;
/// Tests of all clauses together: each costs the store at least one bound variable.
const MOST_TESTS: usize = 4_000;
const LONGEST_NAME: usize = 200;
const LONGEST_VALUE: usize = 65_536;

/// What the caller and the configuration say about every search.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// `Prefer: handling=lenient`: unknown parameters become warnings.
    pub lenient: bool,
    /// Absolute references below it are our own.
    pub base_url: &'a str,
    /// Larger pages are cut to this.
    pub max_count: usize,
    pub default_count: usize,
    /// Only what belongs to this: a type with a compartment, and an id; without one, to any of the type.
    pub compartment: Option<(&'a str, &'a str)>,
    /// Who knows value sets and code systems.
    pub terminology: &'a dyn Terminology,
}

/// Known to the standard and not offered yet. Refused under lenient handling too: most of them filter, and
/// to ignore a filter returns everybody.
const NOT_OFFERED: [&str; 5] = ["_in", "_maxresults", "_query", "_score", "_type"];

/// Whether a parameter that the standard gives to every search can be asked here.
pub fn offers(code: &str) -> bool {
    !NOT_OFFERED.contains(&code)
}

/// Reads the decoded parameters of a search for one type of resource.
pub fn parse(
    definitions: &Definitions,
    resource: &str,
    parameters: &[(String, String)],
    options: &Options,
) -> Result<Query> {
    let Some(kind) = definitions.resources.get(resource) else {
        return Err(not_found(format!("there is no resource type {}", quoted(resource))));
    };
    if parameters.len() > MOST_PARAMETERS {
        let text = format!("a search takes no more than {MOST_PARAMETERS} parameters");
        return Err(malformed(text).coded("too-costly"));
    }
    let mut reading = Reading::new(definitions, kind, options);
    if let Some((compartment, id)) = options.compartment {
        let clause = reading.language.within(kind, compartment, id).ok_or_else(|| {
            let text = format!("{resource} has no place in the compartment of a {}", quoted(compartment));
            not_found(text).coded("not-supported")
        })?;
        reading.query.clauses.push(clause);
    }
    for (name, value) in parameters {
        reading.take(name, value);
    }
    reading.finish()
}

/// What conditions are understood by.
struct Language<'a> {
    definitions: &'a Definitions,
    options: &'a Options<'a>,
    /// Milliseconds since 1970.
    now: i64,
    /// Conditions made so far: a chain that may lead to many types makes many.
    made: Cell<usize>,
}

impl Language<'_> {
    fn count(&self) -> Result<(), Issue> {
        self.made.set(self.made.get() + 1);
        if self.made.get() > MOST_TESTS {
            let text =
                format!("a search takes no more than {MOST_TESTS} conditions; name the types of a chain");
            return Err(Issue::error("too-costly", text));
        }
        Ok(())
    }
}

/// Why a condition is none.
enum Problem {
    /// There is no such parameter: lenient handling passes it over.
    Unknown(String),
    Bad(Issue),
}

impl From<Issue> for Problem {
    fn from(issue: Issue) -> Self {
        Self::Bad(issue)
    }
}

/// A query half read.
struct Reading<'a> {
    language: Language<'a>,
    kind: &'a ResourceType,
    query: Query,
    /// `_containedType`, which means something only beside `_contained`.
    shown: Option<Shown>,
    /// The text of the cursor: it can be read only when the order is known.
    cursor: Option<&'a str>,
    /// Control parameters seen, each of which is given once.
    controls: Vec<&'a str>,
    issues: Vec<Issue>,
}

impl<'a> Reading<'a> {
    fn new(definitions: &'a Definitions, kind: &'a ResourceType, options: &'a Options<'a>) -> Self {
        let query = Query {
            resource: kind.name.clone(),
            clauses: Vec::new(),
            sort: Vec::new(),
            count: options.default_count.min(options.max_count),
            total: Total::None,
            summary: Summary::False,
            elements: Vec::new(),
            includes: Vec::new(),
            contained: None,
            cursor: None,
            skip: 0,
            used: Vec::new(),
            warnings: Vec::new(),
        };
        let now = chrono::Utc::now().timestamp_millis();
        Self {
            shown: None,
            language: Language { definitions, options, now, made: Cell::new(0) },
            kind,
            query,
            cursor: None,
            controls: Vec::new(),
            issues: Vec::new(),
        }
    }

    fn take(&mut self, name: &'a str, value: &'a str) {
        // A parameter without a value asks nothing, and leaves the self link.
        if value.is_empty() {
            return;
        }
        if let Err(issue) = self.understand(name, value) {
            self.issues.push(issue.at(shortened(name)));
        }
    }

    fn understand(&mut self, name: &'a str, value: &'a str) -> Result<(), Issue> {
        if name.len() > LONGEST_NAME {
            return Err(Issue::error("too-long", "the name of this parameter is too long"));
        }
        if value.len() > LONGEST_VALUE {
            return Err(Issue::error("too-long", format!("a value has no more than {LONGEST_VALUE} bytes")));
        }
        if value.contains('\0') {
            return Err(Issue::error("value", "a value cannot hold the character U+0000"));
        }
        let (code, modifier) = match name.split_once(':') {
            Some((code, modifier)) => (code, Some(modifier)),
            None => (name, None),
        };
        if NOT_OFFERED.contains(&code) {
            return Err(Issue::error("not-supported", format!("`{code}` is not offered here")));
        }
        if control::is_control(code) {
            return self.control(code, modifier, value);
        }
        let condition = match code {
            "_include" | "_revinclude" => match self.language.include(self.kind, code, modifier, value) {
                Ok(include) => {
                    self.query.includes.push(include);
                    self.used(name, value);
                    return Ok(());
                }
                Err(problem) => Err(problem),
            },
            _ => self.language.condition(self.kind, name, value, 0),
        };
        match condition {
            Ok(clause) => self.add(clause, name, value),
            Err(Problem::Bad(issue)) => Err(issue),
            Err(Problem::Unknown(text)) => self.unknown(name, text),
        }
    }

    /// What nobody knows is refused, or ignored with a warning if the caller wishes so.
    fn unknown(&mut self, name: &str, text: String) -> Result<(), Issue> {
        if !self.language.options.lenient {
            return Err(Issue::error("not-supported", text));
        }
        let text = format!("{text}; it was ignored");
        self.query.warnings.push(Issue::warning("not-supported", text).at(shortened(name)));
        Ok(())
    }

    fn used(&mut self, name: &str, value: impl Into<String>) {
        self.query.used.push((name.to_owned(), value.into()));
    }

    fn add(&mut self, clause: Clause, name: &str, value: &str) -> Result<(), Issue> {
        if self.query.clauses.len() >= MOST_CLAUSES {
            return Err(Issue::error(
                "too-costly",
                format!("a search takes no more than {MOST_CLAUSES} conditions"),
            ));
        }
        self.query.clauses.push(clause);
        if self.query.clauses.iter().map(Clause::weight).sum::<usize>() > MOST_TESTS {
            return Err(Issue::error(
                "too-costly",
                format!("a search takes no more than {MOST_TESTS} values in all"),
            ));
        }
        self.used(name, value);
        Ok(())
    }

    fn finish(mut self) -> Result<Query> {
        // A query that is not understood has no fingerprint to compare with.
        if let Some(text) = self.cursor.filter(|_| self.issues.is_empty()) {
            match Cursor::decode(text, &self.query) {
                Ok(cursor) => self.query.cursor = Some(cursor),
                Err(error) => self.issues.extend(error.issues.into_iter().map(|issue| issue.at(CURSOR))),
            }
        }
        self.finish_contained();
        if self.query.summary == Summary::Text && !self.query.includes.is_empty() {
            let text = "nothing comes along with a summary that is only text";
            self.issues.push(Issue::error("value", text).at("_summary"));
        }
        if self.issues.is_empty() { Ok(self.query) } else { Err(Error::new(Kind::Malformed, self.issues)) }
    }
}

/// A parameter's name as issues give it.
fn shortened(name: &str) -> String {
    name.chars().take(LONGEST_NAME).collect()
}
