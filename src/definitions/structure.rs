//! The element tree of a type, in the form that a walk over JSON needs: from property name to element.
//!
//! The terms are those of <https://hl7.org/fhir/R4/elementdefinition.html>; JSON property names follow
//! <https://hl7.org/fhir/R4/json.html>.

use std::collections::HashMap;
use std::sync::Arc;

use super::ValueSet;
use crate::fhirpath::Expression;

/// Number of a structure in `Definitions`: types refer to each other in circles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeId(pub(super) usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StructureKind {
    Primitive,
    Complex,
    Resource,
}

/// The element tree of a type.
#[derive(Debug)]
pub struct Structure {
    pub name: String,
    pub url: String,
    pub description: String,
    pub kind: StructureKind,
    pub is_abstract: bool,
    /// Name of the type it derives from.
    pub base: Option<String>,
    /// The format of a primitive.
    pub primitive: Option<Primitive>,
    pub role: Role,
    /// The places that have child elements: the type itself first, then its backbone elements.
    pub nodes: Vec<Node>,
    /// Write-only or folded elements are somewhere in the tree.
    pub(super) marked: bool,
}

impl Structure {
    pub fn root(&self) -> &Node {
        &self.nodes[0]
    }

    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// The root first.
    pub fn places(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId)
    }

    pub fn is_concrete_resource(&self) -> bool {
        self.kind == StructureKind::Resource && !self.is_abstract
    }

    /// Whether there is anything for `take_secrets` and `fold` to look for.
    pub fn has_marks(&self) -> bool {
        self.marked
    }
}

/// Datatypes about which the standard says in prose what no element definition can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Plain,
    Extension,
    Reference,
    Coding,
    CodeableConcept,
    Quantity,
}

/// Place of a node in its structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeId(pub(super) usize);

/// A type or a backbone element: something with child elements.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// As `Patient.contact`.
    pub path: String,
    pub elements: Vec<Element>,
    /// Evaluated on every value of the node.
    pub invariants: Vec<Arc<Invariant>>,
    /// Places in `elements` of those that must be there.
    pub(super) required: Vec<usize>,
    pub(super) properties: HashMap<String, Property>,
}

impl NodeId {
    pub const ROOT: Self = Self(0);
}

impl Node {
    /// As many elements as a walk keeps count of in one word.
    pub const CAPACITY: usize = 128;

    pub fn property(&self, name: &str) -> Option<Property> {
        self.properties.get(name).copied()
    }

    pub fn required(&self) -> impl Iterator<Item = (usize, &Element)> {
        self.required.iter().map(|place| (*place, &self.elements[*place]))
    }

    pub fn element(&self, name: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.name == name)
    }
}

/// What a JSON property of a node stands for.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Place in `Node::elements`.
    pub element: usize,
    /// Place in `Element::types`.
    pub option: usize,
    /// It is the `_x` beside a primitive `x`.
    pub shadow: bool,
}

#[derive(Debug, Clone)]
pub struct Element {
    /// Without `[x]`.
    pub name: String,
    /// As written in the definition: `User.metadata.value[x]`.
    pub path: String,
    pub short: String,
    pub min: u32,
    /// `u32::MAX` for `*`.
    pub max: u32,
    pub types: Vec<ElementType>,
    /// One of several types, each with a property of its own.
    pub choice: bool,
    /// Required bindings only.
    pub binding: Option<Arc<ValueSet>>,
    pub invariants: Vec<Arc<Invariant>>,
    /// Modifies the meaning of the whole, or is part of the summary, or both.
    pub is_modifier: bool,
    pub is_summary: bool,
    /// May be written, is never read.
    pub write_only: bool,
    /// Only the server sets it.
    pub read_only: bool,
    /// Kept in NFC and lower case.
    pub folded: bool,
    /// A reference that may be a variable (`%patient`), filled in on use.
    pub variable: bool,
}

impl Element {
    /// Its JSON is an array.
    pub fn repeats(&self) -> bool {
        self.max > 1
    }
}

/// One type that an element may have.
#[derive(Debug, Clone)]
pub struct ElementType {
    /// The type code: `Quantity`, `BackboneElement`.
    pub code: String,
    /// The JSON property: `value`, or for a choice `valueQuantity`.
    pub property: String,
    /// The property beside it when it is a primitive: `_value`.
    pub shadow: String,
    pub content: Content,
    /// Type names a reference may point to; empty for any.
    pub targets: Vec<String>,
}

/// What the JSON of an element looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The structure holds `id` and `extension` of the `_x` property.
    Primitive(Primitive, TypeId),
    Complex(TypeId),
    /// A backbone element of the same structure.
    Node(NodeId),
    /// Any resource, told by its resourceType.
    Resource,
}

/// A rule of the definition, as FHIRPath.
#[derive(Debug)]
pub struct Invariant {
    pub key: String,
    pub human: String,
    pub text: String,
    pub expression: Expression,
}

macro_rules! primitives {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// The formats of <https://hl7.org/fhir/R4/datatypes.html#primitive>.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Primitive { $($variant),+ }

        impl Primitive {
            pub fn of(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

primitives! {
    Base64Binary = "base64Binary", Boolean = "boolean", Canonical = "canonical", Code = "code", Date = "date",
    DateTime = "dateTime", Decimal = "decimal", Id = "id", Instant = "instant", Integer = "integer",
    Markdown = "markdown", Oid = "oid", PositiveInt = "positiveInt", String = "string", Time = "time",
    UnsignedInt = "unsignedInt", Uri = "uri", Url = "url", Uuid = "uuid", Xhtml = "xhtml",
}
