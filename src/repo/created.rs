//! When resources were made. The server's own ids tell (<https://www.rfc-editor.org/rfc/rfc9562#section-5.7>); of
//! others the first version does.

use std::sync::Arc;

use uuid::Uuid;

use super::Repo;
use crate::error::Result;
use crate::store::Row;

impl Repo {
    /// In milliseconds since 1970, in the order of the rows.
    pub async fn created(&self, rows: &[Arc<Row>]) -> Result<Vec<i64>> {
        let mut moments: Vec<Option<i64>> = rows.iter().map(|row| told_by_id(row)).collect();
        if moments.contains(&None) {
            let asked = rows.to_vec();
            let first = move |store: &crate::store::Store| {
                for (moment, row) in moments.iter_mut().zip(&asked).filter(|(moment, _)| moment.is_none()) {
                    *moment = store.version(row, 1)?.map(|version| version.updated);
                }
                Ok(moments)
            };
            moments = self.engine.store.offload(first).await?;
        }
        // Where the first version was expunged, the present one is the oldest that is known.
        Ok(moments.into_iter().zip(rows).map(|(moment, row)| moment.unwrap_or(row.updated)).collect())
    }
}

/// The moment that an id tells, in milliseconds since 1970.
pub fn told_by(id: &str) -> Option<i64> {
    let id = Uuid::parse_str(id).ok().filter(|id| id.get_version_num() == 7)?;
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    Some(i64::try_from(seconds).ok()? * 1000 + i64::from(nanos / 1_000_000))
}

fn told_by_id(row: &Row) -> Option<i64> {
    // A client may name an id of a time to come.
    told_by(&row.id).filter(|moment| *moment <= row.updated)
}
