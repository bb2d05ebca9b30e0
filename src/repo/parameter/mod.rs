//! Search parameters that are defined at run time, by SearchParameter resources
//! (<https://hl7.org/fhir/R4/searchparameter.html>).
//!
//! A write to such a resource changes what everybody indexes by; both happen in one transaction. What was there
//! before is then indexed in the background, and only when all of it is can anybody ask.

mod attention;
mod catalogue;
mod definition;
mod indexer;
mod keeper;
mod pace;
mod status;

pub(super) use attention::Attention;
pub(super) use catalogue::Catalogue;
pub use keeper::Keeper;
pub use pace::Pace;
pub use status::Status;
