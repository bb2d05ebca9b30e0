//! What the engine knows of types: their names, their bases and their elements.
//! Clause: <https://hl7.org/fhirpath/N1/#types-and-reflection>, <https://hl7.org/fhir/R4/fhirpath.html#polymorphism>.
//!
//! Plain data. Whoever holds the definitions fills it in, in any order; a name that is mentioned
//! but never defined stays usable and is walked by the shape of the JSON alone.

use super::primitive::Primitive;
use std::collections::HashMap;

/// All the types known to an evaluation.
#[derive(Debug, Clone, Default)]
pub struct Types {
    all: Vec<Type>,
    by_name: HashMap<String, usize>,
}

/// One type: a resource, a datatype, a primitive, or a backbone element named by its path.
#[derive(Debug, Clone)]
pub(super) struct Type {
    pub(super) name: String,
    pub(super) primitive: Option<Primitive>,
    defined: bool,
    base: Option<usize>,
    elements: HashMap<String, Element>,
}

/// One element of a type.
#[derive(Debug, Clone)]
pub(super) struct Element {
    /// Written with the type in its name, as `valueQuantity`.
    pub(super) choice: bool,
    /// What it may hold, and for a choice the suffix that says so.
    pub(super) options: Vec<(String, usize)>,
}

impl Types {
    /// Knows nothing but the primitives and the abstract roots.
    pub fn new() -> Self {
        let mut types = Self::default();
        types
            .define("Element", None)
            .define("Resource", None)
            .define("DomainResource", Some("Resource"))
            .define("BackboneElement", Some("Element"));
        for name in Primitive::NAMES {
            types.intern(name);
        }
        types
    }

    /// Defines a type by its name and that of its base, as `define("Age", Some("Quantity"))`.
    ///
    /// A defined type is taken at its word: a property that is no element of it is not seen.
    pub fn define(&mut self, name: &str, base: Option<&str>) -> &mut Self {
        let base = base.map(|base| self.intern(base));
        let index = self.intern(name);
        if let Some(kind) = self.all.get_mut(index) {
            kind.defined = true;
            kind.base = base.or(kind.base);
        }
        self
    }

    /// Defines an element by its path, as `element("Observation.value[x]", &["Quantity", "string"])`.
    ///
    /// A path that ends in `[x]` is a choice. The codes `BackboneElement` and `Element` make a type
    /// named by the path itself, whose elements follow as `element("Patient.contact.name", ..)`.
    pub fn element(&mut self, path: &str, codes: &[&str]) -> &mut Self {
        let Some((owner, name)) = path.rsplit_once('.') else {
            return self;
        };
        let (name, choice) = match name.strip_suffix("[x]") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let options = codes
            .iter()
            .map(|code| {
                if !choice && matches!(*code, "BackboneElement" | "Element") {
                    self.define(path, Some(code));
                    (String::new(), self.intern(path))
                } else {
                    (capitalised(code), self.intern(code))
                }
            })
            .collect();
        self.insert(owner, name, Element { choice, options })
    }

    /// Defines an element that has the content of another one, as a `contentReference` says:
    /// `element_like("Questionnaire.item.item", "Questionnaire.item")`.
    pub fn element_like(&mut self, path: &str, other: &str) -> &mut Self {
        let Some((owner, name)) = path.rsplit_once('.') else {
            return self;
        };
        let options = vec![(String::new(), self.intern(other))];
        self.insert(owner, name, Element { choice: false, options })
    }

    /// Whether the type has been defined, not merely mentioned.
    pub fn knows(&self, name: &str) -> bool {
        self.get(name).is_some_and(|kind| kind.defined)
    }

    /// Whether `name` is `ancestor`, or derives from it at any remove.
    pub fn is_subtype(&self, name: &str, ancestor: &str) -> bool {
        name == ancestor || self.get(name).is_some_and(|kind| self.descends(kind, ancestor))
    }

    fn insert(&mut self, owner: &str, name: &str, element: Element) -> &mut Self {
        let owner = self.intern(owner);
        if let Some(kind) = self.all.get_mut(owner) {
            kind.defined = true;
            kind.elements.insert(name.to_owned(), element);
        }
        self
    }

    fn intern(&mut self, name: &str) -> usize {
        let name = name.strip_prefix("http://hl7.org/fhirpath/").unwrap_or(name);
        if let Some(index) = self.by_name.get(name) {
            return *index;
        }
        let base = Primitive::base(name).map(|base| self.intern(base));
        let index = self.all.len();
        self.all.push(Type {
            name: name.to_owned(),
            primitive: Primitive::of(name),
            defined: base.is_some(),
            base,
            elements: HashMap::new(),
        });
        self.by_name.insert(name.to_owned(), index);
        index
    }

    pub(super) fn get(&self, name: &str) -> Option<&Type> {
        self.by_name.get(name).and_then(|index| self.all.get(*index))
    }

    pub(super) fn at(&self, index: usize) -> Option<&Type> {
        self.all.get(index)
    }

    pub(super) fn base_of(&self, kind: &Type) -> Option<&Type> {
        kind.base.and_then(|index| self.all.get(index))
    }

    /// The type and its bases, nearest first. A circle of bases ends after a few turns.
    fn line<'t>(&'t self, kind: &'t Type) -> impl Iterator<Item = &'t Type> {
        std::iter::successors(Some(kind), |kind| self.base_of(kind)).take(16)
    }

    pub(super) fn descends(&self, kind: &Type, ancestor: &str) -> bool {
        self.line(kind).any(|kind| kind.name == ancestor)
    }

    /// The element of that name, own or inherited.
    pub(super) fn find<'t>(&'t self, kind: &'t Type, name: &str) -> Option<&'t Element> {
        self.line(kind).find_map(|kind| kind.elements.get(name))
    }

    /// Which element, and which type of it, a JSON property stands for.
    pub(super) fn property<'t>(&'t self, kind: &'t Type, property: &str) -> Option<Option<&'t Type>> {
        if let Some(element) = self.find(kind, property)
            && !element.choice
        {
            let option = element.options.first();
            return Some(option.and_then(|(_, index)| self.at(*index)));
        }
        let capitals = property.char_indices().skip(1).filter(|(_, letter)| letter.is_ascii_uppercase());
        for (cut, _) in capitals {
            let (name, suffix) = property.split_at(cut);
            let Some(element) = self.find(kind, name).filter(|element| element.choice) else {
                continue;
            };
            if let Some((_, index)) = element.options.iter().find(|(own, _)| own == suffix) {
                return Some(self.at(*index));
            }
        }
        None
    }
}

impl Type {
    /// The type has elements to walk by; without them the JSON alone says what there is.
    pub(super) fn has_shape(&self) -> bool {
        self.defined && self.primitive.is_none()
    }

    /// May stand for any resource, so that the instance itself says which.
    pub(super) fn is_any_resource(&self) -> bool {
        self.name == "Resource" || self.name == "DomainResource"
    }
}

/// A type code as it ends the name of a choice: `dateTime` in `valueDateTime`.
pub(super) fn capitalised(code: &str) -> String {
    let mut letters = code.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
