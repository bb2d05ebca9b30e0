//! A collection: the FHIR type beneath it, what it can be filtered by, and in which orders it can be had. A filter that is
//! not here is refused: one that is passed over returns everybody.

use super::asked::Asked;
use super::cursor;
use crate::error::{Error, Issue, Kind, Result};
use crate::repo::{Found, Repo};
use crate::search::escape;

pub(super) struct Collection {
    pub kind: &'static str,
    pub filters: &'static [(&'static str, Ask)],
    pub sorts: &'static [(&'static str, &'static str)],
    /// The order where none is asked.
    pub order: &'static str,
}

/// How a filter becomes a parameter of a search.
pub(super) enum Ask {
    /// A parameter that is compared as it is.
    Is(&'static str),
    /// A reference to this type.
    To(&'static str, &'static str),
    /// A moment, also after, before, from and until (`[gt]`, `[lt]`, `[gte]`, `[lte]`).
    Moment(&'static str),
    /// A `_filter` made of the value.
    Filter(fn(&str) -> Result<String, &'static str>),
}

/// The brackets of a moment, and the prefix that a search has for them.
const BOUNDS: [(&str, &str); 5] =
    [("", "eq"), ("[gt]", "gt"), ("[gte]", "ge"), ("[lt]", "lt"), ("[lte]", "le")];

impl Collection {
    /// A page of it. There is never a cursor behind an empty page: clients stop there.
    pub async fn page(&self, repo: &Repo, asked: &Asked) -> Result<Found> {
        let mut wanted = self.parameters(asked)?;
        loop {
            let found = repo.search(self.kind, &wanted, false).await?;
            match cursor(&found) {
                Some(next) if found.rows.is_empty() => {
                    wanted.retain(|(name, _)| name != "_cursor");
                    wanted.push(("_cursor".to_owned(), next));
                }
                _ => return Ok(found),
            }
        }
    }

    fn parameters(&self, asked: &Asked) -> Result<Vec<(String, String)>> {
        let mut issues = Vec::new();
        let mut wanted = Vec::new();
        for (name, value) in &asked.filters {
            match self.filter(name, value) {
                Some(Ok(parameter)) => wanted.push(parameter),
                Some(Err(text)) => issues.push(Issue::error("value", text).at(name)),
                None => {
                    let text = format!("this is no filter here; there are {}", self.named());
                    issues.push(Issue::error("not-supported", text).at(name));
                }
            }
        }
        wanted.extend(asked.remote.iter().cloned());
        let order = match &asked.sort {
            None => self.order.to_owned(),
            Some((field, descending)) => match self.sorts.iter().find(|(name, _)| name == field) {
                Some((_, code)) => format!("{}{code}", if *descending { "-" } else { "" }),
                None => {
                    let names: Vec<&str> = self.sorts.iter().map(|(name, _)| *name).collect();
                    let text = format!("there is no such order; there are {}", names.join(", "));
                    issues.push(Issue::error("not-supported", text).at(format!("sort_by[{field}]")));
                    String::new()
                }
            },
        };
        if !issues.is_empty() {
            return Err(Error::new(Kind::Malformed, issues));
        }
        wanted.push(("_sort".to_owned(), order));
        wanted.extend(asked.limit.iter().map(|limit| ("_count".to_owned(), limit.clone())));
        wanted.extend(asked.cursor.iter().map(|cursor| ("_cursor".to_owned(), cursor.clone())));
        Ok(wanted)
    }

    /// Nothing where there is no such filter.
    fn filter(&self, name: &str, value: &str) -> Option<Result<(String, String), &'static str>> {
        let (base, ask) = self.filters.iter().find(|(known, ask)| {
            name == *known || (matches!(ask, Ask::Moment(_)) && name.starts_with(&format!("{known}[")))
        })?;
        if value.is_empty() {
            return Some(Err("there is nothing to compare with"));
        }
        let parameter = |code: &str, value: String| Some(Ok((code.to_owned(), value)));
        match ask {
            Ask::Is(code) => parameter(code, escape(value)),
            Ask::To(code, kind) => parameter(code, format!("{kind}/{}", escape(value))),
            Ask::Moment(code) => {
                let (_, prefix) = BOUNDS.iter().find(|(bound, _)| name[base.len()..] == **bound)?;
                parameter(code, format!("{prefix}{}", escape(value)))
            }
            Ask::Filter(made) => match made(value) {
                Ok(filter) => parameter("_filter", filter),
                Err(text) => Some(Err(text)),
            },
        }
    }

    fn named(&self) -> String {
        match self.filters {
            [] => "none".to_owned(),
            filters => filters.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
        }
    }
}
