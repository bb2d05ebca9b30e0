//! One item of a collection: a node of the JSON, or a value that was computed.
//! Clause: <https://hl7.org/fhirpath/N1/#literals>, <https://hl7.org/fhir/R4/fhirpath.html#types>.

use super::moment::{Moment, MomentKind};
use super::node::Node;
use super::quantity::Quantity;
use super::types::Types;
use rust_decimal::Decimal;
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// An ordered collection.
pub type Items<'a> = Vec<Item<'a>>;

/// One item of a collection. It borrows from the JSON, the types and the expression.
#[derive(Debug, Clone)]
pub enum Item<'a> {
    /// A place in the JSON.
    Node(Node<'a>),
    /// A Boolean.
    Boolean(bool),
    /// An Integer.
    Integer(i64),
    /// A Decimal.
    Decimal(Decimal),
    /// A String.
    String(Cow<'a, str>),
    /// A Date, DateTime or Time.
    Moment(Moment),
    /// A Quantity.
    Quantity(Quantity<'a>),
    /// What `type()` answers.
    Type {
        /// `System` or `FHIR`.
        namespace: &'static str,
        /// The name within it.
        name: Cow<'a, str>,
    },
    /// The target of a reference, of which no more is known than its type.
    Unfetched(Cow<'a, str>),
}

impl<'a> Item<'a> {
    /// A resource, typed by its `resourceType`.
    pub fn resource(types: &'a Types, value: &'a Value) -> Self {
        Self::Node(Node::resource(types, value))
    }

    /// An element, typed by a name that [`Types`] knows (`HumanName`, or a backbone's path as
    /// `Patient.contact`); `extra` is the sibling `_name` that holds a primitive's extensions.
    pub fn element(types: &'a Types, value: &'a Value, extra: Option<&'a Value>, type_name: &str) -> Self {
        Self::Node(Node::typed(types, value, extra, type_name))
    }

    /// The node, if it is one.
    pub fn node(&self) -> Option<&Node<'a>> {
        match self {
            Self::Node(node) => Some(node),
            _ => None,
        }
    }

    /// The name of its type: FHIR's for a node, `Boolean` and such for a computed value.
    /// A backbone element is named by its path.
    pub fn type_name(&self) -> Option<&str> {
        match self {
            Self::Node(node) => node.type_name(),
            Self::Unfetched(name) => Some(name),
            Self::Type { .. } => Some("SimpleTypeInfo"),
            other => other.system_name(),
        }
    }

    /// The System type of a computed value.
    pub(super) fn system_name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Boolean(_) => "Boolean",
            Self::Integer(_) => "Integer",
            Self::Decimal(_) => "Decimal",
            Self::String(_) => "String",
            Self::Moment(moment) => match moment.kind {
                MomentKind::Date => "Date",
                MomentKind::DateTime => "DateTime",
                MomentKind::Time => "Time",
            },
            Self::Quantity(_) => "Quantity",
            Self::Node(_) | Self::Type { .. } | Self::Unfetched(_) => return None,
        })
    }

    /// The computed value that a node converts to of itself; a complex node stays what it is.
    pub fn system(&self) -> Self {
        match self {
            Self::Node(node) => node.system().unwrap_or_else(|| self.clone()),
            other => other.clone(),
        }
    }

    /// The text of a string, whether a node or computed.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Node(node) => node.value.as_str(),
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth of a boolean, whether a node or computed.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Node(node) => node.value.as_bool(),
            Self::Boolean(truth) => Some(*truth),
            _ => None,
        }
    }

    /// Text that outlives nothing, as a computed item.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::String(Cow::Owned(text.into()))
    }

    /// The same literal, borrowed.
    pub(super) fn borrowed(&'a self) -> Self {
        match self {
            Self::String(text) => Self::String(Cow::Borrowed(text)),
            Self::Quantity(quantity) => Self::Quantity(Quantity {
                value: quantity.value,
                unit: Cow::Borrowed(&quantity.unit),
                calendar: quantity.calendar,
            }),
            other => other.clone(),
        }
    }
}

/// As `toString()` would have it; complex nodes as JSON.
impl fmt::Display for Item<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(node) => match node.value {
                Value::String(text) => out.write_str(text),
                other => write!(out, "{other}"),
            },
            Self::Boolean(truth) => write!(out, "{truth}"),
            Self::Integer(number) => write!(out, "{number}"),
            Self::Decimal(number) => write!(out, "{number}"),
            Self::String(text) => out.write_str(text),
            Self::Moment(moment) => write!(out, "{moment}"),
            Self::Quantity(quantity) => write!(out, "{quantity}"),
            Self::Type { namespace, name } => write!(out, "{namespace}.{name}"),
            Self::Unfetched(name) => out.write_str(name),
        }
    }
}
