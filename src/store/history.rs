//! Versions of a resource. The current one is in `resource`; each older one was moved to `history` by the
//! write that replaced it.

use diesel::prelude::*;

use super::Store;
use super::connect::AnyConnection;
use super::feed::Period;
use super::row::{Row, Version};
use super::schema::history;
use super::text::{self, Laid, Stored};
use crate::error::Result;

type Columns = (i64, i64, bool, Stored);

impl Version {
    fn of(
        (version, updated, deleted, body): Columns,
        of: &Row,
        connection: &mut AnyConnection,
    ) -> QueryResult<Self> {
        let body = body.text(connection, of.project, of.rid)?;
        Ok(Self { version, updated, deleted, body })
    }
}

impl Store {
    /// One version of a resource that is at `current` now.
    pub fn version(&self, current: &Row, number: i64) -> Result<Option<Version>> {
        if number == current.version {
            return Ok(Some(current.into()));
        }
        self.with(|connection| {
            let found = history::table
                .filter(
                    history::project
                        .eq(current.project)
                        .and(history::rid.eq(current.rid))
                        .and(history::version.eq(number)),
                )
                .select((history::version, history::updated, history::deleted, history::body))
                .first::<Columns>(connection)
                .optional()?;
            found.map(|columns| Version::of(columns, current, connection)).transpose()
        })
    }

    /// Puts another text in the place of an older version, if that is still the one that was read.
    pub fn amend_version(&self, current: &Row, version: &Version, text: &str) -> Result<bool> {
        let (old, new) = (Laid::out(&version.body), Laid::out(text));
        let (project, rid) = (current.project, current.rid);
        let same = history::project
            .eq(project)
            .and(history::rid.eq(rid))
            .and(history::version.eq(version.version))
            .and(history::body.eq(&*old.body).or(history::body.eq(&*version.body)));
        self.with(|connection| {
            connection.transaction(|connection| {
                text::hold(connection, project, rid)?;
                let written = diesel::update(history::table.filter(same))
                    .set(history::body.eq(&*new.body))
                    .execute(connection)?;
                if written == 1 {
                    text::exchange(connection, project, rid, (&old, &new))?;
                }
                Ok(written == 1)
            })
        })
    }

    /// Versions older than `before`, newest first, at most `limit`.
    pub fn versions(&self, current: &Row, period: Period, before: i64, limit: usize) -> Result<Vec<Version>> {
        let mut versions: Vec<Version> = Vec::new();
        let end = period.during.map_or(i64::MAX, |(_, end)| end);
        if before > current.version && current.updated <= end {
            versions.push(current.into());
        }
        let rest = limit.saturating_sub(versions.len()) as i64;
        let older: Vec<Version> = self.with(|connection| {
            let loaded = history::table
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
                .load::<Columns>(connection)?;
            loaded.into_iter().map(|columns| Version::of(columns, current, connection)).collect()
        })?;
        versions.extend(older);
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
