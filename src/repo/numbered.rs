//! Pages by number, for protocols whose clients say how many matches to pass over
//! (<https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.4>, `page[number]` of <https://jsonapi.org/format/#fetching-pagination>).
//!
//! A number is no place between two rows, as a cursor is. Where a page ended is therefore kept for a minute, under the
//! number of matches up to there: the page after it costs what the first one does, and a walk goes on where it was,
//! whatever is written meanwhile. From elsewhere the matches in between are passed over: in the index, or, where they are of
//! several projects or in an order of several keys, long page by long page.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;

use super::{Found, Repo};
use crate::error::Result;
use crate::search::parameters;

const KEPT: Duration = Duration::from_secs(60);
/// Questions whose marks are kept.
const QUESTIONS: usize = 1_000;
/// Marks of one question.
const MARKS: usize = 4_096;

type Parameters = Vec<(String, String)>;

/// The pages that begin after a number of matches.
type Marks = BTreeMap<usize, (Instant, Parameters)>;

pub(super) struct Bookmarks(Cache<String, Arc<Mutex<Marks>>>);

impl Default for Bookmarks {
    fn default() -> Self {
        Self(Cache::new(QUESTIONS))
    }
}

impl Bookmarks {
    fn of(&self, question: &str) -> Arc<Mutex<Marks>> {
        if let Some(marks) = self.0.get(question) {
            return marks;
        }
        let marks = Arc::default();
        self.0.insert(question.to_owned(), Arc::clone(&marks));
        marks
    }
}

/// The last mark that lies no further than `skip`.
fn nearest(marks: &Mutex<Marks>, skip: usize) -> Option<(usize, Parameters)> {
    let mut marks = marks.lock().unwrap_or_else(PoisonError::into_inner);
    marks.retain(|_, (placed, _)| placed.elapsed() < KEPT);
    marks.range(..=skip).next_back().map(|(at, (_, page))| (*at, page.clone()))
}

fn place(marks: &Mutex<Marks>, at: usize, page: &Parameters) {
    let mut marks = marks.lock().unwrap_or_else(PoisonError::into_inner);
    if marks.len() >= MARKS {
        marks.pop_first();
    }
    marks.insert(at, (Instant::now(), page.clone()));
}

impl Repo {
    /// At most `count` matches after the first `skip`, and how many there are in all. Parameters that say how to page
    /// are not for the caller to give.
    pub async fn search_at(
        &self,
        kind: &str,
        parameters: &[(String, String)],
        skip: usize,
        count: usize,
    ) -> Result<Found> {
        if count == 0 || skip == 0 {
            let asked: Parameters = parameters.iter().cloned().chain(counted(count)).collect();
            let found = self.search(kind, &asked, false).await?;
            self.mark_end(kind, parameters, found.rows.len(), &found)?;
            return Ok(found);
        }
        let marks = self.marks(kind, parameters);
        let longest = self.engine.limits.max_count;
        let (mut at, mut page) = nearest(&marks, skip).unwrap_or_else(|| (0, parameters.to_vec()));
        if at < skip {
            let before = skip - at - 1;
            let mut asked = page.clone();
            asked.push(("_count".to_owned(), "1".to_owned()));
            let last = self.seek_after(None, kind, &asked, false, before).await?;
            if last.query.skip == before {
                let Some(next) = &last.next else { return self.only_counted(kind, parameters).await };
                page = bare(next)?;
                place(&marks, skip, &page);
                at = skip;
            }
        }
        while at < skip {
            let step = (skip - at).min(longest);
            let mut asked = page.clone();
            asked.push(("_count".to_owned(), step.to_string()));
            let found = self.seek(None, kind, &asked, false).await?;
            at += found.rows.len();
            let Some(next) = &found.next else { return self.only_counted(kind, parameters).await };
            page = bare(next)?;
            place(&marks, at, &page);
        }
        page.extend(counted(count));
        let found = self.search(kind, &page, false).await?;
        self.mark_end(kind, parameters, skip + found.rows.len(), &found)?;
        Ok(found)
    }

    /// Where the end comes before the page.
    async fn only_counted(&self, kind: &str, parameters: &[(String, String)]) -> Result<Found> {
        let asked: Parameters = parameters.iter().cloned().chain(counted(0)).collect();
        self.search(kind, &asked, false).await
    }

    fn mark_end(&self, kind: &str, parameters: &[(String, String)], at: usize, found: &Found) -> Result<()> {
        if let Some(next) = &found.next {
            place(&self.marks(kind, parameters), at, &bare(next)?);
        }
        Ok(())
    }

    /// What another actor finds is another list.
    fn marks(&self, kind: &str, parameters: &[(String, String)]) -> Arc<Mutex<Marks>> {
        let actor = self.actor();
        let login = actor.login.as_deref().unwrap_or_default();
        let question = format!(
            "{} {} {login} {kind} {parameters:?} {}",
            actor.project,
            actor.reference,
            self.narrowed_by()
        );
        self.engine.numbered.of(&question)
    }
}

fn counted(count: usize) -> [(String, String); 2] {
    let total = [("_total", "accurate".to_owned()), ("_count", count.to_string())];
    total.map(|(name, value)| (name.to_owned(), value))
}

/// The parameters of a page without those that say how long it is.
fn bare(link: &str) -> Result<Parameters> {
    let mut page = parameters::parse(link)?;
    page.retain(|(name, _)| !matches!(name.as_str(), "_count" | "_total"));
    Ok(page)
}
