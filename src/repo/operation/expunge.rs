//! `$expunge`: what was deleted, or replaced, or all of it, removed for good. Not of the standard; the parameters
//! are those of <https://hapifhir.io/hapi-fhir/docs/server_jpa/expunge.html>.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Progress;
use crate::definitions::ResourceType;
use crate::error::{Result, conflict, forbidden, malformed, unsupported};
use crate::repo::locate::absent;
use crate::repo::policy::RECORDS;
use crate::repo::{Outcome, Rank, Repo};
use crate::resource;
use crate::search::index;
use crate::store::{Removal, Row};

/// What is to be removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expunge {
    /// Resources that were deleted, with their history.
    pub deleted: bool,
    /// The versions before the current one.
    pub previous: bool,
    /// Everything, the living too.
    pub everything: bool,
    /// No more versions than this.
    pub limit: Option<u64>,
}

/// Types whose resources do something until they are deleted.
const ENDED: [&str; 2] = ["SearchParameter", "Subscription"];
/// Whoever delivers hears of the end of these by the event of their deletion.
const HEARD: &str = "Subscription";

/// Resources of one transaction.
const CHUNK: i64 = 100;

impl Repo {
    /// Expunges in one resource, in a type, or in all types; everywhere for a super admin, in his project for
    /// its admin. Gives the number of versions that are gone.
    pub async fn expunge(
        &self,
        kind: Option<&str>,
        id: Option<&str>,
        asked: Expunge,
        progress: &Progress,
    ) -> Result<u64> {
        if !(asked.deleted || asked.previous || asked.everything) {
            let text = "nothing is to be expunged; say expungeDeletedResources, expungePreviousVersions or \
                        expungeEverything";
            return Err(malformed(text).coded("required"));
        }
        let kinds = self.governed("expunge", kind)?;
        if asked.everything && kind == Some("Project") {
            return Err(unsupported("a project is not removed; set its active to false"));
        }
        if let (Some(kind), Some(id)) = (kind, id) {
            let row = self.locate(kind, id).await?.ok_or_else(|| absent(kind, id))?;
            if asked.everything && self.is_spared(&row) {
                return Err(conflict("nobody removes what he signs in by").coded("business-rule"));
            }
            return self
                .remove(vec![Row::clone(&row)], asked, asked.limit.unwrap_or(u64::MAX), progress)
                .await;
        }
        let numbers: Vec<i32> =
            kinds.iter().map(|kind| self.engine.kind(&kind.name)).collect::<Result<_>>()?;
        let project = if self.actor.is_boundless() { None } else { Some(self.actor.project) };
        let (mut after, mut left) = (0, asked.limit.unwrap_or(u64::MAX));
        let mut count = 0;
        while left > 0 {
            let numbers = numbers.clone();
            let page = move |store: &crate::store::Store| store.stored(project, &numbers, after, CHUNK);
            let rows = self.engine.store.offload(page).await?;
            let Some(last) = rows.last() else { break };
            after = last.rid;
            let gone = self.remove(rows, asked, left, progress).await?;
            (count, left) = (count + gone, left.saturating_sub(gone));
        }
        Ok(count)
    }

    /// Types that the actor may maintain: one that is named, or all.
    pub(super) fn governed(&self, verb: &str, kind: Option<&str>) -> Result<Vec<&ResourceType>> {
        if self.actor.rank == Rank::Member {
            return Err(forbidden(format!("you may not {verb}")));
        }
        let is_open = |kind: &ResourceType| {
            kind.served && (self.actor.is_boundless() || !RECORDS.contains(&kind.name.as_str()))
        };
        let Some(kind) = kind else {
            let all = self.definitions.resources.values().map(Arc::as_ref);
            let open: Vec<_> = all.filter(|kind| is_open(kind)).collect();
            open.iter().try_for_each(|kind| self.has_all_of(&kind.name))?;
            return Ok(open);
        };
        self.knows(kind)?;
        let kind = self.resource_type(kind)?;
        self.has_all_of(&kind.name)?;
        if is_open(kind) {
            Ok(vec![kind])
        } else {
            Err(forbidden(format!("you may not {verb} {}", kind.name)))
        }
    }

    /// What `everything` leaves alone: projects, records, and whoever asks.
    fn is_spared(&self, row: &Row) -> bool {
        let kind = self.engine.store.kind_name(row.kind).unwrap_or_default();
        kind == "Project"
            || kind == "AuditEvent"
            || RECORDS.contains(&kind)
            || self.actor.reference.split_once('/') == Some((kind, row.id.as_str()))
            || (kind == "ProjectMembership" && self.actor.membership.as_deref() == Some(row.id.as_str()))
    }

    async fn remove(&self, rows: Vec<Row>, asked: Expunge, most: u64, progress: &Progress) -> Result<u64> {
        let mut removals = Vec::new();
        let mut touched = BTreeSet::new();
        for row in rows {
            let whole = (asked.everything && !self.is_spared(&row)) || (asked.deleted && row.deleted);
            if !whole && !asked.previous {
                continue;
            }
            let kind = self.engine.store.kind_name(row.kind).unwrap_or_default();
            // What it does ends with it.
            let row = match ENDED.contains(&kind) && whole && !row.deleted {
                true => self.retired(kind, row).await?,
                false => row,
            };
            touched.insert((kind.to_owned(), row.project));
            let release = if row.deleted || !whole { Vec::new() } else { self.keys(kind, &row)? };
            removals.push(Removal { row, whole, forgotten: kind != HEARD, release });
        }
        let gone = self.engine.store.offload(move |store| store.expunge(&removals, most)).await?;
        for (kind, project) in touched {
            self.engine.tell(&kind, project, Outcome::Deleted, true);
        }
        progress.add(gone);
        Ok(gone)
    }

    /// The resource, deleted first; as it was where others were faster.
    async fn retired(&self, kind: &str, row: Row) -> Result<Row> {
        let plan = self.removal(self.resource_type(kind)?, &row)?;
        Ok(self.carry_out(plan, None).await?.map_or(row, |deleted| Row::clone(&deleted.row)))
    }

    fn keys(&self, kind: &str, row: &Row) -> Result<Vec<(usize, String)>> {
        let kind = self.resource_type(kind)?;
        let body = resource::parse(Arc::clone(&row.body).as_bytes())?;
        Ok(index::unique_keys(kind, &self.plain_entries(kind, &body)?))
    }
}
