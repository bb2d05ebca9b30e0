//! A place in the JSON together with what is known of its type.
//! Clause: <https://hl7.org/fhir/R4/fhirpath.html#types>, <https://hl7.org/fhir/R4/json.html#primitive>.

use super::item::Item;
use super::moment_text;
use super::number;
use super::primitive::Primitive;
use super::quantity::Quantity;
use super::types::{Type, Types};
use serde_json::{Map, Value};
use std::borrow::Cow;

static NOTHING: Value = Value::Null;

/// A place in the JSON.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// The JSON; null where only the extensions of a primitive are there.
    pub value: &'a Value,
    /// The sibling `_name` with the id and the extensions of a primitive.
    pub extra: Option<&'a Value>,
    pub(super) kind: Option<&'a Type>,
}

impl<'a> Node<'a> {
    pub(super) fn resource(types: &'a Types, value: &'a Value) -> Self {
        let kind = resource_type(value).and_then(|name| types.get(name));
        Self { value, extra: None, kind }
    }

    pub(super) fn typed(
        types: &'a Types,
        value: &'a Value,
        extra: Option<&'a Value>,
        type_name: &str,
    ) -> Self {
        let kind = types.get(type_name);
        Self::new(types, Some(value), extra, kind)
    }

    /// A node of a declared type, which an instance of `Resource` narrows to its own.
    pub(super) fn new(
        types: &'a Types,
        value: Option<&'a Value>,
        extra: Option<&'a Value>,
        kind: Option<&'a Type>,
    ) -> Self {
        let value = value.unwrap_or(&NOTHING);
        let open = kind.is_none_or(Type::is_any_resource);
        if open && let Some(name) = resource_type(value) {
            return Self { value, extra, kind: types.get(name) };
        }
        Self { value, extra, kind }
    }

    /// The name of its type, where it is known.
    pub fn type_name(&self) -> Option<&'a str> {
        match self.kind {
            Some(kind) => Some(&kind.name),
            None => resource_type(self.value),
        }
    }

    /// What `type()` calls it: a backbone element goes by its kind, not by its path.
    pub(super) fn declared_name(&self, types: &Types) -> Option<String> {
        let kind = self.kind?;
        let base = types.base_of(kind).filter(|_| kind.name.contains('.'));
        Some(match base {
            Some(base) if !kind.name.starts_with("System.") => base.name.clone(),
            _ => kind.name.clone(),
        })
    }

    /// The object whose properties are its children: for a primitive, that of its extensions.
    pub(super) fn object(&self) -> Option<&'a Map<String, Value>> {
        match self.value {
            Value::Object(object) => Some(object),
            _ => self.extra.and_then(Value::as_object),
        }
    }

    /// A primitive with a value, not just with extensions.
    pub(super) fn has_value(&self) -> bool {
        matches!(self.value, Value::Bool(_) | Value::Number(_) | Value::String(_))
    }

    fn primitive(&self) -> Option<Primitive> {
        self.kind.and_then(|kind| kind.primitive)
    }

    /// The computed value it converts to of itself; `None` for what is complex.
    pub(super) fn system(&self) -> Option<Item<'a>> {
        match self.value {
            Value::Bool(truth) => Some(Item::Boolean(*truth)),
            Value::Number(number) => {
                let whole = number.as_i64().filter(|_| self.primitive() != Some(Primitive::Decimal));
                whole.map(Item::Integer).or_else(|| number::json_decimal(number.as_str()).map(Item::Decimal))
            }
            Value::String(text) => {
                let moment = match self.primitive() {
                    Some(Primitive::Date) => moment_text::date(text),
                    Some(Primitive::DateTime) => moment_text::date_time(text),
                    Some(Primitive::Time) => moment_text::time(text),
                    _ => None,
                };
                let text = || Item::String(Cow::Borrowed(text));
                Some(moment.map_or_else(text, Item::Moment))
            }
            Value::Object(object) if self.kind.is_some() => self.quantity(object).map(Item::Quantity),
            _ => None,
        }
    }

    fn quantity(&self, object: &'a Map<String, Value>) -> Option<Quantity<'a>> {
        // The specialisations of Quantity; SimpleQuantity and MoneyQuantity are profiles of it.
        if !matches!(self.type_name()?, "Quantity" | "Age" | "Count" | "Distance" | "Duration") {
            return None;
        }
        let Value::Number(value) = object.get("value")? else {
            return None;
        };
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        let unit = text("code").or_else(|| text("unit")).unwrap_or("1");
        Some(Quantity {
            value: number::json_decimal(value.as_str())?,
            unit: Cow::Borrowed(unit),
            calendar: false,
        })
    }
}

/// The type a resource says it has.
pub(super) fn resource_type(value: &Value) -> Option<&str> {
    value.as_object()?.get("resourceType")?.as_str()
}
