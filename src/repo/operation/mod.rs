//! Operations (<https://hl7.org/fhir/R4/operations.html>): what is no interaction, a file each.

mod validate;

pub use validate::{Mode, Validation};
