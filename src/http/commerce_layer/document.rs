//! Documents of JSON:API 1.0 (<https://jsonapi.org/format/1.0/#document-structure>): records with their relations, what is
//! included, and the links of pages.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::asked::Asked;
use super::kind::{self, Kind};
use super::{related, view};
use crate::error::{Result, fault};
use crate::repo::Repo;
use crate::search::link;
use crate::store::Row;

pub(super) struct Document<'a> {
    pub repo: &'a Repo,
    pub asked: &'a Asked,
    /// `https://…/api`
    pub base: String,
    included: Vec<Value>,
    seen: HashSet<(String, String)>,
}

impl<'a> Document<'a> {
    pub fn new(repo: &'a Repo, asked: &'a Asked, public_url: &str) -> Self {
        let base = format!("{public_url}/api");
        Self { repo, asked, base, included: Vec::new(), seen: HashSet::new() }
    }

    /// One record, or none.
    pub async fn one(mut self, kind: &Kind, row: Option<&Arc<Row>>) -> Result<Value> {
        let rows: Vec<Arc<Row>> = row.into_iter().cloned().collect();
        let data = self.data(kind, &rows).await?.pop().unwrap_or_default();
        Ok(self.with_included(json!({ "data": data })))
    }

    /// A page of `total` records; `path` is where the list is, below the base.
    pub async fn many(mut self, kind: &Kind, rows: &[Arc<Row>], total: u64, path: &str) -> Result<Value> {
        let data = self.data(kind, rows).await?;
        let document = self.page(data, total, path);
        Ok(self.with_included(document))
    }

    /// The same of records that are made already.
    pub fn page(&self, data: Vec<Value>, total: u64, path: &str) -> Value {
        let size = self.asked.size as u64;
        let pages = total.div_ceil(size).max(1);
        let number = self.asked.number as u64;
        let at = |page: u64| {
            let own = [("page[number]", page.to_string()), ("page[size]", size.to_string())];
            let rest = self.asked.rest.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let own = own.iter().map(|(name, value)| (*name, value.as_str()));
            format!("{}/{path}?{}", self.base, link::query(rest.chain(own)))
        };
        let mut links = json!({ "first": at(1) });
        if number > 1 {
            links["prev"] = Value::from(at((number - 1).min(pages)));
        }
        if number < pages {
            links["next"] = Value::from(at(number + 1));
        }
        links["last"] = Value::from(at(pages));
        json!({ "data": data, "meta": { "record_count": total, "page_count": pages }, "links": links })
    }

    fn with_included(self, mut document: Value) -> Value {
        if !self.asked.include.is_empty() {
            document["included"] = Value::Array(self.included);
        }
        document
    }

    /// The records, and what they include.
    async fn data(&mut self, kind: &Kind, rows: &[Arc<Row>]) -> Result<Vec<Value>> {
        for row in rows {
            self.seen.insert((kind.name.to_owned(), row.id.clone()));
        }
        let paths: Vec<Vec<String>> = self.asked.include.clone();
        self.records(kind, rows, &paths).await
    }

    async fn records(&mut self, kind: &Kind, rows: &[Arc<Row>], paths: &[Vec<String>]) -> Result<Vec<Value>> {
        let mut records = self.bare(kind, rows).await?;
        let mut steps: Vec<&String> = Vec::new();
        for step in paths.iter().filter_map(|path| path.first()) {
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
        for step in steps {
            let relation = related::named(kind, step)?;
            let to = kind::of(relation.to).ok_or_else(|| fault("a relation to nothing"))?;
            let each = related::of(self.repo, kind, rows, relation).await?;
            for (record, found) in records.iter_mut().zip(&each) {
                let mut ids = found.iter().map(|row| json!({ "type": to.name, "id": row.id }));
                let data = if relation.many {
                    Value::Array(ids.collect())
                } else {
                    ids.next_back().unwrap_or_default()
                };
                if let Some(told) = record.pointer_mut(&format!("/relationships/{step}")) {
                    told["data"] = data;
                }
            }
            let mut fresh: Vec<Arc<Row>> = Vec::new();
            for row in each.into_iter().flatten() {
                if self.seen.insert((to.name.to_owned(), row.id.clone())) {
                    fresh.push(row);
                }
            }
            let rest: Vec<Vec<String>> = paths
                .iter()
                .filter(|path| path.len() > 1 && path[0] == *step)
                .map(|path| path[1..].to_vec())
                .collect();
            let told = Box::pin(self.records(to, &fresh, &rest)).await?;
            self.included.extend(told);
        }
        Ok(records)
    }

    /// Records with the links of their relations.
    async fn bare(&self, kind: &Kind, rows: &[Arc<Row>]) -> Result<Vec<Value>> {
        let attributes = view::attributes(self.repo, kind, rows).await?;
        Ok(rows
            .iter()
            .zip(attributes)
            .map(|(row, attributes)| self.record(kind, &row.id, attributes))
            .collect())
    }

    /// One record of these attributes.
    pub fn record(&self, kind: &Kind, id: &str, mut attributes: Value) -> Value {
        let place = match kind.name {
            "users" => format!("{}/user", self.base),
            name => format!("{}/{name}/{id}", self.base),
        };
        if let Some(attributes) = attributes.as_object_mut() {
            attributes.retain(|name, _| self.asked.wants(kind.name, name));
        }
        let relations = kind.relations.iter().filter(|relation| self.asked.wants(kind.name, relation.name));
        let relations: Map<String, Value> = relations
            .map(|relation| {
                let related = format!("{place}/{}", relation.name);
                (relation.name.to_owned(), json!({ "links": { "related": related } }))
            })
            .collect();
        json!({
            "id": id,
            "type": kind.name,
            "links": { "self": place },
            "attributes": attributes,
            "relationships": relations,
        })
    }
}
