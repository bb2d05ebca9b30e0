//! Versions of a resource. The current one is in `resource`; each older one was moved to `history` by the
//! write that replaced it.

use diesel::prelude::*;

use super::Store;
use super::feed::Period;
use super::row::{Row, Version};
use super::schema::history;
use crate::error::Result;

type Columns = (i64, i64, bool, String);

fn version((version, updated, deleted, body): Columns) -> Version {
    Version { version, updated, deleted, body: body.into() }
}

impl Store {
    /// One version of a resource that is at `current` now.
    pub fn version(&self, current: &Row, number: i64) -> Result<Option<Version>> {
        if number == current.version {
            return Ok(Some(current.into()));
        }
        self.with(|connection| {
            history::table
                .filter(
                    history::project
                        .eq(current.project)
                        .and(history::rid.eq(current.rid))
                        .and(history::version.eq(number)),
                )
                .select((history::version, history::updated, history::deleted, history::body))
                .first::<Columns>(connection)
                .optional()
        })
        .map(|found| found.map(version))
    }

    /// Puts another text in the place of an older version, if that is still the one that was read.
    pub fn amend_version(&self, current: &Row, version: &Version, text: &str) -> Result<bool> {
        self.with(|connection| {
            diesel::update(
                history::table.filter(
                    history::project
                        .eq(current.project)
                        .and(history::rid.eq(current.rid))
                        .and(history::version.eq(version.version))
                        .and(history::body.eq(&*version.body)),
                ),
            )
            .set(history::body.eq(text))
            .execute(connection)
        })
        .map(|written| written == 1)
    }

    /// Versions older than `before`, newest first, at most `limit`.
    pub fn versions(&self, current: &Row, period: Period, before: i64, limit: usize) -> Result<Vec<Version>> {
        let mut versions: Vec<Version> = Vec::new();
        let end = period.during.map_or(i64::MAX, |(_, end)| end);
        if before > current.version && current.updated <= end {
            versions.push(current.into());
        }
        let rest = limit.saturating_sub(versions.len()) as i64;
        let mut older = self.with(|connection| {
            history::table
                .filter(
                    history::project
                        .eq(current.project)
                        .and(history::rid.eq(current.rid))
                        .and(history::version.lt(before))
                        .and(history::updated.le(end)),
                )
                .order(history::version.desc())
                .limit(rest)
                .select((history::version, history::updated, history::deleted, history::body))
                .load::<Columns>(connection)
        })?;
        versions.extend(older.drain(..).map(version));
        versions.truncate(limit);
        // The version that was current when the period began is the last one in it.
        if let Some((start, _)) = period.during
            && let Some(first) = versions.iter().position(|version| version.updated <= start)
        {
            versions.truncate(first + 1);
        }
        if let Some(since) = period.since {
            versions.retain(|version| version.updated >= since);
        }
        Ok(versions)
    }
}
