//! What the rooms of other protocols take out of stored records, and how they read them in numbers.

use std::sync::Arc;

use serde_json::Value;

use super::reply::instant;
use crate::error::{Kind, Result, fault};
use crate::repo::{Found, Repo, absent};
use crate::search::parameters;
use crate::store::Row;

/// The record, if it is there for the caller; of a deleted one he is told what he is told of none.
pub(super) async fn found(repo: &Repo, kind: &str, id: &str) -> Result<Arc<Row>> {
    match repo.read(kind, id).await {
        Err(error) if matches!(error.kind, Kind::Deleted | Kind::NotFound) => Err(absent(kind, id)),
        read => read,
    }
}

/// What a search finds, to its end; nothing where the caller may not search this.
pub(super) async fn all(repo: &Repo, kind: &str, asked: &[(&str, String)]) -> Result<Vec<Arc<Row>>> {
    let mut wanted: Vec<(String, String)> =
        asked.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    wanted.push(("_count".to_owned(), "1000".to_owned()));
    let mut rows = Vec::new();
    loop {
        let found: Found = match repo.search(kind, &wanted, false).await {
            Ok(found) => found,
            Err(error) if error.kind == Kind::Forbidden => return Ok(rows),
            Err(error) => return Err(error),
        };
        let next = cursor(&found);
        rows.extend(found.rows);
        let Some(next) = next else { return Ok(rows) };
        wanted.retain(|(name, _)| name != "_cursor");
        wanted.push(("_cursor".to_owned(), next));
    }
}

/// Where the next page begins.
pub(super) fn cursor(found: &Found) -> Option<String> {
    let next = parameters::parse(found.next.as_deref()?).ok()?;
    next.into_iter().find(|(name, _)| name == "_cursor").map(|(_, cursor)| cursor)
}

pub(super) fn parsed(row: &Row) -> Result<Value> {
    serde_json::from_str(&row.body).map_err(fault)
}

/// Milliseconds since 1970, as text.
pub(super) fn moment(millis: i64) -> Value {
    Value::from(instant(millis))
}

/// Adds what is there.
pub(super) fn put(object: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object[name] = value.into();
    }
}

pub(super) fn text<'v>(body: &'v Value, name: &str) -> Option<&'v str> {
    body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The id that a reference of this type names.
pub(super) fn target<'v>(reference: &'v Value, kind: &str) -> Option<&'v str> {
    reference.get("reference")?.as_str()?.strip_prefix(kind)?.strip_prefix('/')
}

pub(super) fn list<'v>(body: &'v Value, name: &str) -> &'v [Value] {
    body.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The ids of the policies of a membership.
pub(super) fn policies(membership: &Value) -> Vec<&str> {
    let first = membership.get("accessPolicy");
    let further = list(membership, "access").iter().filter_map(|access| access.get("policy"));
    first.into_iter().chain(further).filter_map(|policy| target(policy, "AccessPolicy")).collect()
}
