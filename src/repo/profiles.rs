//! The profiles that a project knows: its own, those of the server's project, and those that came with the
//! definitions (<https://hl7.org/fhir/R4/profiling.html#resource>).
//!
//! They are found by their url when something claims them, made ready once, and remembered until a
//! StructureDefinition is written; where other nodes write too, for a second.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Repo;
use crate::definitions::{Definitions, ProfileTree, Rule, compile_profile};
use crate::error::{Issue, Result};
use crate::resource::{self, Known, Profiles};
use crate::search::{self, Options};
use crate::store::Segment;

const FRESH: Duration = Duration::from_secs(1);
/// Urls that are remembered, also of profiles that there are not.
const REMEMBERED: usize = 2000;
/// Versions of one profile that are looked at.
const VERSIONS: usize = 100;

#[derive(Default)]
pub(super) struct Shelf(RwLock<Held>);

#[derive(Default)]
struct Held {
    /// Raised with every change, so that what was read before it is not kept.
    epoch: u64,
    known: HashMap<(i32, String), Entry>,
}

struct Entry {
    known: Known,
    at: Instant,
    /// Where the definitions are that it was made with.
    definitions: usize,
}

impl Shelf {
    /// To be told of every write.
    pub fn written(&self, kind: &str) {
        if kind == "StructureDefinition" {
            let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
            held.epoch += 1;
            held.known.clear();
        }
    }
}

/// What a project can reach.
struct Reach<'r> {
    repo: &'r Repo,
    project: i32,
}

impl Repo {
    /// Adds what is wrong with a resource of a project by the profiles that it claims, and by those that are
    /// `asked` besides, to what is wrong with it anyway.
    pub(super) fn conform(&self, project: i32, body: &Value, asked: &[String], issues: &mut Vec<Issue>) {
        let reach = Reach { repo: self, project };
        let mut more = resource::conform(&self.definitions, &reach, body, asked);
        // A profile repeats what its type says.
        more.retain(|issue| {
            issues.iter().all(|known| {
                known.expression != issue.expression
                    || known.code != issue.code
                    || (issue.code == "invariant" && known.text != issue.text)
            })
        });
        issues.extend(more);
    }
}

impl Profiles for Reach<'_> {
    fn profile(&self, url: &str) -> Known {
        let engine = &self.repo.engine;
        let definitions = Arc::as_ptr(&self.repo.definitions) as usize;
        let (shelf, key) = (&engine.profiles.0, (self.project, url.to_owned()));
        let shared = !engine.store.reads_inline();
        let epoch = {
            let held = shelf.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(entry) = held.known.get(&key)
                && entry.definitions == definitions
                && (!shared || entry.at.elapsed() < FRESH)
            {
                return entry.known.clone();
            }
            held.epoch
        };
        let known = match self.find(url) {
            Ok(known) => known,
            // Not to be remembered.
            Err(error) => return Known::Unusable(format!("the profile {url} cannot be read: {error}")),
        };
        let mut held = shelf.write().unwrap_or_else(PoisonError::into_inner);
        if held.known.len() >= REMEMBERED {
            held.known.clear();
        }
        if held.epoch == epoch {
            held.known.insert(key, Entry { known: known.clone(), at: Instant::now(), definitions });
        }
        known
    }
}

impl Reach<'_> {
    fn find(&self, url: &str) -> Result<Known> {
        let definitions = &self.repo.definitions;
        if let Some(of) = type_of(definitions, url) {
            let root = Rule { name: of.clone(), ..Rule::default() };
            return Ok(Known::Tree(Arc::new(ProfileTree { url: url.to_owned(), of, root })));
        }
        let Some(source) = self.source(url)? else { return Ok(Known::Unknown) };
        let sources = |url: &str| self.source(url).ok().flatten();
        Ok(match compile_profile(definitions, &source, &sources) {
            Ok(tree) => Known::Tree(Arc::new(tree)),
            Err(error) => Known::Unusable(error.to_string()),
        })
    }

    /// The definition of a profile: the nearest one, of that the version that is named, or the latest.
    fn source(&self, url: &str) -> Result<Option<Value>> {
        for project in self.repo.shelves(self.project)? {
            if let Some(found) = self.stored(project, url)? {
                return Ok(Some(found));
            }
        }
        let (plain, version) = url.split_once('|').map_or((url, None), |(url, version)| (url, Some(version)));
        let Some(profile) = self.repo.definitions.profiles.get(plain) else { return Ok(None) };
        let body: Value = resource::parse(profile.text.as_bytes())?;
        Ok(Some(body).filter(|body| version.is_none() || body["version"].as_str() == version))
    }

    fn stored(&self, project: i32, url: &str) -> Result<Option<Value>> {
        let (plain, version) = url.split_once('|').map_or((url, None), |(url, version)| (url, Some(version)));
        let engine = &self.repo.engine;
        let options =
            Options { max_count: VERSIONS, default_count: VERSIONS, ..self.repo.options(false, None) };
        let asked = [("url".to_owned(), search::escape(plain))];
        let kind = "StructureDefinition";
        let query = search::parse(&self.repo.definitions, kind, &asked, &options)?;
        let page = engine.store.search(engine.kind(kind)?, &[Segment { project, only: None }], &query)?;
        let mut latest: Option<(_, Value)> = None;
        for hit in page.hits {
            let body: Value = resource::parse(hit.row.body.as_bytes())?;
            let own = body["version"].as_str();
            if version.is_some() && own != version {
                continue;
            }
            let numbers: Vec<u64> =
                own.unwrap_or_default().split('.').map(|part| part.parse().unwrap_or(0)).collect();
            let rank = (body["status"] == "active", numbers, hit.row.updated);
            if latest.as_ref().is_none_or(|(best, _)| rank > *best) {
                latest = Some((rank, body));
            }
        }
        Ok(latest.map(|(_, body)| body))
    }
}

/// The type whose definition has this url: to claim that is to claim nothing further.
fn type_of(definitions: &Definitions, url: &str) -> Option<String> {
    let plain = url.split('|').next().unwrap_or(url);
    let name = plain.rsplit('/').next()?;
    definitions.structures.get(name).filter(|structure| structure.url == plain).map(|one| one.name.clone())
}
