//! What may exist: the definitions of `fhir/`, read once and compiled.
//!
//! Implements <https://hl7.org/fhir/R4/structuredefinition.html>,
//! <https://hl7.org/fhir/R4/valueset.html> and <https://hl7.org/fhir/R4/searchparameter.html> as far as a
//! server needs them. Nothing reads a StructureDefinition after the start.

mod capability;
mod compile;
mod custom;
mod model;
mod operation;
mod package;
mod profile;
mod read;
mod schema;
mod source;
mod structure;
mod value_set;

use std::path::{Path, PathBuf};

use crate::error::Result;

pub use capability::{Choices, capability_statement};
pub use custom::*;
pub use model::*;
pub use operation::{Argument, Operation, operations};
pub use package::{Package, packages};
pub use profile::{
    Binding, By, Constraint, Discriminator, ProfileTree, Rest, Rule, Slicing, Sources, Step, TypeRule,
    compile as compile_profile,
};
pub use schema::{schema, schemas};
pub use source::{Example, examples};
pub use structure::*;
pub use value_set::*;

/// Where definitions are besides those embedded from `fhir/`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Places<'a> {
    /// FHIR packages. What is embedded goes before them.
    pub packages: &'a [PathBuf],
    /// Directories, which go before what is embedded.
    pub directories: &'a [PathBuf],
    /// A directory to keep in what was read of the packages.
    pub cache: Option<&'a Path>,
}

impl Definitions {
    /// Reads and compiles the embedded definitions and those of the directories, later ones replacing
    /// earlier ones of the same url. An error names the file and what is wrong in it.
    pub fn load(directories: &[PathBuf]) -> Result<Self> {
        Self::open(&Places { directories, ..Places::default() })
    }

    /// The same with packages.
    pub fn open(from: &Places<'_>) -> Result<Self> {
        let packages = from.packages.iter().map(|file| package::load(file, from.cache));
        let packages = packages.collect::<Result<Vec<_>>>()?;
        let sources = source::definitions(from.directories)?;
        let mut files = read::Files::default();
        for (place, package) in packages.iter().enumerate() {
            files.append(package.facts()?.files, source::Origin::Package(place));
        }
        read::read(&mut files, &sources)?;
        compile::compile(files)
    }
}
