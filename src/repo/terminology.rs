//! Code systems and value sets that searches ask about (<https://hl7.org/fhir/R4/valueset.html#compositions>):
//! those of the definitions, and those that the project or the server holds as resources.

use std::collections::HashSet;

use serde_json::Value;

use super::Repo;
use crate::error::Issue;
use crate::resource;
use crate::search::{self, Clause, Code, Direction, Query, Terminology};
use crate::store::Segment;

/// Value sets that include others, at most so deep.
const DEEPEST: usize = 16;
/// Codes of one expansion: more cannot be asked at once.
const MOST_CODES: usize = 2_000;
/// Concepts of one code system that are looked at.
const MOST_CONCEPTS: usize = 200_000;

impl Terminology for Repo {
    fn expand(&self, value_set: &str) -> Result<Vec<Code>, Issue> {
        let mut codes = HashSet::new();
        self.gather(value_set, DEEPEST, &mut codes)?;
        let mut codes: Vec<Code> = codes.into_iter().collect();
        codes.sort_unstable();
        Ok(codes)
    }

    fn related(&self, system: &str, code: &str, direction: Direction) -> Result<Vec<Code>, Issue> {
        let concepts = self.concepts(system)?;
        let Some(start) = concepts.iter().position(|concept| concept.code == code) else {
            return Err(Issue::error("not-found", format!("the code system {system} has no code '{code}'")));
        };
        let above = |place: usize| std::iter::successors(Some(place), |place| concepts[*place].parent);
        let places: Vec<usize> = match direction {
            Direction::Above => above(start).collect(),
            Direction::Below => {
                (0..concepts.len()).filter(|place| above(*place).any(|one| one == start)).collect()
            }
        };
        Ok(places.into_iter().map(|place| (system.to_owned(), concepts[place].code.clone())).collect())
    }
}

/// A concept of a code system, and the place of the one it is under.
struct Concept {
    code: String,
    parent: Option<usize>,
}

impl Repo {
    fn gather(&self, value_set: &str, depth: usize, codes: &mut HashSet<Code>) -> Result<(), Issue> {
        if depth == 0 {
            return Err(Issue::error("processing", format!("the value set {value_set} includes itself")));
        }
        if let Some(body) = self.held("ValueSet", value_set)? {
            return self.compose(&body, depth, codes);
        }
        let url = value_set.split('|').next().unwrap_or(value_set);
        let Some(defined) = self.definitions.value_sets.get(url) else {
            return Err(Issue::error("not-found", format!("there is no value set {value_set} here")));
        };
        let Some(all) = defined.all() else {
            return Err(Issue::error(
                "too-costly",
                format!("the codes of {value_set} cannot be listed here"),
            ));
        };
        codes.extend(all.into_iter().map(|(system, code)| (system.to_owned(), code.to_owned())));
        within_bounds(value_set, codes)
    }

    fn compose(&self, body: &Value, depth: usize, codes: &mut HashSet<Code>) -> Result<(), Issue> {
        let url = body["url"].as_str().unwrap_or("of this search");
        let list = |place: &Value| place.as_array().cloned().unwrap_or_default();
        let compose = &body["compose"];
        if compose.is_null() {
            listed(&list(&body["expansion"]["contains"]), "", codes);
            return within_bounds(url, codes);
        }
        for include in list(&compose["include"]) {
            codes.extend(self.part(url, &include, depth)?);
            within_bounds(url, codes)?;
        }
        for exclude in list(&compose["exclude"]) {
            for code in self.part(url, &exclude, depth)? {
                codes.remove(&code);
            }
        }
        Ok(())
    }

    /// What one `include` selects: of a system, of other sets, or of both what they have in common.
    fn part(&self, url: &str, include: &Value, depth: usize) -> Result<HashSet<Code>, Issue> {
        let system = include["system"].as_str();
        let mut selected: Option<HashSet<Code>> = match system {
            Some(system) => Some(self.selected(url, system, include)?),
            None => None,
        };
        for other in include["valueSet"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let mut codes = HashSet::new();
            self.gather(other, depth - 1, &mut codes)?;
            selected = Some(match selected {
                Some(selected) => selected.intersection(&codes).cloned().collect(),
                None => codes,
            });
        }
        Ok(selected.unwrap_or_default())
    }

    fn selected(&self, url: &str, system: &str, include: &Value) -> Result<HashSet<Code>, Issue> {
        let mut codes = HashSet::new();
        if let Some(concepts) = include["concept"].as_array() {
            listed(concepts, system, &mut codes);
            return Ok(codes);
        }
        let filters = include["filter"].as_array().map(Vec::as_slice).unwrap_or_default();
        if filters.is_empty() {
            let concepts = self.concepts(system)?;
            codes.extend(concepts.into_iter().map(|concept| (system.to_owned(), concept.code)));
            return Ok(codes);
        }
        for (place, filter) in filters.iter().enumerate() {
            let (op, value) = (filter["op"].as_str(), filter["value"].as_str().unwrap_or_default());
            let mut found: HashSet<Code> = match (filter["property"].as_str(), op) {
                (Some("concept"), Some("is-a" | "descendent-of")) => {
                    self.related(system, value, Direction::Below)?.into_iter().collect()
                }
                _ => {
                    let text = format!("a filter of the value set {url} is not understood here");
                    return Err(Issue::error("not-supported", text));
                }
            };
            if op == Some("descendent-of") {
                found.remove(&(system.to_owned(), value.to_owned()));
            }
            codes = if place == 0 { found } else { codes.intersection(&found).cloned().collect() };
        }
        Ok(codes)
    }

    /// The concepts of a code system, parents first.
    fn concepts(&self, system: &str) -> Result<Vec<Concept>, Issue> {
        let mut concepts = Vec::new();
        if let Some(body) = self.held("CodeSystem", system)? {
            nested(&body["concept"], None, &mut concepts);
        } else if let Some(defined) = self.definitions.code_systems.get(system) {
            let own = defined.iter().map(|(code, parent)| Concept { code: code.clone(), parent: *parent });
            concepts.extend(own);
        } else {
            return Err(Issue::error("not-found", format!("there is no code system {system} here")));
        }
        Ok(concepts)
    }

    /// A resource of the project, or else of the server, by its url or as `Type/id`.
    fn held(&self, kind: &str, name: &str) -> Result<Option<Value>, Issue> {
        let failed = |error: crate::error::Error| {
            let text = format!("{kind} {name} cannot be looked up");
            error.issues.into_iter().next().unwrap_or_else(|| Issue::error("exception", text))
        };
        let Some(number) = self.engine.store.kind(kind) else { return Ok(None) };
        let Some(query) = self.by_name(kind, name) else { return Ok(None) };
        for project in self.shelves(self.actor.project).map_err(failed)? {
            let segments = [Segment { project, only: None }];
            let page = self.engine.store.search(number, &segments, &query).map_err(failed)?;
            if let Some(hit) = page.hits.first() {
                return resource::parse(hit.row.body.as_bytes()).map(Some).map_err(failed);
            }
        }
        Ok(None)
    }

    fn by_name(&self, kind: &str, name: &str) -> Option<Query> {
        let condition = match name.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/')) {
            Some(id) => ("_id".to_owned(), id.to_owned()),
            None => ("url".to_owned(), search::escape(name.split('|').next().unwrap_or(name))),
        };
        let options = self.options(false, None);
        let options = search::Options { terminology: &search::NoTerminology, ..options };
        let query = search::parse(&self.definitions, kind, &[condition], &options).ok()?;
        query.clauses.iter().all(|clause| !matches!(clause, Clause::Missing { .. })).then_some(query)
    }
}

fn nested(list: &Value, parent: Option<usize>, concepts: &mut Vec<Concept>) {
    for concept in list.as_array().into_iter().flatten() {
        let Some(code) = concept["code"].as_str().filter(|_| concepts.len() < MOST_CONCEPTS) else {
            continue;
        };
        concepts.push(Concept { code: code.to_owned(), parent });
        let own = concepts.len() - 1;
        nested(&concept["concept"], Some(own), concepts);
    }
}

fn listed(list: &[Value], system: &str, codes: &mut HashSet<Code>) {
    for concept in list {
        let system = concept["system"].as_str().unwrap_or(system);
        if let (Some(code), false) = (concept["code"].as_str(), concept["abstract"] == true) {
            codes.insert((system.to_owned(), code.to_owned()));
        }
        if let Some(inner) = concept["contains"].as_array() {
            listed(inner, system, codes);
        }
    }
}

fn within_bounds(url: &str, codes: &HashSet<Code>) -> Result<(), Issue> {
    if codes.len() <= MOST_CODES {
        return Ok(());
    }
    let text = format!("the value set {url} has more than {MOST_CODES} codes, too many to be asked at once");
    Err(Issue::error("too-costly", text))
}
