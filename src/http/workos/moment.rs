//! Moments as WorkOS writes them, always to the millisecond: when something was made, and when last changed.

use std::sync::Arc;

use chrono::DateTime;
use serde_json::Value;

use super::refusal::Refusal;
pub(super) use crate::http::reply::instant as text;
use crate::repo::Repo;
use crate::store::Row;

/// An instant of a resource in this spelling, or null.
pub(super) fn instant(body: &Value, name: &str) -> Value {
    let told = body.get(name).and_then(Value::as_str);
    let moment = told.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    moment.map_or(Value::Null, |moment| text(moment.timestamp_millis()).into())
}

/// When something was made.
pub(super) async fn created(repo: &Repo, row: &Arc<Row>) -> Result<String, Refusal> {
    let moments = repo.created(std::slice::from_ref(row)).await?;
    Ok(text(moments.first().copied().unwrap_or(row.updated)))
}
