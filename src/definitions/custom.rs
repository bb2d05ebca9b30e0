//! Search parameters that are defined at run time, and definitions with such parameters in them
//! (<https://hl7.org/fhir/R4/searchparameter.html>).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};

use super::compile::imply;
use super::{Definitions, Param, ParamKind, ResourceType};
use crate::error::{Error, Issue, Result, conflict, invalid};
use crate::fhirpath::Expression;

/// Bytes of an expression.
const LONGEST: usize = 4_000;
/// Characters of a code.
const LONGEST_CODE: usize = 64;

/// What of a SearchParameter matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomParam {
    pub url: String,
    pub code: String,
    pub base: Vec<String>,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub expression: String,
    #[serde(default)]
    pub target: Vec<String>,
    #[serde(default)]
    pub description: String,
}

/// How many resources a parameter is indexed for, out of how many. Shared with whoever indexes.
#[derive(Debug, Default)]
pub struct Indexing {
    done: AtomicI64,
    total: AtomicI64,
}

impl Indexing {
    pub fn set(&self, done: i64, total: i64) {
        self.total.store(total, Ordering::Relaxed);
        self.done.store(done, Ordering::Relaxed);
    }

    /// Done and total; a negative total is not known yet.
    pub fn get(&self) -> (i64, i64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}

/// Why a parameter that was defined cannot be asked.
#[derive(Debug, Clone)]
pub enum Unready {
    Indexing(Arc<Indexing>),
    Failed,
}

impl Unready {
    /// What is said to whoever asks it: neither the resources found so far nor all of them would be an answer.
    pub fn issue(&self, code: &str) -> Issue {
        match self {
            Self::Indexing(indexing) => {
                let far = match indexing.get() {
                    (_, ..0) => "the resources are still being counted".to_owned(),
                    (done, total) => format!("{done} of {total} resources are done"),
                };
                let text = format!("the search parameter `{code}` is new and still being indexed: {far}");
                Issue::error("incomplete", text)
            }
            // What it failed on may be a resource of others: only its owner is told.
            Self::Failed => {
                let text =
                    format!("the search parameter `{code}` could not be indexed; its $status says why");
                Issue::error("not-supported", text)
            }
        }
    }
}

/// A parameter on its way into definitions: one for each type that it is for.
pub struct Addition {
    pub params: Vec<Arc<Param>>,
    pub standing: Standing,
}

/// Who knows of a parameter.
#[derive(Debug, Clone)]
pub enum Standing {
    /// Everybody.
    Open,
    /// Only those who write.
    Hidden,
    /// Those who write; who asks learns why he cannot, yet.
    Indexing(Arc<Indexing>),
    /// Nobody; who asks learns why.
    Failed,
}

impl Definitions {
    /// The same with more search parameters; shares everything else.
    pub fn with(&self, additions: impl IntoIterator<Item = Addition>) -> Self {
        let mut made = self.clone();
        for addition in additions {
            made.custom = true;
            for param in &addition.params {
                let Some(kind) = made.resources.get_mut(&param.resource) else { continue };
                Arc::make_mut(kind).add(param, &addition);
            }
        }
        made
    }

    /// Compiles a parameter for each type that it is for, with slot 0. Every mistake is one of the caller's.
    pub fn compile_param(&self, custom: &CustomParam) -> Result<Vec<Param>> {
        let place = |element: &str| format!("SearchParameter.{element}");
        if !is_code(&custom.code) {
            let text =
                "a code has letters, digits, `-` and `_`, begins with a letter and is no longer than 64";
            return Err(invalid(text).coded("value").at(place("code")));
        }
        let kind = ParamKind::of(&custom.kind)
            .filter(|kind| !matches!(kind, ParamKind::Composite | ParamKind::Special));
        let Some(kind) = kind else {
            let text = format!("parameters of type {} cannot be defined here", custom.kind);
            return Err(invalid(text).coded("not-supported").at(place("type")));
        };
        let expression = expression(&custom.expression).map_err(|error| error.at(place("expression")))?;
        let open = custom.target.iter().any(|target| target == "Resource");
        let mut params: Vec<Param> = Vec::new();
        for (number, base) in custom.base.iter().enumerate() {
            let types = self.types_of(base).ok_or_else(|| {
                let text = format!("there is no resource type {base} that could be searched here");
                invalid(text).coded("not-found").at(format!("SearchParameter.base[{number}]"))
            })?;
            // A parameter of an abstract type is for those types of it that the expression is about.
            let abstracted = !self.resources.contains_key(base);
            for resource in types {
                if params.iter().any(|param| param.resource == resource.name) {
                    continue;
                }
                let Some(narrowed) = expression.narrowed(&self.types, &resource.name) else {
                    if abstracted {
                        continue;
                    }
                    let text = format!("the expression is about nothing in {}", resource.name);
                    return Err(invalid(text).coded("value").at(place("expression")));
                };
                if resource.params.contains_key(&custom.code) {
                    let text = format!("{} has a search parameter `{}` already", resource.name, custom.code);
                    return Err(conflict(text).coded("duplicate").at(place("code")));
                }
                narrowed.check(&self.types, &resource.name).map_err(|error| {
                    let text = format!("the expression cannot be about {}: {error}", resource.name);
                    invalid(text).coded("value").at(place("expression"))
                })?;
                let mut param = Param {
                    slot: 0,
                    resource: resource.name.clone(),
                    code: custom.code.clone(),
                    url: custom.url.clone(),
                    kind,
                    expression: narrowed,
                    text: custom.expression.clone(),
                    // Of any type.
                    targets: custom.target.iter().filter(|_| !open).cloned().collect(),
                    implied: Vec::new(),
                    truth: false,
                    components: Vec::new(),
                    unique: false,
                    custom: true,
                    description: custom.description.clone(),
                };
                imply(&mut param, &self.table);
                params.push(param);
            }
        }
        if params.is_empty() {
            let text = "the expression is about nothing in any of the types";
            return Err(invalid(text).coded("value").at(place("expression")));
        }
        Ok(params)
    }

    /// The type of this name, or all types that derive from it.
    fn types_of(&self, name: &str) -> Option<Vec<&ResourceType>> {
        if let Some(own) = self.resources.get(name) {
            return own.served.then(|| vec![&**own]);
        }
        let derives = |kind: &ResourceType| {
            std::iter::successors(kind.structure.base.as_deref(), |base| {
                self.structures.get(*base)?.base.as_deref()
            })
            .any(|base| base == name)
        };
        let types = self.resources.values().map(Arc::as_ref).filter(|kind| kind.served && derives(kind));
        Some(types.collect::<Vec<_>>()).filter(|types| !types.is_empty())
    }
}

impl ResourceType {
    /// The parameter of this code that may be asked; an issue where it may not be asked yet.
    pub fn find(&self, code: &str) -> Result<Option<&Arc<Param>>, Issue> {
        match (self.params.get(code), self.unready.get(code)) {
            (None, Some(unready)) => Err(unready.issue(code)),
            (found, _) => Ok(found),
        }
    }

    /// All that its resources are indexed by.
    pub fn indexed(&self) -> impl Iterator<Item = &Arc<Param>> {
        self.params.values().chain(&self.hidden)
    }

    fn add(&mut self, param: &Arc<Param>, addition: &Addition) {
        let (code, param) = (param.code.clone(), Arc::clone(param));
        match &addition.standing {
            Standing::Open => drop(self.params.insert(code, param)),
            Standing::Hidden => self.hidden.push(param),
            Standing::Indexing(indexing) => {
                self.hidden.push(param);
                self.unready.insert(code, Unready::Indexing(Arc::clone(indexing)));
            }
            Standing::Failed => drop(self.unready.insert(code, Unready::Failed)),
        }
    }
}

fn expression(text: &str) -> Result<Expression, Error> {
    if text.trim().is_empty() {
        return Err(invalid("without an expression nothing can be indexed").coded("required"));
    }
    if text.len() > LONGEST {
        return Err(invalid(format!("an expression has no more than {LONGEST} bytes")).coded("too-costly"));
    }
    let expression = Expression::compile(text)
        .map_err(|error| invalid(format!("the expression is no FHIRPath: {error}")).coded("value"))?;
    match expression.depends_on() {
        Some(what) => {
            let text = format!("{what} depends on more than the resource, and cannot be indexed");
            Err(invalid(text).coded("not-supported"))
        }
        None => Ok(expression),
    }
}

fn is_code(code: &str) -> bool {
    code.len() <= LONGEST_CODE
        && code.starts_with(|first: char| first.is_ascii_alphabetic())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
