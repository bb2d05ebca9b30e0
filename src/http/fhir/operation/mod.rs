//! Operations (<https://hl7.org/fhir/R4/operations.html>): one file each.

mod input;
mod validate;

pub(in crate::http) use validate::{validate_new, validate_next, validate_stored};
