//! The compiled form of the definitions: what everybody else asks.
//!
//! The terms are those of <https://hl7.org/fhir/R4/structuredefinition.html> and
//! <https://hl7.org/fhir/R4/searchparameter.html>.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Structure, TypeId, Unready, ValueSet};
use crate::fhirpath;

/// Everything that was defined, compiled. Built once at start and shared: a copy shares all but the list of
/// resource types, so that each project can have search parameters of its own.
#[derive(Clone)]
pub struct Definitions {
    /// Resource types that can be stored, by name.
    pub resources: BTreeMap<String, Arc<ResourceType>>,
    /// Element trees of every type, by type name: primitives, datatypes, resources.
    pub structures: Arc<HashMap<String, Arc<Structure>>>,
    /// By url, without version.
    pub value_sets: Arc<HashMap<String, Arc<ValueSet>>>,
    /// The concepts of each code system that is complete, parents first: a code, and the place of the one
    /// that it is under.
    pub code_systems: Arc<HashMap<String, Hierarchy>>,
    /// Constraints on types, by url: known, so that a start can tell a profile from a typing error.
    pub profiles: Arc<HashMap<String, Profile>>,
    /// By the type they are about (Patient, Practitioner, ..).
    pub compartments: Arc<BTreeMap<String, Compartment>>,
    /// The search parameters of all types that came with the definitions: a parameter's slot is its place
    /// here. Those that were defined since have slots behind them.
    pub params: Arc<Vec<Arc<Param>>>,
    /// The same facts in the form that FHIRPath wants them.
    pub types: Arc<fhirpath::Types>,
    /// Whether search parameters that were defined at run time are among them.
    pub custom: bool,
    /// What could not be taken from the definitions, for the log of the start.
    pub warnings: Arc<Vec<String>>,
    /// The structures by number, for the references between them.
    pub(super) table: Arc<Vec<Arc<Structure>>>,
}

impl Definitions {
    /// The structure that an element's content points to.
    pub fn structure(&self, id: TypeId) -> &Structure {
        &self.table[id.0]
    }

    /// The structure of a type of resource, also of one that is never stored (Parameters).
    pub fn resource_structure(&self, name: &str) -> Option<&Structure> {
        self.structures.get(name).map(Arc::as_ref).filter(|structure| structure.is_concrete_resource())
    }
}

/// A type of resource: its elements and what it can be searched by.
#[derive(Clone)]
pub struct ResourceType {
    pub name: String,
    pub url: String,
    pub structure: Arc<Structure>,
    /// By code; the common parameters (`_id`, `_lastUpdated`, ..) are among them, bound to this type.
    pub params: BTreeMap<String, Arc<Param>>,
    /// Those that it is indexed by and that nobody may ask: not yet, or not any more.
    pub hidden: Vec<Arc<Param>>,
    /// By code: those that are defined and cannot be asked, and why.
    pub unready: BTreeMap<String, Unready>,
    /// Offered over REST. Some types are for the server's own use only (`not-served`).
    pub served: bool,
}

/// A search parameter of one resource type.
#[derive(Debug)]
pub struct Param {
    /// Number of this parameter among all parameters of all types, dense from 0: the store keeps its
    /// own small integer for it in a table indexed by slot.
    pub slot: usize,
    /// The resource type it is bound to.
    pub resource: String,
    pub code: String,
    pub url: String,
    pub kind: ParamKind,
    pub expression: fhirpath::Expression,
    /// The expression as written, for the manual and to notice a change.
    pub text: String,
    /// Reference targets; none for any.
    pub targets: Vec<String>,
    /// Of a token: the sets that plain codes are bound to.
    pub implied: Vec<Arc<ValueSet>>,
    /// Of a token: it is about nothing but booleans.
    pub truth: bool,
    /// Of a composite parameter, in the order of its values.
    pub components: Vec<Component>,
    /// Its values are unique within a project (a user pool).
    pub unique: bool,
    /// Defined at run time.
    pub custom: bool,
    pub description: String,
}

/// The expression of a parameter that is about no element: words anywhere in the resource.
pub(super) const NO_EXPRESSION: &str = "{}";

impl Param {
    /// Whether it is indexed and can be asked. Of the special ones only nearness is about an element.
    pub fn is_offered(&self) -> bool {
        match self.kind {
            ParamKind::Special => self.code == "near",
            ParamKind::Composite => !self.components.is_empty(),
            _ => true,
        }
    }

    /// Whether it has one value that resources can be sorted by.
    pub fn sorts(&self) -> bool {
        let of_parts = matches!(self.kind, ParamKind::Special | ParamKind::Composite);
        self.is_offered() && !of_parts && self.text != NO_EXPRESSION
    }
}

/// A part of a composite parameter.
#[derive(Debug, Clone)]
pub struct Component {
    pub kind: ParamKind,
    /// From an element that the composite's own expression finds.
    pub expression: fhirpath::Expression,
    /// The expression as written.
    pub text: String,
}

/// The concepts of a code system.
pub type Hierarchy = Vec<(String, Option<usize>)>;

/// What belongs to a resource: types, and the codes of the parameters that refer to it
/// (<https://hl7.org/fhir/R4/compartmentdefinition.html>).
pub type Compartment = BTreeMap<String, Vec<String>>;

/// A constraint on a type, as it was written: `compile_profile` makes it ready where it is used.
#[derive(Debug, Clone)]
pub struct Profile {
    pub url: String,
    pub name: String,
    /// The type it constrains.
    pub of: String,
    /// The whole definition, as JSON.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParamKind {
    String,
    Token,
    Reference,
    Date,
    Number,
    Quantity,
    Uri,
    Composite,
    Special,
}

impl ParamKind {
    const ALL: [(Self, &'static str); 9] = [
        (Self::String, "string"),
        (Self::Token, "token"),
        (Self::Reference, "reference"),
        (Self::Date, "date"),
        (Self::Number, "number"),
        (Self::Quantity, "quantity"),
        (Self::Uri, "uri"),
        (Self::Composite, "composite"),
        (Self::Special, "special"),
    ];

    /// By its code in <http://hl7.org/fhir/search-param-type>.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, name)| *name == code).map(|(kind, _)| kind)
    }

    pub fn code(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("special", |(_, name)| name)
    }
}
