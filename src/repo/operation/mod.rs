//! Operations (<https://hl7.org/fhir/R4/operations.html>): what is no interaction, a file each.

mod meta;
mod validate;

pub use meta::{Relabel, answer as meta_answer};
pub use validate::{Mode, Validation};
