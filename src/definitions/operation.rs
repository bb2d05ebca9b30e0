//! The operations: what `fhir/operation` defines is what is offered, declared and routed.
//!
//! Implements <https://hl7.org/fhir/R4/operationdefinition.html>, as far as a server needs it to name them.

use std::sync::LazyLock;

use serde::Deserialize;

use super::source;
use crate::error::{Result, invalid};

/// An operation of this server.
#[derive(Debug, Clone, Deserialize)]
pub struct Operation {
    pub url: String,
    /// Its name behind the `$`.
    pub code: String,
    /// The types that have it; `Resource` for all.
    #[serde(default)]
    pub resource: Vec<String>,
    pub system: bool,
    #[serde(rename = "type")]
    pub of_type: bool,
    pub instance: bool,
    #[serde(rename = "affectsState", default)]
    pub affects_state: bool,
    pub title: String,
    pub description: String,
    /// What it is given and what it gives.
    #[serde(rename = "parameter", default)]
    pub arguments: Vec<Argument>,
}

/// A parameter of an operation.
#[derive(Debug, Clone, Deserialize)]
pub struct Argument {
    pub name: String,
    /// `in` or `out`.
    #[serde(rename = "use")]
    pub way: String,
    pub min: u32,
    pub max: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub documentation: String,
}

impl Operation {
    pub fn given(&self) -> impl Iterator<Item = &Argument> {
        self.arguments.iter().filter(|one| one.way == "in")
    }

    /// The type of the resource that it answers with.
    pub fn answer(&self) -> &str {
        let mut results = self.arguments.iter().filter(|one| one.way == "out");
        match (results.next(), results.next()) {
            (Some(only), None) if only.name == "return" && only.kind.starts_with(char::is_uppercase) => {
                &only.kind
            }
            _ => "Parameters",
        }
    }

    /// Whether resources of this type, or the type itself, have it.
    pub fn is_of(&self, kind: &str) -> bool {
        (self.of_type || self.instance) && self.resource.iter().any(|one| one == "Resource" || one == kind)
    }
}

static OPERATIONS: LazyLock<Result<Vec<Operation>>> = LazyLock::new(|| {
    let read = |(name, bytes): (String, _)| {
        let bytes: std::borrow::Cow<'static, [u8]> = bytes;
        serde_json::from_slice(&bytes)
            .map_err(|e| invalid(format!("fhir/{name} cannot be understood")).because(e))
    };
    let mut all = source::embedded_operations().map(read).collect::<Result<Vec<Operation>>>()?;
    all.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(all)
});

/// All operations, by name. A test proves that they can be read.
pub fn operations() -> &'static [Operation] {
    OPERATIONS.as_deref().unwrap_or_default()
}
