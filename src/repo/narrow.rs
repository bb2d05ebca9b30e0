//! A repo whose searches of one type have further conditions, for protocols with a language of their own for them
//! (<https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2>). It looks at what is the project's own, and at no guests.

use std::sync::Arc;

use super::Repo;
use crate::search::{Clause, Query};

#[derive(Debug)]
pub(super) struct Narrow {
    kind: String,
    clauses: Vec<Clause>,
    /// What the conditions say, to tell one such list from another.
    text: String,
}

impl Repo {
    /// The same, where searches of this type find only what also meets these conditions. `text` is all that they say.
    pub fn narrowed(&self, kind: &str, clauses: Vec<Clause>, text: &str) -> Self {
        let narrow = Narrow { kind: kind.to_owned(), clauses, text: text.to_owned() };
        Self { narrow: Some(Arc::new(narrow)), ..self.clone() }
    }

    pub(super) fn narrow(&self, query: &mut Query) {
        if let Some(narrow) = self.narrow.as_ref().filter(|narrow| narrow.kind == query.resource) {
            query.clauses.extend(narrow.clauses.iter().cloned());
        }
    }

    /// Whether a search of this type looks at the actor's own project only.
    pub(super) fn stays_home(&self, kind: &str) -> bool {
        self.narrow.as_ref().is_some_and(|narrow| narrow.kind == kind)
    }

    pub(super) fn narrowed_by(&self) -> &str {
        self.narrow.as_ref().map_or("", |narrow| narrow.text.as_str())
    }
}
