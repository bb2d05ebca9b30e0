//! Changes to a resource, as a document (<https://hl7.org/fhir/R4/http.html#patch>): JSON Patch or FHIRPath
//! Patch. Applied to a copy, so that what fails changes nothing.

mod json;
mod location;
mod operation;
mod path;
mod value;

use serde_json::Value;

use super::parse::{parse, parse_list};
use crate::definitions::Definitions;
use crate::error::{Result, fault, invalid, malformed};

/// Operations of one patch.
const MOST_OPERATIONS: usize = 1_000;
/// Bytes that the operations of one patch may add, all together.
const MOST_ADDED: usize = 16 << 20;

/// A patch that was understood.
#[derive(Debug, Clone)]
pub enum Patch {
    /// <https://www.rfc-editor.org/rfc/rfc6902>
    Json(json_patch::Patch),
    /// <https://hl7.org/fhir/R4/fhirpatch.html>
    Path(Vec<operation::Operation>),
}

impl Patch {
    /// From `application/json-patch+json`.
    pub fn json(text: &[u8]) -> Result<Self> {
        // Says what is wrong with the text as JSON; the crate would take doubled keys.
        let document = parse_list(text)?;
        json::read(document).map(Self::Json)
    }

    /// From a Parameters resource.
    pub fn path(parameters: &Value) -> Result<Self> {
        operation::read(parameters).map(Self::Path)
    }

    /// The resource after the patch. It is still to be validated.
    pub fn apply(&self, definitions: &Definitions, resource: &Value) -> Result<Value> {
        let mut patched = resource.clone();
        match self {
            Self::Json(patch) => json::apply(patch, &mut patched)?,
            Self::Path(operations) => path::apply(operations, definitions, &mut patched)?,
        }
        for name in ["resourceType", "id"] {
            if patched.get(name) != resource.get(name) {
                return Err(invalid("a patch cannot change this").coded("business-rule").at(name));
            }
        }
        // What is deeper than a resource may be, or has an impossible key, is found on the way back.
        parse(&serde_json::to_vec(&patched).map_err(fault)?)
    }
}

fn too_many() -> crate::error::Error {
    malformed(format!("a patch has no more than {MOST_OPERATIONS} operations")).coded("too-costly")
}
