//! Search within a type, a compartment, or over all types (<https://hl7.org/fhir/R4/search.html>).

use std::sync::Arc;

use super::policy::{Interaction, Sight};
use super::reading::Sought;
use super::{Rank, Repo};
use crate::error::{Kind, Result, fault, malformed, not_found};
use crate::search::{self, Clause, Options, Query, Test};
use crate::store::{Question, Row, Segment, Store};

/// A page of matches.
#[derive(Debug)]
pub struct Found {
    /// The question as it was understood.
    pub query: Query,
    pub rows: Vec<Arc<Row>>,
    /// What the matches refer to, or what refers to them, as asked.
    pub included: Vec<Arc<Row>>,
    pub total: Option<u64>,
    /// Query strings of the pages after and before this one.
    pub next: Option<String>,
    pub previous: Option<String>,
}

impl Repo {
    pub async fn search(&self, kind: &str, parameters: &[(String, String)], lenient: bool) -> Result<Found> {
        self.search_within(None, kind, parameters, lenient).await
    }

    /// Within the compartment of a resource, given by its type and id.
    pub async fn search_within(
        &self,
        compartment: Option<(&str, &str)>,
        kind: &str,
        parameters: &[(String, String)],
        lenient: bool,
    ) -> Result<Found> {
        let found = self.seek(compartment, kind, parameters, lenient).await?;
        let sought = Sought { kind: Some(kind), within: compartment, by: None };
        self.note_search(sought, parameters, &found).await?;
        Ok(found)
    }

    /// The same, without a record of it.
    pub(super) async fn seek(
        &self,
        compartment: Option<(&str, &str)>,
        kind: &str,
        parameters: &[(String, String)],
        lenient: bool,
    ) -> Result<Found> {
        self.seek_after(compartment, kind, parameters, lenient, 0).await
    }

    /// The same after the first `skip` matches. `Found::query` tells whether they were passed over: where they are of
    /// several projects, or in an order of several keys, none are.
    pub(super) async fn seek_after(
        &self,
        compartment: Option<(&str, &str)>,
        kind: &str,
        parameters: &[(String, String)],
        lenient: bool,
        skip: usize,
    ) -> Result<Found> {
        self.may(Interaction::Search, kind)?;
        self.look().await?;
        let mut query = if consults(parameters) {
            let (repo, name, parameters) = (self.clone(), kind.to_owned(), parameters.to_vec());
            let about = compartment.map(|(about, id)| (about.to_owned(), id.to_owned()));
            let parse = move |_: &Store| {
                let about = about.as_ref().map(|(about, id)| (about.as_str(), id.as_str()));
                search::parse(&repo.definitions, &name, &parameters, &repo.options(lenient, about))
            };
            self.engine.store.offload(parse).await?
        } else {
            search::parse(&self.definitions, kind, parameters, &self.options(lenient, compartment))?
        };
        self.narrow(&mut query);
        if let Some(contained) = query.contained {
            let repo = self.clone();
            return self.engine.store.offload(move |_| repo.search_contained(query, contained)).await;
        }
        query.skip = skip;
        self.answer(vec![query]).await
    }

    /// Over all types, or those that `_type` names.
    pub async fn search_all(
        &self,
        compartment: Option<(&str, &str)>,
        parameters: &[(String, String)],
        lenient: bool,
    ) -> Result<Found> {
        let kinds = self.searched(compartment)?;
        self.look().await?;
        let options = self.options(lenient, compartment);
        let queries = search::parse_all(&self.definitions, &kinds, parameters, &options)?;
        let Some(first) = queries.first() else {
            return Err(not_found("there is nothing here that you may search").coded("not-supported"));
        };
        if first.contained.is_some() {
            let text = "contained resources are sought by their type, not among all";
            return Err(malformed(text).coded("not-supported").at("_contained"));
        }
        let found = self.answer(queries).await?;
        self.note_search(Sought { within: compartment, ..Sought::default() }, parameters, &found).await?;
        Ok(found)
    }

    /// How a search of the actor is understood.
    pub fn options<'a>(&'a self, lenient: bool, compartment: Option<(&'a str, &'a str)>) -> Options<'a> {
        Options {
            lenient,
            base_url: &self.engine.base_url,
            max_count: self.engine.limits.max_count,
            default_count: self.engine.limits.default_count,
            compartment,
            terminology: self,
        }
    }

    /// The types that the actor may search, of those in a compartment.
    pub(super) fn searched(&self, compartment: Option<(&str, &str)>) -> Result<Vec<String>> {
        let members = match compartment {
            None => None,
            Some((name, _)) => Some(self.definitions.compartments.get(name).ok_or_else(|| {
                not_found(format!("a {name} has no compartment here")).coded("not-supported")
            })?),
        };
        self.open_to(Interaction::Search, |name| {
            members.is_none_or(|members| {
                members.contains_key(name) || compartment.is_some_and(|(about, _)| about == name)
            })
        })
    }

    /// The page that answers one question, put to each of several types.
    pub(super) async fn answer(&self, queries: Vec<Query>) -> Result<Found> {
        let mut asked = Vec::with_capacity(queries.len());
        let store = &self.engine.store;
        for query in self.fenced(queries)? {
            let number = self.engine.kind(&query.resource)?;
            let segments = if store.reads_inline() {
                self.segments(&query.resource, &query)?
            } else {
                let (repo, query) = (self.clone(), query.clone());
                store.offload(move |_| repo.segments(&query.resource, &query)).await?
            };
            asked.push((number, segments, query));
        }
        let short = match asked.as_slice() {
            [(_, segments, query)] => store.reads_inline() && is_short(query, segments),
            _ => false,
        };
        if short {
            return self.page(asked);
        }
        let repo = self.clone();
        store.offload(move |_| repo.page(asked)).await
    }

    /// Questions to several types, bounded by what the actor may find. A type that may not be asked this is left out,
    /// unless it is the only one.
    fn fenced(&self, queries: Vec<Query>) -> Result<Vec<Query>> {
        let mut refusal = None;
        let mut open = Vec::with_capacity(queries.len());
        for mut query in queries {
            match self.fence(&mut query) {
                Ok(()) => open.push(query),
                Err(error) => refusal = Some(error),
            }
        }
        match refusal {
            Some(refusal) if open.is_empty() || refusal.kind != Kind::Forbidden => Err(refusal),
            _ => Ok(open),
        }
    }

    /// The matches, as much of each as the actor sees, and what goes along with them.
    fn page(&self, mut asked: Vec<(i32, Vec<Segment>, Query)>) -> Result<Found> {
        let one_order = asked.len() == 1;
        for (_, segments, query) in &mut asked {
            self.widen(query)?;
            if !one_order || segments.len() > 1 || query.sort.len() > 1 {
                query.skip = 0;
            }
        }
        let guests: Vec<Option<Query>> = asked.iter().map(|(_, _, query)| self.of_guests(query)).collect();
        let mut questions = Vec::with_capacity(asked.len());
        for ((kind, segments, query), guests) in asked.iter().zip(&guests) {
            let is_own = |segment: &Segment| segment.only.is_none();
            let own = segments.iter().take_while(|segment| is_own(segment)).count();
            let (own, lent) = segments.split_at(own);
            questions.push(Question { kind: *kind, segments: own, query });
            if let Some(query) = guests.as_ref().filter(|_| !lent.is_empty()) {
                questions.push(Question { kind: *kind, segments: lent, query });
            }
        }
        let mut page = self.engine.store.search_all(&questions)?;
        let mut rows = Vec::with_capacity(page.hits.len());
        for hit in page.hits.drain(..) {
            let guest = hit.row.project != self.actor.project && !self.actor.is_boundless();
            let sight = if guest { Sight::Guest } else { Sight::Whole };
            rows.push(self.seen(sight.of(Arc::new(hit.row))?)?);
        }
        let mut included = Vec::new();
        if let Some((_, _, query)) = asked.first().filter(|(_, _, query)| !query.includes.is_empty()) {
            included = self.along(&query.includes, &rows)?;
        }
        let query = search::over(asked.into_iter().map(|(_, _, query)| query));
        let query = query.ok_or_else(|| fault("a search of no type"))?;
        let link = |cursor: Option<search::Cursor>| cursor.map(|cursor| query.page_link(&cursor));
        let (next, previous) = (link(page.next), link(page.previous));
        Ok(Found { rows, included, total: page.total, next, previous, query })
    }

    /// The parts of the store that the actor's search goes over.
    pub(super) fn segments(&self, kind: &str, query: &Query) -> Result<Vec<Segment>> {
        let store = &self.engine.store;
        let whole = |project| Segment { project, only: None };
        if self.actor.is_boundless() {
            if let Some(id) = matches!(kind, "User" | "ProjectMembership").then(|| pool(query)).flatten() {
                return Ok(store.project_number(id)?.into_iter().map(whole).collect());
            }
            return Ok(store.projects()?.into_iter().map(whole).collect());
        }
        let mut segments = vec![whole(self.actor.project)];
        if kind == "User"
            && self.actor.rank == Rank::ProjectAdmin
            && !self.stays_home(kind)
            && self.of_guests(query).is_some()
        {
            let number = self.engine.kind(kind)?;
            let lenders = self.lenders()?;
            let mut guests: Vec<Segment> =
                lenders.into_iter().map(|project| Segment { project, only: self.guests() }).collect();
            let ask = || {
                for pool in &guests {
                    if !store.is_empty(number, pool)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            };
            if self.engine.guests.any(self.actor.project, !store.reads_inline(), ask)? {
                segments.append(&mut guests);
            }
        }
        Ok(segments)
    }
}

/// The project that a search for users or memberships names: the only place to look.
fn pool(query: &Query) -> Option<&str> {
    query.clauses.iter().find_map(|clause| match clause {
        Clause::Index { param, any, negated: false, .. } if param.code == "project" => match any.as_slice() {
            [Test::Term { value: Some(id), .. }] => Some(id.as_str()),
            _ => None,
        },
        _ => None,
    })
}

/// Whether to understand the parameters may take looking up a value set or a code system.
fn consults(parameters: &[(String, String)]) -> bool {
    let modifiers = [":in", ":not-in", ":above", ":below"];
    parameters.iter().any(|(name, _)| name == "_filter" || modifiers.iter().any(|one| name.ends_with(one)))
}

/// Whether the plan is sure to be cheap: one driving look-up or one stretch of an index. All else leaves the
/// thread that serves requests.
fn is_short(query: &Query, segments: &[Segment]) -> bool {
    let counts = query.total != search::Total::None || query.summary == search::Summary::Count;
    let sought = query.clauses.iter().any(|clause| match clause {
        Clause::Id { negated, .. } => !negated,
        Clause::Index { param, negated, .. } => param.unique && !negated,
        _ => false,
    });
    segments.len() <= 2
        && !counts
        && query.includes.is_empty()
        && (sought || (query.clauses.is_empty() && query.sort.len() <= 1))
}
