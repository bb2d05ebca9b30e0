//! The history of a resource, of a type, of the server (<https://hl7.org/fhir/R4/http.html#history>).

use actix_web::{HttpRequest, HttpResponse, web};

use super::bundle::Bundle;
use crate::error::{Error, Issue, Kind, Result};
use crate::http::reply::{Failure, fhir, ok};
use crate::http::{extract, negotiate, parameters};
use crate::repo::{History, Limits, Mark, Repo};
use crate::search::link::{self, CURSOR};
use crate::search::moment;
use crate::store::{Period, Place};

pub(in crate::http) async fn history(
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let (kind, id) = path.into_inner();
    let page = Page::read(request.query_string(), repo.engine().limits)?;
    let before = match page.before {
        None => None,
        Some(Mark::Version(version)) => Some(version),
        Some(Mark::Place(_)) => return Err(unreadable().into()),
    };
    let history = repo.history(&kind, &id, page.period, before, page.count).await?;
    Ok(fhir(&request, form, ok(), page.bundle(&repo, &format!("/{kind}/{id}"), &history)))
}

pub(in crate::http) async fn history_of_type(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    history_of(&request, Some(&path)).await
}

pub(in crate::http) async fn history_of_all(request: HttpRequest) -> Result<HttpResponse, Failure> {
    history_of(&request, None).await
}

async fn history_of(request: &HttpRequest, kind: Option<&str>) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(request)?;
    let repo = extract::caller(request).await?;
    let page = Page::read(request.query_string(), repo.engine().limits)?;
    let before = match page.before {
        None => None,
        Some(Mark::Place(place)) => Some(place),
        Some(Mark::Version(_)) => return Err(unreadable().into()),
    };
    let history = repo.history_of(kind, page.period, before, page.count).await?;
    let path = kind.map(|kind| format!("/{kind}")).unwrap_or_default();
    Ok(fhir(request, form, ok(), page.bundle(&repo, &path, &history)))
}

/// What is asked of a history.
struct Page {
    count: usize,
    period: Period,
    before: Option<Mark>,
    /// What is repeated in every link.
    given: Vec<(String, String)>,
}

impl Page {
    fn read(query: &str, limits: Limits) -> Result<Self> {
        let mut page =
            Self { count: limits.default_count, period: Period::default(), before: None, given: Vec::new() };
        let mut issues = Vec::new();
        let mut seen = Vec::new();
        for (name, value) in parameters::parse(query)? {
            let taken = match seen.contains(&name) {
                true => Err(Issue::error("value", "this is given twice")),
                false => page.take(&name, &value, limits.max_count),
            };
            issues.extend(taken.err().map(|issue| issue.at(name.as_str())));
            seen.push(name);
        }
        if issues.is_empty() { Ok(page) } else { Err(Error::new(Kind::Malformed, issues)) }
    }

    fn take(&mut self, name: &str, value: &str, max_count: usize) -> Result<(), Issue> {
        let time = || {
            moment(value)
                .ok_or_else(|| Issue::error("value", "a time is YYYY-MM-DDThh:mm:ss with Z or +hh:mm"))
        };
        match name {
            "_format" | "_pretty" => return Ok(()),
            "_count" => match value.parse::<usize>() {
                Ok(count) if count > 0 => self.count = count.min(max_count),
                _ => return Err(Issue::error("value", "a page has a positive number of entries")),
            },
            "_since" => self.period.since = Some(time()?.0),
            "_at" => self.period.during = Some(time()?),
            CURSOR => {
                let read = mark(value).ok_or_else(|| Issue::error("value", "this cursor cannot be read"))?;
                self.before = Some(read);
                return Ok(());
            }
            _ => {
                return Err(Issue::error("not-supported", "this parameter is not offered on a history"));
            }
        }
        self.given.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    fn bundle(&self, repo: &Repo, path: &str, history: &History) -> Vec<u8> {
        let base = &repo.engine().base_url;
        let address = |mark: Option<Mark>| {
            let cursor = mark.map(text);
            let given = self.given.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let query = link::query(given.chain(cursor.as_deref().map(|cursor| (CURSOR, cursor))));
            let separator = if query.is_empty() { "" } else { "?" };
            format!("{base}{path}/_history{separator}{query}")
        };
        let mut bundle = Bundle::new("history", None);
        bundle.link("self", &address(self.before));
        bundle.link("first", &address(None));
        if history.next.is_some() {
            bundle.link("next", &address(history.next));
        }
        for change in &history.changes {
            bundle.version(base, change);
        }
        bundle.finish()
    }
}

fn unreadable() -> Error {
    Error::new(Kind::Malformed, vec![Issue::error("value", "this cursor is of another history").at(CURSOR)])
}

fn text(mark: Mark) -> String {
    match mark {
        Mark::Version(version) => version.to_string(),
        Mark::Place(place) => format!("{}.{}", place.at, place.number),
    }
}

fn mark(text: &str) -> Option<Mark> {
    match text.split_once('.') {
        None => text.parse().ok().filter(|version| *version > 0).map(Mark::Version),
        Some((at, number)) => Some(Mark::Place(Place { at: at.parse().ok()?, number: number.parse().ok()? })),
    }
}
