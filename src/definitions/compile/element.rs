//! One element definition: cardinality, types, binding, invariants, and our marks.
//!
//! Implements <https://hl7.org/fhir/R4/elementdefinition.html>.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::super::read::{ElementFile, Extension, TypeFile};
use super::super::{Content, Element, ElementType, Invariant, NodeId, Primitive, StructureKind};
use super::structure::Compiler;
use super::{flagged, kind_of, mistake, ours, unversioned};
use crate::error::Result;
use crate::fhirpath::Expression;

const WRITE_ONLY: &str = "write-only";
const READ_ONLY: &str = "read-only";
const FOLDED: &str = "folded";
const VARIABLE: &str = "variable";
/// In which the standard's own definitions say what a System type really is.
const FHIR_TYPE: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";
const SYSTEM: &str = "http://hl7.org/fhirpath/System.";

/// Rules of the standard that miss what they mean, and what was corrected later: an element is a `boolean`.
const ERRATA: [(&str, &str, &str); 1] = [("que-7", "(answer is Boolean)", "(answer is boolean)")];

/// Rules that the validator knows without evaluating them some hundred times a resource, or that FHIRPath
/// can only hint at.
fn by_construction(key: &str, path: &str) -> bool {
    match key {
        // Every element has a value or children; an extension has a value or extensions.
        "ele-1" | "ext-1" => true,
        // A local reference finds something contained.
        "ref-1" => path == "Reference",
        // What XHTML may say, and that it says something.
        "txt-1" | "txt-2" => path == "Narrative.div",
        _ => false,
    }
}

pub(super) fn blank(name: &str, path: &str, choice: bool) -> Element {
    Element {
        name: name.to_owned(),
        path: path.to_owned(),
        short: String::new(),
        min: 0,
        max: 1,
        types: Vec::new(),
        choice,
        binding: None,
        invariants: Vec::new(),
        is_modifier: false,
        is_summary: false,
        write_only: false,
        read_only: false,
        folded: false,
        variable: false,
    }
}

/// Whether a resource has to be changed before it is kept, for an element with these extensions.
pub(super) fn marks(extensions: &[Extension<'_>]) -> bool {
    flagged(extensions, WRITE_ONLY) || flagged(extensions, FOLDED)
}

/// Lays everything but the types over what was known of the element before.
pub(super) fn overlay(
    element: &mut Element,
    compiler: &mut Compiler<'_, '_, '_>,
    file: &str,
    one: &ElementFile<'_>,
) -> Result<()> {
    element.path = one.path.to_string();
    element.short = one.short.as_deref().unwrap_or(&element.short).to_owned();
    element.min = one.min.unwrap_or(element.min);
    element.max = match one.max.as_deref() {
        None => element.max,
        Some("*") => u32::MAX,
        Some(text) => text.parse().map_err(|_| mistake(file, &one.path, format_args!("max is '{text}'")))?,
    };
    if element.max > 0 && element.min > element.max {
        return Err(mistake(file, &one.path, "min is more than max"));
    }
    element.is_modifier = one.is_modifier.unwrap_or(element.is_modifier);
    element.is_summary = one.is_summary.unwrap_or(element.is_summary);
    let mark = |name, before| ours(&one.extension, name).map_or(before, |_| flagged(&one.extension, name));
    element.write_only = mark(WRITE_ONLY, element.write_only);
    element.read_only = mark(READ_ONLY, element.read_only);
    element.folded = mark(FOLDED, element.folded);
    element.variable = mark(VARIABLE, element.variable);
    if let Some(binding) = one.binding.as_ref().filter(|binding| binding.strength == "required") {
        let url = binding.value_set.as_deref();
        let url = url.ok_or_else(|| mistake(file, &one.path, "its required binding names no value set"))?;
        let set = compiler.sets.get(url)?;
        let missing = format!("the value set {url} is not defined");
        if set.is_none() && compiler.sets.knows_authority(url) {
            return Err(mistake(file, &one.path, missing));
        }
        if set.is_none() {
            compiler.warnings.push(format!("{file}: {}: {missing}: codes are not checked there", one.path));
        }
        element.binding = set;
    }
    compiler.rules.add(&mut element.invariants, file, one)
}

/// The rules compiled so far, by all that they say: snapshots repeat those of what they derive from.
#[derive(Default)]
pub(super) struct Rules(HashMap<[String; 3], Arc<Invariant>>);

impl Rules {
    /// Adds the constraints that must hold. Those of severity warning are advice to authors.
    pub(super) fn add(
        &mut self,
        list: &mut Vec<Arc<Invariant>>,
        file: &str,
        one: &ElementFile<'_>,
    ) -> Result<()> {
        for constraint in &one.constraint {
            let known = list.iter().any(|other| other.key == constraint.key);
            if known || constraint.severity != "error" || by_construction(&constraint.key, &one.path) {
                continue;
            }
            // A few of R4 exist as XPath only.
            let Some(text) = constraint.expression.as_deref() else { continue };
            let (key, human) = (constraint.key.to_string(), constraint.human.to_string());
            let rule = match self.0.entry([key, human, text.to_owned()]) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    let [key, human, text] = entry.key().clone();
                    let text = corrected(&key, text);
                    let expression = Expression::compile(&text).map_err(|e| {
                        mistake(file, &one.path, format_args!("constraint {key}: {e}: {text}"))
                    })?;
                    entry.insert(Arc::new(Invariant { key, human, text, expression }))
                }
            };
            list.push(rule.clone());
        }
        Ok(())
    }
}

fn corrected(key: &str, text: String) -> String {
    let erratum = ERRATA.iter().find(|(of, ..)| *of == key);
    erratum.map_or_else(|| text.clone(), |(_, wrong, right)| text.replace(wrong, right))
}

/// One type of an element. `backbone` is its node when the definition goes on below it.
pub(super) fn option(
    compiler: &Compiler<'_, '_, '_>,
    file: &str,
    element: &Element,
    one: &TypeFile<'_>,
    backbone: Option<NodeId>,
    in_resource: bool,
) -> Result<ElementType> {
    let code = system_type(&one.code, &one.extension, in_resource && element.name == "id");
    let content = match backbone {
        Some(node) => Content::Node(node),
        None => content(compiler, code)
            .ok_or_else(|| mistake(file, &element.path, format_args!("there is no type {code}")))?,
    };
    let property =
        if element.choice { format!("{}{}", element.name, capital(code)) } else { element.name.clone() };
    let shadow = match content {
        Content::Primitive(..) => format!("_{property}"),
        _ => String::new(),
    };
    let mut targets = Vec::new();
    for profile in &one.target_profile {
        let url = unversioned(profile);
        let name = compiler.urls.get(url).map(|place| &*compiler.files[*place].body.of);
        // A target may be of a type that this server does not have; its name is the end of its url.
        let name = name.unwrap_or_else(|| url.rsplit('/').next().unwrap_or(url));
        if name == "Resource" {
            targets.clear();
            break;
        }
        targets.push(name.to_owned());
    }
    Ok(ElementType { code: code.to_owned(), property, shadow, content, targets })
}

fn content(compiler: &Compiler<'_, '_, '_>, code: &str) -> Option<Content> {
    let id = compiler.type_id(code)?;
    let body = &compiler.files[*compiler.names.get(code)?].body;
    Some(match kind_of(&body.kind)? {
        StructureKind::Primitive => Content::Primitive(format_of(compiler, code)?, id),
        StructureKind::Complex => Content::Complex(id),
        StructureKind::Resource => Content::Resource,
    })
}

/// The format of a primitive: its own, or that of the nearest base that has one.
fn format_of(compiler: &Compiler<'_, '_, '_>, code: &str) -> Option<Primitive> {
    let mut name = code;
    // No line of types is this long: a circle ends too, and is reported where it is compiled.
    for _ in 0..16 {
        if let Some(primitive) = Primitive::of(name) {
            return Some(primitive);
        }
        let body = &compiler.files[*compiler.names.get(name)?].body;
        let base = compiler.urls.get(unversioned(body.base_definition.as_deref()?))?;
        name = &compiler.files[*base].body.of;
    }
    None
}

/// What a type of FHIRPath's own system stands for: the definitions use them where types begin.
fn system_type<'t>(code: &'t str, extensions: &'t [Extension<'_>], resource_id: bool) -> &'t str {
    let Some(system) = code.strip_prefix(SYSTEM) else { return code };
    if resource_id {
        return "id";
    }
    let real = extensions.iter().find(|extension| extension.url == FHIR_TYPE);
    if let Some(name) =
        real.and_then(|extension| extension.value_url.as_deref().or(extension.value_code.as_deref()))
    {
        return name;
    }
    match system {
        "Boolean" => "boolean",
        "Integer" => "integer",
        "Decimal" => "decimal",
        "Date" => "date",
        "DateTime" => "dateTime",
        "Time" => "time",
        _ => "string",
    }
}

fn capital(code: &str) -> String {
    let mut letters = code.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
