//! An answer in the making: what each field holds, before directives give it its shape.

use serde_json::Value;

use crate::graphql::fault::Path;
use crate::graphql::plan::{FieldId, Selection};

/// A field of an object, with what it holds.
pub(super) struct Entry {
    pub field: FieldId,
    pub held: Held,
}

pub(super) enum Held {
    Absent,
    One(Item),
    Many(Vec<Item>),
    /// What will be in a slot when it was fetched.
    Pending(usize),
}

pub(super) struct Item {
    /// What `@slice` appends to its name.
    pub suffix: Option<String>,
    pub out: Out,
}

pub(super) enum Out {
    /// A scalar, or what was known beforehand; null where nothing is.
    Value(Value),
    Object(Vec<Entry>),
}

impl Item {
    pub fn plain(out: Out) -> Self {
        Self { suffix: None, out }
    }
}

/// What must be fetched before a slot can be filled.
pub(super) struct Want {
    pub slot: usize,
    pub field: FieldId,
    pub children: Selection,
    /// Where in the answer.
    pub path: Path,
    pub ask: Ask,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Ask {
    Read {
        kind: String,
        id: String,
        version: Option<String>,
    },
    Search {
        kind: String,
        parameters: Vec<(String, String)>,
        /// Whether all matches are to be counted.
        total: bool,
    },
}
