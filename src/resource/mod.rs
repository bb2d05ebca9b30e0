//! One JSON resource, and what can be computed from it and the definitions alone.
//!
//! Implements <https://hl7.org/fhir/R4/json.html> (`parse`), <https://hl7.org/fhir/R4/validation.html>
//! (`validate`), <https://hl7.org/fhir/R4/search.html#summary> (`subset`) and
//! <https://hl7.org/fhir/R4/resource.html#Meta> (`meta`).

mod check;
pub mod hash;
mod label;
mod links;
mod mask;
mod meta;
mod parse;
mod patch;
mod roll;
pub mod secret;
mod subset;
mod validate;

pub use check::{Report, check};
pub use label::{LABELS, add_labels, remove_labels};
pub use links::{Link, absolute, relink};
pub use mask::{fold, read_only, take_secrets};
pub use meta::{same_content, stamp};
pub use parse::{MAX_DEPTH, parse, parse_list};
pub use patch::Patch;
pub use roll::{Roll, Turnover, bare, with_members};
pub use subset::{data, elements, narrative, summary};
pub use validate::{Known, Profiles, claims_any, conform, validate};
