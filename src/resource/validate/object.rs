//! Objects, lists and the `_x` beside a primitive `x`: names, shapes and how many.
//!
//! Implements <https://hl7.org/fhir/R4/json.html#primitive> and #objects.

use serde_json::Value;

use super::{MAX_DEPTH, Object, Step, Walk, Within};
use crate::definitions::{Content, Element, ElementType, Node, Role, Structure, StructureKind};

impl<'a> Walk<'a> {
    /// An object with the elements of a node.
    pub(super) fn object(
        &mut self,
        value: &'a Value,
        object: &'a Object,
        structure: &'a Structure,
        node: &'a Node,
    ) {
        if object.is_empty() {
            return self.issue("structure", "an object may not be empty");
        }
        if self.depth == MAX_DEPTH {
            return self.issue("structure", format!("it is nested deeper than {MAX_DEPTH} levels"));
        }
        self.depth += 1;
        let is_resource = structure.kind == StructureKind::Resource && std::ptr::eq(node, structure.root());
        let shadowed = object.keys().any(|name| name.starts_with('_'));
        let mut seen = 0_u128;
        for (name, child) in object {
            let Some(property) = node.property(name) else {
                if !(is_resource && name == "resourceType") {
                    self.unknown(node, name);
                }
                continue;
            };
            let element = &node.elements[property.element];
            let option = &element.types[property.option];
            let (child, shadow) = if property.shadow {
                // Seen to with the value, where there is one.
                if object.contains_key(&option.property) {
                    continue;
                }
                (None, Some(child))
            } else {
                (Some(child), if shadowed { object.get(&option.shadow) } else { None })
            };
            self.path.push(Step::Name(&element.name));
            let bit = 1_u128 << property.element;
            if seen & bit == 0 {
                seen |= bit;
                self.element(structure, element, option, child, shadow);
            } else {
                self.issue("structure", "it has two values of different types; one is allowed");
            }
            self.path.pop();
        }
        for (place, element) in node.required() {
            if seen & (1_u128 << place) == 0 {
                self.issue_at(&element.name, "required", format!("{} is missing", element.name));
            }
        }
        if !node.invariants.is_empty() {
            let name = if node.path.contains('.') { &node.path } else { &structure.name };
            self.invariants(&node.invariants, value, None, name);
        }
        self.depth -= 1;
    }

    fn unknown(&mut self, node: &Node, name: &'a str) {
        let near = node.elements.iter().find(|element| element.name.eq_ignore_ascii_case(name));
        let choice = node.elements.iter().find(|element| element.choice && name.starts_with(&element.name));
        let text = match (near, choice) {
            (Some(near), _) if !near.choice && near.name != name => {
                format!("{} has no element '{name}'; is '{}' meant?", node.path, near.name)
            }
            (_, Some(choice)) if name == choice.name => {
                format!("the property says its type, as in '{}'", choice.types[0].property)
            }
            (_, Some(choice)) => format!("'{name}' is not among the types that {} may have", choice.name),
            _ => format!("{} has no element '{name}'", node.path),
        };
        self.issue_at(name, "structure", text);
    }

    /// An element with its value, its `_x`, or both.
    fn element(
        &mut self,
        structure: &'a Structure,
        element: &'a Element,
        option: &'a ElementType,
        value: Option<&'a Value>,
        shadow: Option<&'a Value>,
    ) {
        if element.write_only && self.within != Within::Nothing {
            let text = "it is kept apart from resources, and so cannot be part of another one";
            return self.issue("business-rule", text);
        }
        if element.repeats() {
            return self.list(structure, element, option, value, shadow);
        }
        match value {
            Some(Value::Array(_)) => self.issue("structure", "it may not be a list"),
            Some(Value::Null) => self.issue("value", "null is not a value; leave the property out"),
            _ if shadow.is_some_and(Value::is_null) => {
                self.issue("value", "null is not a value; leave the property out");
            }
            _ => self.item(structure, element, option, value, shadow),
        }
    }

    fn list(
        &mut self,
        structure: &'a Structure,
        element: &'a Element,
        option: &'a ElementType,
        value: Option<&'a Value>,
        shadow: Option<&'a Value>,
    ) {
        let mut length = None;
        for side in [value, shadow].into_iter().flatten() {
            match side {
                Value::Array(items) if items.is_empty() => {
                    return self.issue("structure", "a list may not be empty");
                }
                Value::Array(items) if length.is_none_or(|length| length == items.len()) => {
                    length = Some(items.len())
                }
                Value::Array(_) => {
                    let text = "the list and the list of its extensions differ in length; fill up with null";
                    return self.issue("structure", text);
                }
                Value::Null => return self.issue("value", "null is not a value; leave the property out"),
                _ => return self.issue("structure", "it must be a list, even of one"),
            }
        }
        let length = length.unwrap_or_default();
        if length > element.max as usize {
            self.issue("structure", format!("it may be there {} times, not {length}", element.max));
        }
        if length < element.min as usize {
            self.issue("required", format!("it must be there {} times at least", element.min));
        }
        let at = |side: Option<&'a Value>, index| {
            side.and_then(|side| side.get(index)).filter(|one| !one.is_null())
        };
        for index in 0..length {
            self.path.push(Step::Index(index));
            match (at(value, index), at(shadow, index)) {
                (None, None) => {
                    self.issue("value", "null is not a value; it may only stand for one with extensions")
                }
                (Some(Value::Array(_)), _) => self.issue("structure", "a list may not be in a list"),
                (one, extra) => self.item(structure, element, option, one, extra),
            }
            self.path.pop();
        }
    }

    /// One value of an element.
    fn item(
        &mut self,
        structure: &'a Structure,
        element: &'a Element,
        option: &'a ElementType,
        value: Option<&'a Value>,
        shadow: Option<&'a Value>,
    ) {
        let definitions = self.definitions;
        match (option.content, value) {
            (Content::Primitive(primitive, id), _) => {
                if let Some(value) = value {
                    self.primitive(primitive, element, option, value, shadow);
                }
                if let Some(shadow) = shadow {
                    let structure = definitions.structure(id);
                    match shadow.as_object() {
                        Some(object) => self.object(shadow, object, structure, structure.root()),
                        None => self.issue("structure", "what stands beside a primitive value is an object"),
                    }
                }
            }
            (Content::Resource, Some(value)) => {
                let contained = structure.kind == StructureKind::Resource && element.name == "contained";
                self.resource(value, if contained { Within::Container } else { Within::Carrier });
            }
            (Content::Node(id), Some(value)) => match value.as_object() {
                Some(object) => self.object(value, object, structure, structure.node(id)),
                None => self.issue("structure", "it must be an object"),
            },
            (Content::Complex(id), Some(value)) => match value.as_object() {
                Some(object) => self.complex(value, object, element, option, definitions.structure(id)),
                None => self.issue("structure", format!("it must be an object ({})", option.code)),
            },
            (_, None) => {}
        }
    }

    fn complex(
        &mut self,
        value: &'a Value,
        object: &'a Object,
        element: &'a Element,
        option: &'a ElementType,
        structure: &'a Structure,
    ) {
        self.object(value, object, structure, structure.root());
        match structure.role {
            Role::Extension if !object.is_empty() => self.extension(object),
            Role::Reference => self.reference(object, element, option),
            _ => {}
        }
        if let Some(set) = &element.binding {
            self.bound(set, structure.role, object);
        }
        if !element.invariants.is_empty() {
            self.invariants(&element.invariants, value, None, &structure.name);
        }
    }

    /// An extension has a value or extensions, not both (<https://hl7.org/fhir/R4/extensibility.html#ext-1>).
    fn extension(&mut self, object: &Object) {
        let valued = object.keys().any(|name| name.trim_start_matches('_').starts_with("value"));
        if valued == object.contains_key("extension") {
            self.issue("invariant", "an extension has either a value or extensions (ext-1)");
        }
    }
}
