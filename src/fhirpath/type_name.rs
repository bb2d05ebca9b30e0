//! A type as an expression names it, and whether an item is of it.
//! Clause: <https://hl7.org/fhirpath/N1/#types>, <https://hl7.org/fhir/R4/fhirpath.html#types>.

use super::item::Item;
use super::node::Node;
use super::primitive::Primitive;
use super::types::{Types, capitalised};
use serde_json::Value;

/// A type as an expression names it: `Quantity`, `FHIR.Quantity`, `System.String`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypeName {
    pub(super) namespace: Namespace,
    pub(super) name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace {
    Any,
    Fhir,
    System,
}

impl TypeName {
    /// Takes the parts between the dots; says what is wrong with a name nothing could have.
    pub(super) fn new(parts: &[String]) -> Result<Self, String> {
        let (namespace, name) = match parts {
            [name] => (Namespace::Any, name),
            [space, name] if space == "FHIR" => (Namespace::Fhir, name),
            [space, name] if space == "System" => (Namespace::System, name),
            _ => return Err(format!("`{}` is not the name of a type", parts.join("."))),
        };
        // Primitives are a closed list, so that a small letter gives a slip away.
        let small = name.starts_with(|letter: char| letter.is_lowercase());
        if small && (namespace == Namespace::System || Primitive::of(name).is_none()) {
            return Err(format!("there is no type `{}`", parts.join(".")));
        }
        Ok(Self { namespace, name: name.clone() })
    }

    /// Whether the item is of the type, or of one derived from it.
    pub(super) fn covers(&self, types: &Types, item: &Item<'_>) -> bool {
        self.matches(types, item, false)
    }

    /// Whether `as` and `ofType` let the item through. Among the primitives they ask for the very
    /// type, so that a `code` is no `string`: this is how the published cases read R4.
    pub(super) fn admits(&self, types: &Types, item: &Item<'_>) -> bool {
        self.matches(types, item, Primitive::of(&self.name).is_some())
    }

    fn matches(&self, types: &Types, item: &Item<'_>, exact: bool) -> bool {
        match item {
            Item::Node(node) => self.matches_node(types, node, exact),
            Item::Unfetched(name) => {
                self.namespace != Namespace::System && types.is_subtype(name, &self.name)
            }
            Item::Type { .. } => false,
            computed => {
                self.namespace != Namespace::Fhir && computed.system_name() == Some(self.name.as_str())
            }
        }
    }

    fn matches_node(&self, types: &Types, node: &Node<'_>, exact: bool) -> bool {
        let Some(own) = node.type_name() else {
            return self.matches_untyped(node);
        };
        if let Some(system) = own.strip_prefix("System.") {
            return self.namespace != Namespace::Fhir && system == self.name;
        }
        if self.namespace == Namespace::System {
            return false;
        }
        if exact {
            return own == self.name;
        }
        let any_resource = matches!(self.name.as_str(), "Resource" | "DomainResource");
        types.is_subtype(own, &self.name) || any_resource && !types.knows(own)
    }

    /// Without a declared type, JSON tells the three kinds of simple values apart and no more.
    fn matches_untyped(&self, node: &Node<'_>) -> bool {
        let name = match node.value {
            Value::Bool(_) => "Boolean",
            Value::Number(number) if number.as_i64().is_some() => "Integer",
            Value::Number(_) => "Decimal",
            Value::String(_) => "String",
            _ => return false,
        };
        match self.namespace {
            Namespace::System => self.name == name,
            _ => capitalised(&self.name) == name,
        }
    }
}
