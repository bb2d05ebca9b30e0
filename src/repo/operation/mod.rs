//! Operations (<https://hl7.org/fhir/R4/operations.html>): what is no interaction, a file each.

mod everything;
mod expunge;
mod meta;
mod progress;
mod reindex;
mod validate;

pub use everything::{Everything, Record};
pub use expunge::Expunge;
pub use meta::{Relabel, answer as meta_answer};
pub use progress::Progress;
pub use validate::{Mode, Validation};
