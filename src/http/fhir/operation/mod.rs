//! Operations (<https://hl7.org/fhir/R4/operations.html>): one file each.

mod input;
mod meta;
mod validate;

pub(in crate::http) use meta::{
    meta, meta_add, meta_add_version, meta_delete, meta_delete_version, meta_of_all, meta_of_type,
    meta_of_version,
};
pub(in crate::http) use validate::{validate_new, validate_next, validate_stored};
