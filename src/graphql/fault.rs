//! An error of a query: what, where in its text, and where in its answer
//! (<https://spec.graphql.org/October2021/#sec-Errors>).

use std::sync::Arc;

use async_graphql_parser::Pos;

use super::limit;
use crate::error::{Error, Issue};

#[derive(Debug, Clone)]
pub struct Fault {
    pub issue: Issue,
    /// Lines and columns, from 1.
    pub locations: Vec<(usize, usize)>,
    /// Keys and indexes of the answer, from its top.
    pub path: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Key(String),
    Index(usize),
}

impl Fault {
    pub(super) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { issue: Issue::error(code, text), locations: Vec::new(), path: Vec::new() }
    }

    pub(super) fn located(mut self, at: Pos) -> Self {
        self.locations.push((at.line, at.column));
        self
    }

    pub(super) fn within(mut self, path: &Path) -> Self {
        self.path = path.steps();
        self
    }
}

/// An error of the repo: each of its issues is an error of the query.
pub(super) fn of(error: &Error) -> Vec<Fault> {
    let faults = error.issues.iter().take(limit::FAULTS).cloned();
    faults.map(|issue| Fault { issue, locations: Vec::new(), path: Vec::new() }).collect()
}

/// A place in the answer, from its end to its top.
#[derive(Debug, Clone, Default)]
pub(super) struct Path(Option<Arc<(Path, Step)>>);

impl Path {
    pub fn key(&self, key: &str) -> Self {
        Self(Some(Arc::new((self.clone(), Step::Key(key.to_owned())))))
    }

    pub fn index(&self, index: usize) -> Self {
        Self(Some(Arc::new((self.clone(), Step::Index(index)))))
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut place = self;
        while let Some(inner) = &place.0 {
            steps.push(inner.1.clone());
            place = &inner.0;
        }
        steps.reverse();
        steps
    }
}
