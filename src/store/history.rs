//! Versions of a resource. The current one is in `resource`; each older one was moved to `history` by the
//! write that replaced it.

use diesel::prelude::*;

use super::Store;
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

    /// Versions older than `before`, newest first, at most `limit`.
    pub fn versions(&self, current: &Row, before: i64, limit: usize) -> Result<Vec<Version>> {
        let mut versions = Vec::new();
        if before > current.version {
            versions.push(current.into());
        }
        let rest = limit.saturating_sub(versions.len()) as i64;
        let older = self.with(|connection| {
            history::table
                .filter(
                    history::project
                        .eq(current.project)
                        .and(history::rid.eq(current.rid))
                        .and(history::version.lt(before)),
                )
                .order(history::version.desc())
                .limit(rest)
                .select((history::version, history::updated, history::deleted, history::body))
                .load::<Columns>(connection)
        })?;
        versions.extend(older.into_iter().map(version));
        versions.truncate(limit);
        Ok(versions)
    }
}
