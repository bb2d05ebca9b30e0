//! The types of search parameter, a file each: what is indexed of an element (`index`) and what is asked
//! of an entry (`ask`) stand side by side, so that the one cannot drift from the other.
//!
//! <https://hl7.org/fhir/R4/search.html#ptypes>

mod composite;
pub mod date;
mod near;
pub mod number;
mod quantity;
mod reference;
mod string;
mod token;
mod uri;
pub mod word;

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Entry, EntryValue, Facet, Key, Test, escape};
use crate::definitions::{Param, ParamKind, ValueSet};
use crate::error::Issue;

/// An element that the expression of a parameter found.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    pub json: Cow<'a, Value>,
    /// The name of its FHIR type (`HumanName`, `code`), empty when unknown.
    pub kind: &'a str,
}

/// Where the entries of one parameter of one resource are gathered.
pub struct Entries<'a> {
    pub slot: usize,
    /// Absolute references below it are our own.
    pub base_url: &'a str,
    pub all: &'a mut Vec<Entry>,
    /// The type that the last reference was to, and its number.
    pub target: Option<(String, i64)>,
}

impl Entries<'_> {
    fn add(&mut self, facet: Facet, value: EntryValue) {
        self.all.push(Entry { key: Key { slot: self.slot, facet }, value, edge: 0 });
    }
}

/// What decides how values are compared: a parameter, or a part of a composite one.
pub trait Shape {
    fn kind(&self) -> ParamKind;
    /// The expression as written.
    fn text(&self) -> &str;
    /// Of dates: an instant, which begins where it ends.
    fn is_point(&self) -> bool;
    /// Of tokens: the sets that say which systems plain codes are of.
    fn implied(&self) -> &[Arc<ValueSet>];
    /// Of tokens: only true and false can be values.
    fn is_truth(&self) -> bool;
}

/// Whether a plain code of the parameter's elements is of this system.
pub fn is_implied(shape: &impl Shape, system: &str, code: &str) -> bool {
    shape.implied().iter().any(|set| set.contains(system, code))
}

impl Shape for Param {
    fn kind(&self) -> ParamKind {
        self.kind
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn is_point(&self) -> bool {
        self.code == "_lastUpdated"
    }

    fn implied(&self) -> &[Arc<ValueSet>] {
        &self.implied
    }

    fn is_truth(&self) -> bool {
        self.truth
    }
}

pub use composite::{ask as ask_composite, index as index_composite};

/// How a parameter is to be asked, from what follows the colon of its name. `:missing` and `:not` are no
/// question of the type and are read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modifier<'a> {
    None,
    Exact,
    Contains,
    Text,
    Identifier,
    Above,
    Below,
    OfType,
    /// Of a reference: the type of its target.
    Type(&'a str),
}

/// What a value is read against.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    pub modifier: Modifier<'a>,
    pub base_url: &'a str,
    /// Milliseconds since 1970, for `ap` on dates.
    pub now: i64,
}

/// Whether the sort value of such a parameter is a number rather than a text.
pub fn sorts_as_number(kind: ParamKind) -> bool {
    matches!(kind, ParamKind::Date | ParamKind::Number | ParamKind::Quantity)
}

/// Adds the entries of one found element. What cannot be read as the parameter's type adds none: judging
/// the resource is the work of validation.
pub fn index(shape: &impl Shape, found: &Found, entries: &mut Entries) {
    match shape.kind() {
        ParamKind::String => string::index(found, entries),
        ParamKind::Token => token::index(found, entries),
        ParamKind::Reference => reference::index(found, entries),
        ParamKind::Date => date::index(found, entries),
        ParamKind::Number => number::index(found, entries),
        ParamKind::Uri => uri::index(found, entries),
        ParamKind::Quantity => quantity::index(found, entries),
        ParamKind::Special => near::index(found, entries),
        // Its parts are indexed one by one.
        ParamKind::Composite => {}
    }
}

/// The tests of one alternative of a value, still escaped; an entry need only pass one of them.
pub fn ask(shape: &impl Shape, asking: &Asking, value: &str) -> Result<Vec<Test>, Issue> {
    match (shape.kind(), asking.modifier) {
        (ParamKind::String, _) => string::ask(asking, value),
        (ParamKind::Token, _) => token::ask(shape, asking, value),
        (ParamKind::Reference, _) => reference::ask(asking, value),
        (ParamKind::Date, Modifier::None) => date::ask(shape, asking, &escape::unescape(value)),
        (ParamKind::Number, Modifier::None) => number::ask(&escape::unescape(value)),
        (ParamKind::Uri, _) => uri::ask(asking, &escape::unescape(value)),
        (ParamKind::Quantity, Modifier::None) => quantity::ask(value),
        (ParamKind::Special, Modifier::None) => near::ask(value),
        (ParamKind::Composite, Modifier::None) => Err(bad_value("a composite cannot be part of another")),
        _ => Err(no_such_modifier()),
    }
}

/// The facet under which the answers to a modifier are indexed.
pub fn facet(modifier: Modifier) -> Facet {
    match modifier {
        Modifier::Text => Facet::Text,
        Modifier::Identifier => Facet::Identifier,
        Modifier::OfType => Facet::OfType,
        _ => Facet::Value,
    }
}

fn no_such_modifier() -> Issue {
    Issue::error("not-supported", "this modifier is not offered on a parameter of this type")
}

fn bad_value(text: impl Into<String>) -> Issue {
    Issue::error("value", text)
}

/// A value as error texts repeat it: its beginning, if it is long.
pub(super) fn quoted(value: &str) -> String {
    match value.char_indices().nth(60) {
        Some((end, _)) => format!("`{}..`", &value[..end]),
        None => format!("`{value}`"),
    }
}

/// A member of a JSON object that is a text with something in it.
fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// The objects of a list, or the one object where a list was left out.
fn objects<'a>(object: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
    let found = object.get(name);
    let list = found.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().chain(found).filter_map(Value::as_object)
}

/// The form of a logical id: <https://hl7.org/fhir/R4/datatypes.html#id>.
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
}

/// Comparison prefixes: <https://hl7.org/fhir/R4/search.html#prefix>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prefix {
    Eq,
    Ne,
    Gt,
    Lt,
    Ge,
    Le,
    Sa,
    Eb,
    Ap,
}

impl Prefix {
    /// The prefix, and the value after it.
    fn split(text: &str) -> (Self, &str) {
        let prefix = match text.get(..2) {
            Some("eq") => Self::Eq,
            Some("ne") => Self::Ne,
            Some("gt") => Self::Gt,
            Some("lt") => Self::Lt,
            Some("ge") => Self::Ge,
            Some("le") => Self::Le,
            Some("sa") => Self::Sa,
            Some("eb") => Self::Eb,
            Some("ap") => Self::Ap,
            _ => return (Self::Eq, text),
        };
        (prefix, &text[2..])
    }
}
