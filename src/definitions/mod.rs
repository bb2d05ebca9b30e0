//! What may exist: the definitions of `fhir/`, read once and compiled.
//!
//! Implements <https://hl7.org/fhir/R4/structuredefinition.html>,
//! <https://hl7.org/fhir/R4/valueset.html> and <https://hl7.org/fhir/R4/searchparameter.html> as far as a
//! server needs them. Nothing reads a StructureDefinition after the start.

mod capability;
mod compile;
mod model;
mod operation;
mod profile;
mod read;
mod source;
mod structure;
mod value_set;

use std::path::PathBuf;

use crate::error::Result;

pub use capability::{Choices, capability_statement};
pub use model::*;
pub use operation::{Operation, operations};
pub use profile::{
    Binding, By, Constraint, Discriminator, ProfileTree, Rest, Rule, Slicing, Sources, Step, TypeRule,
    compile as compile_profile,
};
pub use source::{Example, examples};
pub use structure::*;
pub use value_set::*;

impl Definitions {
    /// Reads and compiles the embedded definitions and those of the directories, later ones replacing
    /// earlier ones of the same url. An error names the file and what is wrong in it.
    pub fn load(directories: &[PathBuf]) -> Result<Self> {
        let sources = source::definitions(directories)?;
        compile::compile(read::read(&sources)?)
    }
}
