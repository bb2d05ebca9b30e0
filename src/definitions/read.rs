//! From files to the few facts of each definition that matter here.
//!
//! Reads <https://hl7.org/fhir/R4/structuredefinition.html>, ValueSet, CodeSystem, SearchParameter,
//! CompartmentDefinition, and Bundles of them. Narrative and everything that does not decide anything is
//! skipped without being built. The facts of a package are written to its cache as they are declared here: in
//! that order, without names, so that no field may be left out when it is empty.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::source::{Origin, Source};
use crate::error::{Result, invalid};

/// A definition and the file it came from.
#[derive(Serialize, Deserialize)]
pub(super) struct Read<'a, T> {
    pub(super) file: &'a str,
    /// Where a package stands among the others is known only when it is read.
    #[serde(skip)]
    pub(super) origin: Origin,
    /// It came in a Bundle: packages repeat in Bundles what they have as files.
    pub(super) bundled: bool,
    /// As it was written; of a package no more than profiles need.
    #[serde(borrow)]
    pub(super) text: Text<'a>,
    pub(super) body: T,
}

#[derive(Default, Serialize, Deserialize)]
pub(super) struct Files<'a> {
    #[serde(borrow)]
    pub(super) structures: Vec<Read<'a, StructureFile<'a>>>,
    #[serde(borrow)]
    pub(super) value_sets: Vec<Read<'a, ValueSetFile<'a>>>,
    #[serde(borrow)]
    pub(super) code_systems: Vec<Read<'a, CodeSystemFile<'a>>>,
    #[serde(borrow)]
    pub(super) params: Vec<Read<'a, ParamFile<'a>>>,
    #[serde(borrow)]
    pub(super) compartments: Vec<Read<'a, CompartmentFile<'a>>>,
}

/// Adds what the sources hold to what is there.
pub(super) fn read<'a>(files: &mut Files<'a>, sources: &'a [Source]) -> Result<()> {
    for source in sources {
        let text = std::str::from_utf8(&source.bytes)
            .map_err(|e| invalid(format!("{} is not UTF-8", source.name)).because(e))?;
        files.add(source, text, false)?;
    }
    Ok(())
}

impl<'a> Files<'a> {
    /// Adds all of others, which come from this origin.
    pub(super) fn append(&mut self, mut others: Self, origin: Origin) {
        others.structures.iter_mut().for_each(|one| one.origin = origin);
        others.value_sets.iter_mut().for_each(|one| one.origin = origin);
        others.code_systems.iter_mut().for_each(|one| one.origin = origin);
        others.params.iter_mut().for_each(|one| one.origin = origin);
        others.compartments.iter_mut().for_each(|one| one.origin = origin);
        self.structures.append(&mut others.structures);
        self.value_sets.append(&mut others.value_sets);
        self.code_systems.append(&mut others.code_systems);
        self.params.append(&mut others.params);
        self.compartments.append(&mut others.compartments);
    }

    fn add(&mut self, source: &'a Source, text: &'a str, bundled: bool) -> Result<()> {
        let kind = match resource_type(text.as_bytes()) {
            Some(kind) => kind,
            None => {
                let head: Head = parse(source, text)?;
                let none = || invalid(format!("{} has no resourceType", source.name));
                head.resource_type.ok_or_else(none)?
            }
        };
        match &*kind {
            "StructureDefinition" => push(&mut self.structures, source, text, bundled),
            "ValueSet" => push(&mut self.value_sets, source, text, bundled),
            "CodeSystem" => push(&mut self.code_systems, source, text, bundled),
            "SearchParameter" => push(&mut self.params, source, text, bundled),
            "CompartmentDefinition" => push(&mut self.compartments, source, text, bundled),
            "Bundle" => {
                let bundle: Bundle = parse(source, text)?;
                let resources = bundle.entry.into_iter().filter_map(|entry| entry.resource);
                resources.into_iter().try_for_each(|resource| self.add(source, resource.get(), true))
            }
            // Packages bring much else that is no concern of ours.
            _ => Ok(()),
        }
    }
}

fn push<'a, T: Deserialize<'a>>(
    list: &mut Vec<Read<'a, T>>,
    source: &'a Source,
    text: &'a str,
    bundled: bool,
) -> Result<()> {
    let body = parse(source, text)?;
    list.push(Read { file: &source.name, origin: source.origin, bundled, text: text.into(), body });
    Ok(())
}

fn parse<'a, T: Deserialize<'a>>(source: &Source, text: &'a str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|e| invalid(format!("{} cannot be understood", source.name)).because(e))
}

type Text<'a> = Cow<'a, str>;

/// The type of a resource, if there is one. It stands first nearly always, and then nothing else is read.
pub(super) fn resource_type(text: &[u8]) -> Option<Cow<'_, str>> {
    let first = || {
        let rest = text.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
        let rest = rest.strip_prefix(b"\"resourceType\"")?.trim_ascii_start();
        let rest = rest.strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"\"")?;
        let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
        let name = std::str::from_utf8(&rest[..end]).ok()?;
        (rest[end] == b'"').then_some(Cow::Borrowed(name))
    };
    first().or_else(|| serde_json::from_slice::<Head<'_>>(text).ok()?.resource_type)
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "resourceType", borrow, default)]
    resource_type: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default)]
    resource: Option<&'a RawValue>,
}

#[derive(Serialize, Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(super) struct Extension<'a> {
    #[serde(borrow)]
    pub(super) url: Text<'a>,
    pub(super) value_boolean: Option<bool>,
    #[serde(borrow)]
    pub(super) value_code: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) value_url: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StructureFile<'a> {
    #[serde(borrow)]
    pub(super) url: Text<'a>,
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(rename = "type", borrow)]
    pub(super) of: Text<'a>,
    #[serde(borrow)]
    pub(super) kind: Text<'a>,
    #[serde(rename = "abstract", default)]
    pub(super) is_abstract: bool,
    #[serde(borrow)]
    pub(super) base_definition: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) derivation: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) description: Text<'a>,
    #[serde(borrow, default)]
    pub(super) extension: Vec<Extension<'a>>,
    #[serde(borrow)]
    pub(super) snapshot: Option<Elements<'a>>,
    #[serde(borrow)]
    pub(super) differential: Option<Elements<'a>>,
}

impl StructureFile<'_> {
    /// A constraint on a type, not a type of its own.
    pub(super) fn is_profile(&self) -> bool {
        self.derivation.as_deref() == Some("constraint")
    }

    /// Logical models are no types of this server.
    pub(super) fn is_type(&self) -> bool {
        !self.is_profile() && matches!(&*self.kind, "primitive-type" | "complex-type" | "resource")
    }
}

#[derive(Serialize, Deserialize, Default)]
pub(super) struct Elements<'a> {
    #[serde(borrow, default)]
    pub(super) element: Vec<ElementFile<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ElementFile<'a> {
    #[serde(borrow)]
    pub(super) path: Text<'a>,
    #[serde(borrow)]
    pub(super) slice_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) short: Option<Text<'a>>,
    pub(super) min: Option<u32>,
    #[serde(borrow)]
    pub(super) max: Option<Text<'a>>,
    #[serde(rename = "type", borrow)]
    pub(super) types: Option<Vec<TypeFile<'a>>>,
    #[serde(borrow)]
    pub(super) content_reference: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) binding: Option<BindingFile<'a>>,
    #[serde(borrow, default)]
    pub(super) constraint: Vec<ConstraintFile<'a>>,
    pub(super) is_modifier: Option<bool>,
    pub(super) is_summary: Option<bool>,
    #[serde(borrow, default)]
    pub(super) extension: Vec<Extension<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TypeFile<'a> {
    #[serde(borrow)]
    pub(super) code: Text<'a>,
    #[serde(borrow, default)]
    pub(super) target_profile: Vec<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) extension: Vec<Extension<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BindingFile<'a> {
    #[serde(borrow)]
    pub(super) strength: Text<'a>,
    #[serde(borrow)]
    pub(super) value_set: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ConstraintFile<'a> {
    #[serde(borrow)]
    pub(super) key: Text<'a>,
    #[serde(borrow)]
    pub(super) severity: Text<'a>,
    #[serde(borrow, default)]
    pub(super) human: Text<'a>,
    #[serde(borrow)]
    pub(super) expression: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ValueSetFile<'a> {
    #[serde(borrow)]
    pub(super) url: Text<'a>,
    #[serde(borrow, default)]
    pub(super) name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) extension: Vec<Extension<'a>>,
    #[serde(borrow)]
    pub(super) compose: Option<Compose<'a>>,
    #[serde(borrow)]
    pub(super) expansion: Option<Expansion<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Compose<'a> {
    #[serde(borrow, default)]
    pub(super) include: Vec<Include<'a>>,
    #[serde(borrow, default)]
    pub(super) exclude: Vec<Include<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Include<'a> {
    #[serde(borrow)]
    pub(super) system: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) concept: Vec<Concept<'a>>,
    #[serde(borrow, default)]
    pub(super) value_set: Vec<Text<'a>>,
}

/// A concept of a code system, of a value set, or of an expansion: each may have more below it.
#[derive(Serialize, Deserialize)]
pub(super) struct Concept<'a> {
    #[serde(borrow)]
    pub(super) system: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) code: Option<Text<'a>>,
    #[serde(rename = "abstract", default)]
    pub(super) is_abstract: bool,
    #[serde(borrow, default, alias = "contains")]
    pub(super) concept: Vec<Concept<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Expansion<'a> {
    #[serde(borrow, default)]
    pub(super) contains: Vec<Concept<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CodeSystemFile<'a> {
    #[serde(borrow)]
    pub(super) url: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) content: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) concept: Vec<Concept<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ParamFile<'a> {
    #[serde(borrow)]
    pub(super) url: Text<'a>,
    #[serde(borrow)]
    pub(super) code: Text<'a>,
    /// The standard's own package has some that are for no type; nothing comes of them.
    #[serde(borrow, default)]
    pub(super) base: Vec<Text<'a>>,
    #[serde(rename = "type", borrow)]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) expression: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) target: Vec<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) component: Vec<ComponentFile<'a>>,
    #[serde(borrow, default)]
    pub(super) description: Text<'a>,
    #[serde(borrow, default)]
    pub(super) extension: Vec<Extension<'a>>,
}

/// A part of a composite parameter.
#[derive(Serialize, Deserialize)]
pub(super) struct ComponentFile<'a> {
    /// The url of the parameter that says how it is compared.
    #[serde(borrow)]
    pub(super) definition: Text<'a>,
    #[serde(borrow)]
    pub(super) expression: Text<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CompartmentFile<'a> {
    #[serde(borrow)]
    pub(super) code: Text<'a>,
    #[serde(borrow, default)]
    pub(super) resource: Vec<MemberFile<'a>>,
}

/// A type with resources in a compartment.
#[derive(Serialize, Deserialize)]
pub(super) struct MemberFile<'a> {
    #[serde(borrow)]
    pub(super) code: Text<'a>,
    #[serde(borrow, default)]
    pub(super) param: Vec<Text<'a>>,
}
