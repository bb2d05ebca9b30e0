//! A question before any SQL: what was asked (`parse`), what a resource offers to be found by
//! (`index`), and whether the one answers the other (`matches`).
//!
//! Implements <https://hl7.org/fhir/R4/search.html>.

pub mod cursor;
mod digest;
mod escape;
pub mod fold;
pub mod gram;
pub mod index;
pub mod link;
mod matches;
mod model;
pub mod order;
pub mod parameters;
mod parse;
pub mod shape;
mod terminology;
pub mod token;

pub use digest::{number as digest_of, qualifier};
pub use escape::escape;
pub use matches::{Alone, Others, matches};
pub use model::*;
pub use parse::{Options, offers, over, parse, parse_all};
pub use shape::date::range as moment;
pub use terminology::{Code, Direction, NoTerminology, Terminology};
