//! The history of one resource (<https://hl7.org/fhir/R4/http.html#history>).

use super::Repo;
use super::locate::absent;
use super::policy::Interaction;
use crate::error::Result;
use crate::store::Version;

/// A page of versions, newest first.
#[derive(Debug)]
pub struct History {
    pub versions: Vec<Version>,
    /// Whether older ones follow.
    pub more: bool,
}

impl Repo {
    /// At most `count` versions older than `before`.
    pub async fn history(&self, kind: &str, id: &str, before: Option<i64>, count: usize) -> Result<History> {
        self.may(Interaction::History, kind)?;
        let row = self.locate(kind, id).await?.ok_or_else(|| absent(kind, id))?;
        let before = before.unwrap_or(i64::MAX);
        let mut versions = self
            .engine
            .store
            .offload(move |store| store.versions(&row, before, count.saturating_add(1)))
            .await?;
        let more = versions.len() > count;
        versions.truncate(count);
        Ok(History { versions, more })
    }
}
