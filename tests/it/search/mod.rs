//! Questions put to resources in memory: <https://hl7.org/fhir/R4/search.html>.

mod cursor;
mod date;
mod index;
mod number;
mod order;
mod parse;
mod property;
mod reference;
mod string;
mod token;
mod uri;
mod world;
