//! References between the entries of a transaction, made ones between resources
//! (<https://hl7.org/fhir/R4/http.html#trules>).

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::{Action, Entry};
use crate::definitions::Definitions;
use crate::error::{Error, Result, malformed};
use crate::resource::{self, Link};

/// What stands for what: full urls and conditional references, and the `Type/id` they become.
#[derive(Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    pub fn insert(&mut self, name: &str, becomes: String) {
        self.0.insert(name.to_owned(), becomes);
    }

    /// Rewrites the links of a body that stands under `full_url`.
    pub fn rewrite(&self, definitions: &Definitions, body: &mut Value, full_url: Option<&str>) -> Result<()> {
        resource::relink(definitions, body, &mut |link, text| {
            // A version or a fragment stays with its name.
            let (name, rest) = text.split_at(text.find('#').unwrap_or(text.len()));
            let found = self.0.get(name).or_else(|| {
                let beside = full_url.filter(|_| link == Link::Reference)?;
                self.0.get(&resource::absolute(name, beside)?)
            });
            match found {
                Some(becomes) => Ok(Some(format!("{becomes}{rest}"))),
                None if link == Link::Reference && name.starts_with("urn:uuid:") => {
                    Err(nobody(name)) as Result<_, Error>
                }
                None => Ok(None),
            }
        })
    }
}

fn nobody(name: &str) -> Error {
    malformed(format!("no entry of the transaction has the full url '{name}'")).coded("not-found")
}

/// The conditional references in the bodies, each with the first entry that has it.
pub(super) fn conditional(
    definitions: &Definitions,
    entries: &mut [Entry],
) -> Result<BTreeSet<(usize, String)>> {
    let mut found = BTreeSet::new();
    for (place, entry) in entries.iter_mut().enumerate() {
        let Some(body) = entry.action.body() else { continue };
        resource::relink(definitions, body, &mut |link, text| {
            let is_condition =
                || text.split_once('?').is_some_and(|(kind, _)| definitions.resources.contains_key(kind));
            if link == Link::Reference && is_condition() && !found.iter().any(|(_, one)| one == text) {
                found.insert((place, text.to_owned()));
            }
            Ok::<_, Error>(None)
        })?;
    }
    Ok(found)
}

impl Action {
    /// The resource that is sent, if any is.
    pub(super) fn body(&mut self) -> Option<&mut Value> {
        match self {
            Self::Create { body, .. } | Self::Update { body, .. } => Some(body),
            Self::Patch { .. }
            | Self::Delete { .. }
            | Self::Read { .. }
            | Self::Expect { .. }
            | Self::Other => None,
        }
    }
}
