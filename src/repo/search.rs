//! Search within a type (<https://hl7.org/fhir/R4/search.html>).

use std::sync::Arc;

use super::policy::Interaction;
use super::redact::{GUEST_PARAMS, Sight};
use super::{Rank, Repo};
use crate::error::Result;
use crate::search::{self, Clause, Options, Query, SortKey, Test};
use crate::store::{Row, Segment};

/// A page of matches.
#[derive(Debug)]
pub struct Found {
    /// The question as it was understood.
    pub query: Query,
    pub rows: Vec<Arc<Row>>,
    pub total: Option<u64>,
    /// Query strings of the pages after and before this one.
    pub next: Option<String>,
    pub previous: Option<String>,
}

impl Repo {
    pub async fn search(&self, kind: &str, parameters: &[(String, String)], lenient: bool) -> Result<Found> {
        self.may(Interaction::Search, kind)?;
        let options = Options {
            lenient,
            base_url: &self.engine.base_url,
            max_count: self.engine.limits.max_count,
            default_count: self.engine.limits.default_count,
        };
        let query = search::parse(&self.definitions, kind, parameters, &options)?;
        let number = self.engine.kind(kind)?;
        let store = &self.engine.store;
        let segments = if store.reads_inline() {
            self.segments(kind, &query)?
        } else {
            let (repo, name, query) = (self.clone(), kind.to_owned(), query.clone());
            store.offload(move |_| repo.segments(&name, &query)).await?
        };
        let (query, page) = if store.reads_inline() && is_short(&query, &segments) {
            let page = store.search(number, &segments, &query)?;
            (query, page)
        } else {
            store
                .offload(move |store| store.search(number, &segments, &query).map(|page| (query, page)))
                .await?
        };
        let mut rows = Vec::with_capacity(page.hits.len());
        for hit in page.hits {
            let guest = hit.row.project != self.actor.project && !self.actor.is_boundless();
            let sight = if guest { Sight::Guest } else { Sight::Whole };
            rows.push(sight.of(Arc::new(hit.row))?);
        }
        let link = |cursor: Option<search::Cursor>| cursor.map(|cursor| query.page_link(&cursor));
        let (next, previous) = (link(page.next), link(page.previous));
        Ok(Found { rows, total: page.total, next, previous, query })
    }

    /// The parts of the store that the actor's search goes over.
    pub(super) fn segments(&self, kind: &str, query: &Query) -> Result<Vec<Segment>> {
        let store = &self.engine.store;
        let whole = |project| Segment { project, only: None };
        if self.actor.is_boundless() {
            if let Some(id) = (kind == "User").then(|| pool(query)).flatten() {
                return Ok(store.project_number(id)?.into_iter().map(whole).collect());
            }
            return Ok(store.projects()?.into_iter().map(whole).collect());
        }
        let mut segments = vec![whole(self.actor.project)];
        if kind == "User" && self.actor.rank == Rank::ProjectAdmin && asks_of_guests(query) {
            let guests = Segment { project: 0, only: self.guests() };
            let number = self.engine.kind(kind)?;
            let ask = || store.is_empty(number, &guests).map(|empty| !empty);
            if self.engine.guests.any(self.actor.project, !store.reads_inline(), ask)? {
                segments.push(guests);
            }
        }
        Ok(segments)
    }
}

/// The project that a search for users names: its pool is the only place to look.
fn pool(query: &Query) -> Option<&str> {
    query.clauses.iter().find_map(|clause| match clause {
        Clause::Index { param, any, negated: false, .. } if param.code == "project" => match any.as_slice() {
            [Test::Term { value: Some(id), .. }] => Some(id.as_str()),
            _ => None,
        },
        _ => None,
    })
}

fn asks_of_guests(query: &Query) -> bool {
    let shown = |code: &str| GUEST_PARAMS.contains(&code);
    query.clauses.iter().all(|clause| match clause {
        Clause::Id { .. } => true,
        Clause::Index { param, .. } | Clause::Missing { param, .. } => shown(&param.code),
    }) && query.sort.iter().all(|sort| match &sort.by {
        SortKey::Id => true,
        SortKey::Param(param) => shown(&param.code),
    })
}

/// Whether the plan is sure to be cheap: one driving look-up or one stretch of an index. All else leaves the
/// thread that serves requests.
fn is_short(query: &Query, segments: &[Segment]) -> bool {
    let counts = query.total != search::Total::None || query.summary == search::Summary::Count;
    let sought = query.clauses.iter().any(|clause| match clause {
        Clause::Id { negated, .. } => !negated,
        Clause::Index { param, negated, .. } => param.unique && !negated,
        Clause::Missing { .. } => false,
    });
    segments.len() <= 2 && !counts && (sought || (query.clauses.is_empty() && query.sort.len() <= 1))
}
