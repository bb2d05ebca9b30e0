//! Answers in the platform's envelope, with as many fields as were asked for.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Fields};
use crate::http::reply::{JSON, no_content, ok};

/// One result.
pub(super) fn one(asked: &Asked, result: Value) -> HttpResponse {
    sent(&json!({ "success": true, "result": asked.fields.of(result) }))
}

/// A page of results, of which there are so many in all.
pub(super) fn page(asked: &Asked, results: Vec<Value>, matched: usize) -> HttpResponse {
    let (limit, skip) = (asked.limit, asked.skip());
    let mut metadata = json!({ "count": results.len(), "limit": limit, "matched": matched, "skip": skip });
    if let Some(before) = skip.checked_div(limit) {
        metadata["page"] = Value::from(before + 1);
        metadata["pages"] = Value::from(matched.div_ceil(limit));
    }
    let results: Vec<Value> = results.into_iter().map(|result| asked.fields.of(result)).collect();
    sent(&json!({ "success": true, "result": results, "metadata": metadata }))
}

/// It is done, and there is nothing to say of it.
pub(super) fn done() -> HttpResponse {
    no_content().finish()
}

/// JSON that no cache keeps: it is about people, and for whoever asked.
pub(super) fn sent(body: &Value) -> HttpResponse {
    ok().insert_header((CONTENT_TYPE, JSON)).insert_header((CACHE_CONTROL, "no-store")).body(body.to_string())
}

impl Fields {
    /// Of an object only what is wanted; of a list, of each.
    fn of(&self, value: Value) -> Value {
        match value {
            Value::Object(object) => Value::Object(self.some(object)),
            Value::Array(all) => all.into_iter().map(|one| self.of(one)).collect(),
            other => other,
        }
    }

    fn some(&self, mut object: Map<String, Value>) -> Map<String, Value> {
        object.retain(|name, _| {
            let wanted = self.only.is_empty() || self.only.contains(name) || self.added.contains(name);
            wanted && !self.without.contains(name)
        });
        object
    }
}
