//! How much of a resource an actor sees.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Rank, Repo};
use crate::error::{Result, fault};
use crate::resource;
use crate::store::Row;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    Whole,
    /// A user of the server pool, as an admin of a project he is a member of sees him.
    Guest,
    /// A project, as its members see it.
    Name,
}

/// What is shown besides type, id and meta.
const GUEST: [&str; 7] = ["active", "firstName", "lastName", "displayName", "title", "email", "photo"];
const NAME: [&str; 1] = ["name"];

/// Parameters of User whose elements a guest shows: no other may be asked of guests, lest answers tell what
/// is hidden.
pub(super) const GUEST_PARAMS: [&str; 8] =
    ["_id", "_lastUpdated", "_profile", "active", "email", "family", "given", "name"];

impl Repo {
    pub(super) fn sight(&self, kind: &str) -> Sight {
        if self.actor.rank == Rank::Member && kind == "Project" { Sight::Name } else { Sight::Whole }
    }
}

impl Sight {
    /// The row as this sight has it.
    pub fn of(self, row: Arc<Row>) -> Result<Arc<Row>> {
        let shown: &[&str] = match self {
            Self::Whole => return Ok(row),
            Self::Guest => &GUEST,
            Self::Name => &NAME,
        };
        let Value::Object(whole) = resource::parse(row.body.as_bytes())? else {
            return Err(fault("a stored resource is no object"));
        };
        let kept: Map<String, Value> = whole
            .into_iter()
            .filter(|(name, _)| {
                matches!(name.as_str(), "resourceType" | "id" | "meta") || shown.contains(&name.as_str())
            })
            .collect();
        let body = serde_json::to_string(&kept).map_err(fault)?;
        Ok(Arc::new(Row { body: body.into(), ..Row::clone(&row) }))
    }
}
