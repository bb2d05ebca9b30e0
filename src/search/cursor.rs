//! The text of a cursor: URL-safe base64 of a compact JSON array. It holds nothing secret and grants
//! nothing: the query it belongs to is sent with it, and checked again, on every page.
//!
//! Paging: <https://hl7.org/fhir/R4/http.html#paging>.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::link::CURSOR;
use super::shape::{is_id, sorts_as_number};
use super::{Cursor, Query, Sort, SortKey, SortValue, digest, fold};
use crate::error::{Result, malformed};

const VERSION: i64 = 1;
/// More than any cursor of ours needs: eight sort keys of the longest indexed text.
const LONGEST: usize = 24_000;
/// A sort value is never longer: a folded text, or a term with its digest.
const LONGEST_TEXT: usize = 4 * (fold::LONGEST + 1);

impl Cursor {
    pub fn encode(&self, query: &Query) -> String {
        let keys: Vec<Value> = self
            .keys
            .iter()
            .map(|key| match key {
                None => Value::Null,
                Some(SortValue::Text(text)) => json!(text),
                Some(SortValue::Number(number)) => json!(number),
            })
            .collect();
        let parts = json!([VERSION, fingerprint(query), keys, self.row, self.id, self.backwards]);
        URL_SAFE_NO_PAD.encode(parts.to_string())
    }

    /// Reads a cursor that was made for this query; any other is refused.
    pub fn decode(text: &str, query: &Query) -> Result<Self> {
        let (asked, cursor) = read(text, &query.sort).ok_or_else(|| {
            malformed("this cursor cannot be read; follow the links of a result as they are")
                .coded("value")
                .at(CURSOR)
        })?;
        if asked != fingerprint(query) {
            return Err(malformed("this cursor belongs to another query; start again without it")
                .coded("value")
                .at(CURSOR));
        }
        Ok(cursor)
    }
}

fn read(text: &str, sort: &[Sort]) -> Option<(i64, Cursor)> {
    if text.len() > LONGEST {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let parts: Vec<Value> = serde_json::from_slice(&bytes).ok()?;
    let [version, fingerprint, keys, row, id, backwards] = parts.as_slice() else { return None };
    if version.as_i64()? != VERSION {
        return None;
    }
    let keys = keys.as_array()?;
    let keys = match (keys.as_slice(), sort) {
        // Where no order was asked for, what was found may give one: the text that a prefix matched.
        ([Value::String(text)], []) if is_sort_text(text) => vec![Some(SortValue::Text(text.clone()))],
        _ if keys.len() != sort.len() => return None,
        _ => keys.iter().zip(sort).map(|(key, sort)| sort_value(key, sort)).collect::<Option<_>>()?,
    };
    let id = id.as_str().filter(|id| id.is_empty() || is_id(id))?.to_owned();
    Some((fingerprint.as_i64()?, Cursor { keys, row: row.as_i64()?, id, backwards: backwards.as_bool()? }))
}

/// A sort value of the sort that its key has; the outer `None` is a refusal.
fn sort_value(key: &Value, sort: &Sort) -> Option<Option<SortValue>> {
    let number = match &sort.by {
        SortKey::Id => false,
        SortKey::Param(param) => sorts_as_number(param.kind),
    };
    match key {
        Value::Null => Some(None),
        Value::Number(value) if number => Some(Some(SortValue::Number(value.as_i64()?))),
        Value::String(value) if !number && is_sort_text(value) => Some(Some(SortValue::Text(value.clone()))),
        _ => None,
    }
}

fn is_sort_text(text: &str) -> bool {
    text.len() <= LONGEST_TEXT && !text.contains('\0')
}

/// What makes two queries the same for paging: type, filters and order. Page size and presentation may
/// change between pages.
fn fingerprint(query: &Query) -> i64 {
    let mut text = query.resource.clone();
    for (name, value) in &query.used {
        if !is_presentation(name) {
            // With their lengths, so that no value can pass for the next parameter.
            text.push_str(&format!("\n{}:{name}={}:{value}", name.len(), value.len()));
        }
    }
    for sort in &query.sort {
        let by = match &sort.by {
            SortKey::Id => "_id",
            SortKey::Param(param) => &param.code,
        };
        text.push_str(if sort.descending { "\n-" } else { "\n+" });
        text.push_str(by);
    }
    digest::number(&text)
}

fn is_presentation(name: &str) -> bool {
    name.starts_with("_include")
        || name.starts_with("_revinclude")
        || matches!(name, "_count" | "_elements" | "_format" | "_pretty" | "_sort" | "_summary" | "_total")
}
