//! read and vread (<https://hl7.org/fhir/R4/http.html#read>).

use std::sync::Arc;

use super::Repo;
use super::locate::absent;
use super::policy::Interaction;
use super::redact::Sight;
use crate::error::{Result, deleted, not_found};
use crate::store::{Row, Version};

impl Repo {
    /// The current version.
    pub async fn read(&self, kind: &str, id: &str) -> Result<Arc<Row>> {
        self.may(Interaction::Read, kind)?;
        self.may_read(kind, id)?;
        let (row, sight) = self.find(kind, id).await?;
        self.note_reading(kind, id, row.project).await?;
        sight.of(row)
    }

    /// A certain version.
    pub async fn vread(&self, kind: &str, id: &str, version: &str) -> Result<Version> {
        self.may(Interaction::History, kind)?;
        let row = self.locate(kind, id).await?.ok_or_else(|| absent(kind, id))?;
        let missing = || not_found(format!("{kind}/{id} has no version {version}"));
        let number: i64 = version.parse().map_err(|_| missing())?;
        if number.to_string() != version {
            return Err(missing());
        }
        let sight = self.sight(kind);
        debug_assert_eq!(sight, Sight::Whole, "who sees a part only has no history");
        let found =
            self.engine.store.offload(move |store| store.version(&row, number)).await?.ok_or_else(missing)?;
        if found.deleted {
            return Err(deleted(format!("{kind}/{id} was deleted by version {version}")));
        }
        Ok(found)
    }
}
