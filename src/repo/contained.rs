//! Resources inside of others (<https://hl7.org/fhir/R4/search.html#contained>). They have no index rows; what
//! has one of the sought type inside is marked, and what is inside is looked at here.

use std::sync::Arc;

use serde_json::Value;

use super::policy::Interaction;
use super::{Found, Repo};
use crate::error::{Result, fault};
use crate::resource;
use crate::search::shape::word;
use crate::search::{self, Alone, Clause, Cursor, Key, Query, Shown, Sort, SortKey};
use crate::store::{Question, Row, Segment};

/// Candidates looked at for one page: past them the page is sent as it is, with a link to the next.
const MOST_LOOKED_AT: usize = 5_000;

impl Repo {
    pub(super) fn search_contained(&self, whole: Query, shown: Shown) -> Result<Found> {
        let mut holders = self.holders(&whole)?;
        let (mut rows, mut cursor, mut looked_at) = (Vec::new(), whole.cursor.clone(), 0);
        let next = loop {
            for (_, _, query) in &mut holders {
                query.cursor.clone_from(&cursor);
            }
            let questions: Vec<Question> = holders
                .iter()
                .map(|(kind, segments, query)| Question { kind: *kind, segments, query })
                .collect();
            let page = self.engine.store.search_all(&questions)?;
            let (mut left, more) = (page.hits.len(), page.next.is_some());
            for hit in page.hits {
                (left, looked_at) = (left - 1, looked_at + 1);
                rows.extend(self.inside(&whole, &hit.row, shown)?);
                cursor = Some(Cursor {
                    keys: vec![None; whole.sort.len()],
                    row: hit.row.rid,
                    id: hit.row.id,
                    backwards: false,
                });
                if rows.len() >= whole.count {
                    break;
                }
            }
            if left == 0 && !more {
                break None;
            }
            if rows.len() >= whole.count || looked_at >= MOST_LOOKED_AT {
                break cursor;
            }
        };
        let next = next.map(|cursor| whole.page_link(&cursor));
        Ok(Found { query: whole, rows, included: Vec::new(), total: None, next, previous: None })
    }

    /// The questions for what has a resource of the sought type inside.
    fn holders(&self, whole: &Query) -> Result<Vec<Holder>> {
        let mut questions = Vec::new();
        for kind in self.definitions.resources.values().filter(|kind| kind.served) {
            let Some(param) = kind.params.get("_content") else { continue };
            if self.may(Interaction::Search, &kind.name).is_err() {
                continue;
            }
            let key = Key::of(param);
            let any = vec![vec![word::mark(&whole.resource)]];
            let query = Query {
                resource: kind.name.clone(),
                clauses: vec![Clause::Words { narrative: false, key, any }],
                sort: vec![Sort { by: SortKey::Id, descending: false }],
                ..whole.clone()
            };
            let segments = self.segments(&kind.name, &query)?;
            questions.push((self.engine.kind(&kind.name)?, segments, query));
        }
        Ok(questions)
    }

    /// What of a container answers the question: itself, or what is inside.
    fn inside(&self, whole: &Query, row: &Row, shown: Shown) -> Result<Vec<Arc<Row>>> {
        let body: Value = resource::parse(row.body.as_bytes())?;
        let kind = self.resource_type(&whole.resource)?;
        let mut found = Vec::new();
        for one in body["contained"].as_array().into_iter().flatten() {
            if one["resourceType"] != whole.resource.as_str() {
                continue;
            }
            let id = one["id"].as_str().unwrap_or_default();
            let entries = search::index::entries(&self.definitions, kind, one, &self.engine.base_url)?;
            if !search::matches(&whole.clauses, id, &entries, &Alone) {
                continue;
            }
            match shown {
                Shown::Container => return Ok(vec![Arc::new(row.clone())]),
                Shown::Contained => {
                    let body = serde_json::to_string(one).map_err(fault)?.into();
                    let id = format!("{}#{id}", row.id);
                    found.push(Arc::new(Row { id, body, ..row.clone() }));
                }
            }
        }
        Ok(found)
    }
}

/// A type, where it is looked for, and by what.
type Holder = (i32, Vec<Segment>, Query);
