//! A search over several types at once (<https://hl7.org/fhir/R4/http.html#vsearch>): one question a type,
//! one order and one cursor over all of them.

use std::cell::Cell;

use super::{Language, Options, parse};
use crate::definitions::Definitions;
use crate::error::{Error, Issue, Kind, Result};
use crate::search::link::CURSOR;
use crate::search::{Cursor, Query, Sort, SortKey};

/// The question to each of `kinds` that has a place in it. `_type` narrows them down.
pub fn parse_all(
    definitions: &Definitions,
    kinds: &[String],
    parameters: &[(String, String)],
    options: &Options,
) -> Result<Vec<Query>> {
    let (asked, rest): (Vec<_>, Vec<_>) =
        parameters.iter().cloned().partition(|(name, value)| name == "_type" && !value.is_empty());
    let (cursor, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(name, _)| name == CURSOR);
    let language = Language { definitions, options, now: 0, made: Cell::new(0) };
    let mut chosen: Vec<String> = kinds.to_vec();
    for (_, value) in &asked {
        let mut named = Vec::new();
        for name in value.split(',') {
            let kind = language.served(name).map_err(|issue| refused(issue, "_type"))?;
            if !chosen.contains(&kind.name) {
                let issue = Issue::error("not-supported", format!("{name} cannot be searched here"));
                return Err(refused(issue, "_type"));
            }
            named.push(kind.name.clone());
        }
        chosen.retain(|kind| named.contains(kind));
    }
    let mut queries = Vec::with_capacity(chosen.len());
    for kind in &chosen {
        let mut query = parse(definitions, kind, &rest, options)?;
        if query.sort.is_empty() {
            query.sort.push(Sort { by: SortKey::Id, descending: false });
        }
        query.used.splice(0..0, asked.iter().cloned());
        queries.push(query);
    }
    let orders = |query: &Query| -> Vec<&'static str> {
        let kind = |sort: &Sort| match &sort.by {
            SortKey::Id => "id",
            SortKey::Param(param) => param.kind.code(),
        };
        query.sort.iter().map(kind).collect()
    };
    if queries.windows(2).any(|pair| orders(&pair[0]) != orders(&pair[1])) {
        let text = "these types have nothing in common that they could be sorted by so";
        return Err(refused(Issue::error("not-supported", text), "_sort"));
    }
    if let Some((_, text)) = cursor.first().filter(|(_, text)| !text.is_empty())
        && let Some(whole) = over(queries.iter().cloned())
    {
        let cursor = Cursor::decode(text, &whole)?;
        queries.iter_mut().for_each(|query| query.cursor = Some(cursor.clone()));
    }
    Ok(queries)
}

/// One question, put to each of several types, as one: for links and cursors.
pub fn over(questions: impl Iterator<Item = Query>) -> Option<Query> {
    questions.reduce(|whole, next| Query { resource: [whole.resource, next.resource].join(","), ..whole })
}

fn refused(issue: Issue, place: &str) -> Error {
    Error::new(Kind::Malformed, vec![issue.at(place)])
}
