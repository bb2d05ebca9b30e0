//! `$reindex`: the index rows of resources made anew from what they say now
//! (<https://hl7.org/fhir/R4/search.html>). At start the server does so by itself where definitions changed; this
//! is for whoever wants to be sure.

use super::Progress;
use crate::error::{Result, deleted};
use crate::repo::Repo;
use crate::repo::locate::absent;
use crate::repo::reindex::renew;
use crate::store::{Row, Store};

/// Resources of one transaction.
const CHUNK: i64 = 200;

impl Repo {
    /// Reindexes one resource, a type, or all types; everywhere for a super admin, in his project for its admin.
    /// Gives the number of resources.
    pub async fn reindex(&self, kind: Option<&str>, id: Option<&str>, progress: &Progress) -> Result<u64> {
        let kinds = self.governed("reindex", kind)?;
        if let (Some(kind), Some(id)) = (kind, id) {
            let row = self.locate(kind, id).await?.ok_or_else(|| absent(kind, id))?;
            if row.deleted {
                return Err(deleted(format!("{kind}/{id} was deleted")).of_version(row.version, row.updated));
            }
            return self.renew(vec![Row::clone(&row)], progress).await;
        }
        let numbers: Vec<i32> =
            kinds.iter().map(|kind| self.engine.kind(&kind.name)).collect::<Result<_>>()?;
        let project = if self.actor.is_boundless() { None } else { Some(self.actor.project) };
        let (mut after, mut count) = (0, 0);
        loop {
            let numbers = numbers.clone();
            let page = move |store: &Store| store.stored(project, &numbers, after, CHUNK);
            let rows = self.engine.store.offload(page).await?;
            let Some(last) = rows.last() else { return Ok(count) };
            after = last.rid;
            count += self.renew(rows, progress).await?;
        }
    }

    async fn renew(&self, rows: Vec<Row>, progress: &Progress) -> Result<u64> {
        let repo = self.clone();
        let work = move |_: &Store| {
            let living: Vec<&Row> = rows.iter().filter(|row| !row.deleted).collect();
            renew(&repo.engine, &living)
        };
        let done = self.engine.store.offload(work).await?;
        progress.add(done);
        Ok(done)
    }
}
