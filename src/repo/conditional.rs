//! Writes on a condition (<https://hl7.org/fhir/R4/http.html#cond-update>): a search decides what is written,
//! and decides again inside the transaction, so that of many at once one is first.

use std::sync::Arc;

use super::Repo;
use super::policy::Interaction;
use crate::definitions::ResourceType;
use crate::error::{Error, Issue, Kind, Result, malformed, precondition};
use crate::search::{self, Options, Query, parameters};
use crate::store::{Guard, Row, Segment};

/// What is sought, as parameters of a search, and where the request says so.
#[derive(Debug, Clone)]
pub struct Criteria {
    parameters: Vec<(String, String)>,
    place: &'static str,
}

/// Parameters about a result rather than about what is in it.
const SHAPING: [&str; 12] = [
    "_count",
    "_contained",
    "_containedType",
    "_cursor",
    "_elements",
    "_format",
    "_include",
    "_pretty",
    "_revinclude",
    "_sort",
    "_summary",
    "_total",
];
/// More than these are not deleted at once.
const MOST_DELETED: usize = 10_000;

impl Criteria {
    /// From a query string. `place` is what an error names: a header, or the address.
    pub fn parse(query: &str, place: &'static str) -> Result<Self> {
        // A search for something may be written with its type and a question mark.
        let query = match query.split_once('?') {
            Some((kind, query)) if !kind.contains(['=', '&']) => query,
            _ => query,
        };
        let mut parameters = parameters::parse(query).map_err(|error| error.at(place))?;
        parameters
            .retain(|(name, value)| !value.is_empty() && !matches!(name.as_str(), "_format" | "_pretty"));
        let code = |name: &str| name.split([':', '.']).next().unwrap_or_default().to_owned();
        let shaping = parameters.iter().filter(|(name, _)| SHAPING.contains(&code(name).as_str()));
        let issues: Vec<Issue> = shaping
            .map(|(name, _)| Issue::error("not-supported", format!("`{name}` is no condition")).at(place))
            .collect();
        if !issues.is_empty() {
            return Err(Error::new(Kind::Malformed, issues));
        }
        if parameters.is_empty() {
            return Err(malformed("there is no condition that anything could meet")
                .coded("required")
                .at(place));
        }
        Ok(Self { parameters, place })
    }

    /// The one that was found, if any was.
    pub(super) fn only(&self, mut found: Vec<Arc<Row>>) -> Result<Option<Arc<Row>>> {
        if found.len() > 1 { Err(self.many()) } else { Ok(found.pop()) }
    }

    pub(super) fn many(&self) -> Error {
        precondition("more than one resource meets the condition").coded("multiple-matches").at(self.place)
    }
}

impl Repo {
    /// At most `most` of what answers the criteria, and the guard that holds a write to it.
    pub(super) async fn sought(
        &self,
        kind: &str,
        criteria: &Criteria,
        most: usize,
    ) -> Result<(Vec<Arc<Row>>, Guard)> {
        self.may(Interaction::Search, kind)?;
        self.look().await?;
        let mut query = self.query(kind, criteria, most)?;
        self.fence(&mut query)?;
        let number = self.engine.kind(kind)?;
        let (repo, kind) = (self.clone(), kind.to_owned());
        let seek = move |store: &crate::store::Store| {
            // A guest is not the project's to write.
            let segments = if repo.actor.is_boundless() {
                repo.segments(&kind, &query)?
            } else {
                vec![Segment { project: repo.actor.project, only: None }]
            };
            let page = store.search(number, &segments, &query)?;
            let rows: Vec<Arc<Row>> = page.hits.into_iter().map(|hit| Arc::new(hit.row)).collect();
            let numbers: Vec<i64> = rows.iter().map(|row| row.rid).collect();
            Ok((rows, store.guard(number, &segments, &query, &numbers)))
        };
        self.engine.store.offload(seek).await
    }

    /// The criteria as a question.
    pub(super) fn query(&self, kind: &str, criteria: &Criteria, most: usize) -> Result<Query> {
        let options = Options { max_count: most, default_count: most, ..self.options(false, None) };
        search::parse(&self.definitions, kind, &criteria.parameters, &options)
    }

    /// What a conditional delete deletes.
    pub(super) async fn to_remove(
        &self,
        resource: &ResourceType,
        criteria: &Criteria,
    ) -> Result<(Vec<Arc<Row>>, Guard)> {
        let most = if self.engine.limits.delete_many { MOST_DELETED } else { 1 };
        let (found, guard) = self.sought(&resource.name, criteria, most + 1).await?;
        match found.len() {
            count if count <= most => {}
            _ if most == 1 => return Err(criteria.many()),
            _ => {
                let text = format!("more than {MOST_DELETED} resources meet the condition; none was deleted");
                return Err(precondition(text).coded("too-costly").at(criteria.place));
            }
        }
        Ok((found, guard))
    }
}
