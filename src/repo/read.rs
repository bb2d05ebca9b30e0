//! read and vread (<https://hl7.org/fhir/R4/http.html#read>).

use std::sync::Arc;

use super::Repo;
use super::locate::absent;
use super::policy::Interaction;
use crate::error::{Result, deleted, not_found};
use crate::store::{Row, Store, Version};

impl Repo {
    /// The current version.
    pub async fn read(&self, kind: &str, id: &str) -> Result<Arc<Row>> {
        self.may(Interaction::Read, kind)?;
        self.may_read(kind, id)?;
        let row = self.find(kind, id).await?;
        self.note_reading("read", kind, id, row.project).await?;
        Ok(row)
    }

    /// A certain version.
    pub async fn vread(&self, kind: &str, id: &str, version: &str) -> Result<Version> {
        self.may(Interaction::Vread, kind)?;
        let found = self.reach(Interaction::Vread, kind, id).await?;
        let row = found.ok_or_else(|| absent(kind, id))?;
        let missing = || not_found(format!("{kind}/{id} has no version {version}"));
        let number: i64 = version.parse().map_err(|_| missing())?;
        if number.to_string() != version {
            return Err(missing());
        }
        let (repo, project) = (self.clone(), row.project);
        let look = move |store: &Store| {
            let Some(found) = store.version(&row, number)? else { return Ok(None) };
            // Each version is seen for what it says itself.
            if !repo.shows_version(Interaction::Vread, &row, &found)? {
                return Ok(None);
            }
            repo.seen_version(&row, found).map(Some)
        };
        let found = self.engine.store.offload(look).await?.ok_or_else(missing)?;
        if found.deleted {
            return Err(deleted(format!("{kind}/{id} was deleted by version {version}")));
        }
        self.note_reading("read", kind, id, project).await?;
        Ok(found)
    }
}
