//! Several writes as one (<https://hl7.org/fhir/R4/http.html#transaction>): what is asked of each entry, and
//! what came of it. All of them are done, or none.

mod links;
mod settle;
mod transaction;

use serde_json::Value;

use super::{Criteria, Written};
use crate::error::{Error, malformed};
use crate::resource::Patch;

/// An entry of a transaction.
#[derive(Debug)]
pub struct Entry {
    /// What other entries call the resource by.
    pub full_url: Option<String>,
    pub action: Action,
}

#[derive(Debug)]
pub enum Action {
    Delete {
        kind: String,
        target: Target,
        if_match: Option<i64>,
    },
    Create {
        kind: String,
        body: Value,
        unless: Option<Criteria>,
    },
    Update {
        kind: String,
        target: Target,
        body: Value,
        condition: Condition,
    },
    Patch {
        kind: String,
        target: Target,
        patch: Patch,
        if_match: Option<i64>,
    },
    /// To be read when all is written.
    Read {
        kind: String,
        id: String,
    },
    /// Nothing else is done unless these, and no others, are what meets the condition.
    Expect {
        kind: String,
        criteria: Criteria,
        ids: Vec<String>,
        /// What is said otherwise.
        otherwise: String,
    },
    /// Not the transaction's concern.
    Other,
}

/// What an entry is about: one resource, or what a search finds.
#[derive(Debug)]
pub enum Target {
    Id(String),
    Where(Criteria),
}

/// On what an update depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    None,
    /// If-Match.
    Version(i64),
    /// `If-None-Match: *`.
    Absent,
}

/// What came of an entry.
#[derive(Debug)]
pub enum Done {
    Written(Written),
    /// There was nothing to delete.
    Nothing,
    /// The version of the marker.
    Deleted(i64),
    /// Left to the caller.
    Open,
}

/// Why nothing was written, and the entry to blame.
#[derive(Debug)]
pub struct Failed {
    pub entry: usize,
    pub error: Error,
}

impl Failed {
    /// The error, its places seen from the bundle.
    pub fn located(self) -> Error {
        let entry = format!("Bundle.entry[{}]", self.entry);
        let mut error = self.error;
        if error.issues.is_empty() {
            return malformed("this entry failed").at(entry);
        }
        for issue in &mut error.issues {
            issue.expression = Some(match issue.expression.take() {
                // `Patient.name` is an element of the resource, `If-Match` a word of the request.
                Some(place)
                    if place.starts_with(|first: char| first.is_ascii_uppercase()) && place.contains('.') =>
                {
                    let rest = place.split_once('.').map_or("", |(_, rest)| rest);
                    format!("{entry}.resource.{rest}")
                }
                _ => entry.clone(),
            });
        }
        error
    }
}
