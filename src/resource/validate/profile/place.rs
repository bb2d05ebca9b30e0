//! A place in a resource, with what its type says of it: where a rule is judged.
//!
//! Implements <https://hl7.org/fhir/R4/json.html>: values, choices, lists, and what stands beside a primitive.

use serde_json::{Map, Value};

use crate::definitions::{Content, Definitions, ElementType, Node, Structure};

/// One value.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub value: Option<&'a Value>,
    /// What stands beside a primitive.
    pub shadow: Option<&'a Value>,
    /// Code of its type; of a resource, what it says it is.
    pub code: &'a str,
    /// The name that FHIRPath knows its type by.
    pub type_name: &'a str,
    pub structure: &'a Structure,
    pub node: &'a Node,
    /// Where it is in its list.
    pub index: Option<usize>,
}

impl<'a> Place<'a> {
    pub fn resource(definitions: &'a Definitions, value: &'a Value) -> Option<Self> {
        let name = value.get("resourceType").and_then(Value::as_str)?;
        let structure = definitions.resource_structure(name)?;
        Some(Self {
            value: Some(value),
            shadow: None,
            code: &structure.name,
            type_name: &structure.name,
            structure,
            node: structure.root(),
            index: None,
        })
    }

    /// Where its children are.
    fn object(&self) -> Option<&'a Map<String, Value>> {
        match self.value {
            Some(Value::Object(object)) => Some(object),
            _ => self.shadow.and_then(Value::as_object),
        }
    }

    /// The values of an element, of whatever type.
    pub fn children(&self, definitions: &'a Definitions, name: &str) -> Vec<Self> {
        let (Some(object), Some(element)) = (self.object(), self.node.element(name)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for option in &element.types {
            let (value, shadow) = (object.get(&option.property), object.get(&option.shadow));
            let length =
                [value, shadow].into_iter().flatten().filter_map(Value::as_array).map(Vec::len).max();
            let at = |side: Option<&'a Value>, index| {
                side.and_then(|side| side.get(index)).filter(|one: &&Value| !one.is_null())
            };
            match length {
                _ if value.is_none() && shadow.is_none() => {}
                None => found.extend(self.child(definitions, option, value, shadow, None)),
                Some(length) => found.extend((0..length).filter_map(|index| {
                    self.child(definitions, option, at(value, index), at(shadow, index), Some(index))
                })),
            }
        }
        found
    }

    fn child(
        &self,
        definitions: &'a Definitions,
        option: &'a ElementType,
        value: Option<&'a Value>,
        shadow: Option<&'a Value>,
        index: Option<usize>,
    ) -> Option<Self> {
        let of = |structure: &'a Structure| Self {
            value,
            shadow,
            code: &option.code,
            type_name: &option.code,
            structure,
            node: structure.root(),
            index,
        };
        Some(match option.content {
            Content::Primitive(_, id) | Content::Complex(id) => of(definitions.structure(id)),
            Content::Node(id) => {
                let node = self.structure.node(id);
                Self { node, type_name: &node.path, ..of(self.structure) }
            }
            Content::Resource => Self { index, ..Self::resource(definitions, value?)? },
        })
    }

    /// The text of a child that is a primitive.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.object()?.get(name)?.as_str()
    }
}
