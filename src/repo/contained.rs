//! Resources inside of others (<https://hl7.org/fhir/R4/search.html#contained>). They have no index rows; what
//! has one of the sought type inside is marked, and what is inside is looked at here.

use std::sync::Arc;

use serde_json::Value;

use super::policy::Interaction;
use super::{Found, Repo};
use crate::error::{Kind, Result, fault};
use crate::resource;
use crate::search::shape::word;
use crate::search::{self, Alone, Clause, Contained, Cursor, Key, Query, Shown, Sort, SortKey};
use crate::store::{Question, Row, Segment};

/// Candidates looked at for one page: past them the page is sent as it is, with a link to the next.
const MOST_LOOKED_AT: usize = 5_000;

impl Repo {
    pub(super) fn search_contained(&self, whole: Query, contained: Contained) -> Result<Found> {
        self.asks_nothing_hidden(&whole.resource, &whole.clauses)?;
        let mut holders = self.holders(&whole, contained)?;
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
                let row = self.seen(Arc::new(hit.row))?;
                rows.extend(self.answering(&whole, &row, contained)?);
                cursor = Some(Cursor {
                    keys: vec![None; whole.sort.len()],
                    row: row.rid,
                    id: row.id.clone(),
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

    /// The questions for what has a resource of the sought type inside, and for those that have none around
    /// them where both are sought.
    fn holders(&self, whole: &Query, contained: Contained) -> Result<Vec<Holder>> {
        let mut questions = Vec::new();
        for kind in self.definitions.resources.values().filter(|kind| kind.served) {
            let Some(param) = kind.params.get("_content") else { continue };
            if self.may(Interaction::Search, &kind.name).is_err() {
                continue;
            }
            let key = Key::of(param);
            let any = vec![vec![word::mark(&whole.resource)]];
            let mut clause = Clause::Words { narrative: false, key, any };
            if contained.both && kind.name == whole.resource {
                clause = Clause::Any(vec![clause, Clause::All(whole.clauses.clone())]);
            }
            let mut query = Query {
                resource: kind.name.clone(),
                clauses: vec![clause],
                sort: vec![Sort { by: SortKey::Id, descending: false }],
                ..whole.clone()
            };
            match self.fence(&mut query) {
                Ok(()) => {}
                // Where that is hidden, nobody looks for it.
                Err(error) if error.kind == Kind::Forbidden => continue,
                Err(error) => return Err(error),
            }
            let segments = self.segments(&kind.name, &query)?;
            questions.push((self.engine.kind(&kind.name)?, segments, query));
        }
        Ok(questions)
    }

    /// What of a row answers the question: itself, as a container or on its own account, or what is inside.
    fn answering(&self, whole: &Query, row: &Row, contained: Contained) -> Result<Vec<Arc<Row>>> {
        let body: Value = resource::parse(row.body.as_bytes())?;
        let kind = self.resource_type(&whole.resource)?;
        let passes = |one: &Value, id: &str| {
            let entries = search::index::entries(&self.definitions, kind, one, &self.engine.base_url);
            entries.map(|entries| search::matches(&whole.clauses, id, &entries, &Alone))
        };
        let mut found = Vec::new();
        if contained.both && body["resourceType"] == whole.resource.as_str() && passes(&body, &row.id)? {
            found.push(Arc::new(row.clone()));
            if contained.shown == Shown::Container {
                return Ok(found);
            }
        }
        for one in body["contained"].as_array().into_iter().flatten() {
            if one["resourceType"] != whole.resource.as_str() {
                continue;
            }
            let id = one["id"].as_str().unwrap_or_default();
            if !passes(one, id)? {
                continue;
            }
            match contained.shown {
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
