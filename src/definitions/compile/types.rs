//! The definitions in the form that FHIRPath wants them.
//!
//! Implements <https://hl7.org/fhir/R4/fhirpath.html#polymorphism>: what an element may hold decides what
//! `value` means where JSON says `valueQuantity`.

use super::super::read::{Read, StructureFile};
use super::unversioned;
use crate::fhirpath::Types;

pub(super) fn types(files: &[Read<'_, StructureFile<'_>>]) -> Types {
    let mut types = Types::new();
    for read in files {
        let body = &read.body;
        let base = body.base_definition.as_deref().map(unversioned);
        let base = base
            .and_then(|url| files.iter().find(|other| other.body.url == url))
            .map(|other| &*other.body.of);
        types.define(&body.of, base);
        let elements =
            body.snapshot.as_ref().or(body.differential.as_ref()).map_or(&[][..], |list| &list.element);
        // The value of a primitive is the primitive itself.
        let is_walked = |path: &str| path.contains('.') && body.kind != "primitive-type";
        for element in elements.iter().filter(|one| is_walked(&one.path) && one.slice_name.is_none()) {
            if let Some(codes) = &element.types {
                let codes: Vec<&str> = codes.iter().map(|one| &*one.code).collect();
                types.element(&element.path, &codes);
            } else if let Some(reference) = &element.content_reference {
                types.element_like(&element.path, reference.rsplit('#').next().unwrap_or_default());
            }
        }
    }
    types
}
