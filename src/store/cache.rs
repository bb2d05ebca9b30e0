//! Hot resources in memory.
//!
//! Exact where this process is the only writer: the writer takes a changed resource out after its commit and
//! before its reply. A reader that fetched the old row meanwhile notices by the commit counter, and takes out
//! what it put in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::Weighter;
use quick_cache::sync::Cache as Quick;

use super::row::Row;

/// Project, type and id.
pub(super) type Key = (i32, i32, String);

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Arc<Row>> for Weight {
    fn weight(&self, key: &Key, row: &Arc<Row>) -> u64 {
        (row.body.len() + 2 * key.2.len() + 160) as u64
    }
}

pub(super) struct Cache {
    rows: Option<Quick<Key, Arc<Row>, Weight>>,
    commits: AtomicU64,
}

impl Cache {
    pub fn new(bytes: u64) -> Self {
        let rows = (bytes > 0).then(|| Quick::with_weighter((bytes / 1500) as usize, bytes, Weight));
        Self { rows, commits: AtomicU64::new(0) }
    }

    /// The row from memory, or from `fetch`.
    pub fn read<E>(
        &self,
        key: &(i32, i32, &str),
        fetch: impl FnOnce() -> Result<Option<Row>, E>,
    ) -> Result<Option<Arc<Row>>, E> {
        let Some(rows) = &self.rows else { return Ok(fetch()?.map(Arc::new)) };
        if let Some(row) = rows.get(&Borrowed(key.0, key.1, key.2)) {
            return Ok(Some(row));
        }
        let before = self.commits.load(Ordering::Acquire);
        let Some(row) = fetch()?.map(Arc::new) else { return Ok(None) };
        let key: Key = (key.0, key.1, key.2.to_owned());
        rows.insert(key.clone(), Arc::clone(&row));
        if self.commits.load(Ordering::Acquire) != before {
            rows.remove(&key);
        }
        Ok(Some(row))
    }

    /// Others have written.
    pub fn forget(&self) {
        self.commits.fetch_add(1, Ordering::AcqRel);
        if let Some(rows) = &self.rows {
            rows.clear();
        }
    }

    /// Called after a commit, before anyone is told of it.
    pub fn committed<'k>(&self, keys: impl Iterator<Item = (i32, i32, &'k str)>) {
        self.commits.fetch_add(1, Ordering::AcqRel);
        if let Some(rows) = &self.rows {
            for (project, kind, id) in keys {
                rows.remove(&Borrowed(project, kind, id));
            }
        }
    }
}

/// A key that owns nothing, for look-ups.
#[derive(Hash)]
struct Borrowed<'k>(i32, i32, &'k str);

impl quick_cache::Equivalent<Key> for Borrowed<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.0 == key.0 && self.1 == key.1 && self.2 == key.2
    }
}
