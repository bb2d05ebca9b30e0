//! Value sets to look-up tables.
//!
//! Implements <https://hl7.org/fhir/R4/valueset.html#compositions>. Filters are not evaluated: what they
//! would select from is taken whole, so that nothing valid is refused.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::read::{CodeSystemFile, Concept, Include, Read, ValueSetFile};
use super::super::{Hierarchy, Syntax, ValueSet};
use super::{mistake, ours, unversioned};
use crate::error::Result;

/// The extension that names a syntax.
const SYNTAX: &str = "syntax";
/// Value sets that include each other in a circle end here.
const DEPTH: usize = 16;

pub(super) struct Sets<'a> {
    files: Vec<Read<'a, ValueSetFile<'a>>>,
    by_url: HashMap<String, usize>,
    systems: HashMap<&'a str, &'a CodeSystemFile<'a>>,
    done: HashMap<String, Arc<ValueSet>>,
}

impl<'a> Sets<'a> {
    pub(super) fn new(
        files: Vec<Read<'a, ValueSetFile<'a>>>,
        systems: &'a [Read<'a, CodeSystemFile<'a>>],
    ) -> Self {
        let by_url =
            files.iter().enumerate().map(|(place, read)| (read.body.url.to_string(), place)).collect();
        let whole =
            |read: &&'a Read<'a, CodeSystemFile<'a>>| read.body.content.as_deref() == Some("complete");
        let named =
            |read: &'a Read<'a, CodeSystemFile<'a>>| read.body.url.as_deref().map(|url| (url, &read.body));
        let systems = systems.iter().filter(whole).filter_map(named).collect();
        Self { files, by_url, systems, done: HashMap::new() }
    }

    /// The set that a binding points to, if it is defined.
    pub(super) fn get(&mut self, url: &str) -> Result<Option<Arc<ValueSet>>> {
        let url = unversioned(url);
        if let Some(set) = self.done.get(url) {
            return Ok(Some(set.clone()));
        }
        let Some(&place) = self.by_url.get(url) else { return Ok(None) };
        let read = &self.files[place];
        let mut set =
            ValueSet { url: url.to_owned(), name: read.body.name.to_string(), ..ValueSet::default() };
        if let Some(extension) = ours(&read.body.extension, SYNTAX) {
            let code = extension.value_code.as_deref().unwrap_or_default();
            let syntax = Syntax::of(code)
                .ok_or_else(|| mistake(read.file, url, format_args!("there is no syntax '{code}'")))?;
            set.syntax = Some(syntax);
        }
        self.fill(&mut set, read, DEPTH)?;
        let set = Arc::new(set);
        self.done.insert(url.to_owned(), set.clone());
        Ok(Some(set))
    }

    /// Whether any value set of the same publisher is defined. If none is, a binding to one of theirs is no
    /// mistake: the standard's own definitions bind to sets that cannot be had (LOINC answer lists).
    pub(super) fn knows_authority(&self, url: &str) -> bool {
        self.by_url.keys().any(|other| authority(other) == authority(url))
    }

    /// Compiles those that nothing is bound to as well, and hands over all.
    pub(super) fn all(mut self) -> Result<HashMap<String, Arc<ValueSet>>> {
        let urls: Vec<String> = self.by_url.keys().cloned().collect();
        for url in urls {
            self.get(&url)?;
        }
        Ok(self.done)
    }

    fn fill(&self, set: &mut ValueSet, read: &Read<'a, ValueSetFile<'a>>, depth: usize) -> Result<()> {
        if let Some(compose) = &read.body.compose {
            for include in &compose.include {
                self.include(set, read, include, depth)?;
            }
            let excluded = compose.exclude.iter().flat_map(|exclude| &exclude.concept);
            for code in excluded.filter_map(|concept| concept.code.as_deref()) {
                set.codes.remove(code);
            }
        } else if let Some(expansion) = &read.body.expansion {
            add(set, None, &expansion.contains);
        }
        Ok(())
    }

    fn include(
        &self,
        set: &mut ValueSet,
        read: &Read<'a, ValueSetFile<'a>>,
        include: &Include<'a>,
        depth: usize,
    ) -> Result<()> {
        for url in &include.value_set {
            let other = self.by_url.get(unversioned(url)).map(|place| &self.files[*place]);
            match other {
                Some(other) if depth > 0 => self.fill(set, other, depth - 1)?,
                Some(_) => {
                    return Err(mistake(
                        read.file,
                        &set.url,
                        format_args!("it includes itself by way of {url}"),
                    ));
                }
                None => set.open.push(url.to_string()),
            }
        }
        let Some(system) = include.system.as_deref() else { return Ok(()) };
        if !include.concept.is_empty() {
            add(set, Some(system), &include.concept);
        } else if let Some(whole) = self.systems.get(system) {
            add(set, Some(system), &whole.concept);
        } else {
            set.open.push(system.to_owned());
        }
        Ok(())
    }
}

/// The concepts of each system that is complete, by its url.
pub(super) fn hierarchies(systems: &[Read<'_, CodeSystemFile<'_>>]) -> HashMap<String, Hierarchy> {
    let mut all = HashMap::new();
    for read in systems.iter().filter(|read| read.body.content.as_deref() == Some("complete")) {
        if let Some(url) = &read.body.url {
            let mut concepts = Hierarchy::new();
            nested(&read.body.concept, None, &mut concepts);
            all.insert(url.to_string(), concepts);
        }
    }
    all
}

fn nested(list: &[Concept<'_>], parent: Option<usize>, concepts: &mut Hierarchy) {
    for concept in list {
        if let Some(code) = &concept.code {
            concepts.push((code.to_string(), parent));
            let own = concepts.len() - 1;
            nested(&concept.concept, Some(own), concepts);
        }
    }
}

/// Scheme and host, or the name space of a urn.
fn authority(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '|']).map_or(url.len(), |at| start + at);
    &url[..end]
}

fn add(set: &mut ValueSet, system: Option<&str>, concepts: &[Concept<'_>]) {
    for concept in concepts {
        let system = concept.system.as_deref().or(system);
        if let (Some(code), false) = (concept.code.as_deref(), concept.is_abstract) {
            let systems = set.codes.entry(code.to_owned()).or_default();
            systems.extend(system.map(str::to_owned));
        }
        add(set, system, &concept.concept);
    }
}
