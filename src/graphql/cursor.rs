//! The place of a page of a connection: the whole search with it, as a cursor is given alone
//! (<https://hl7.org/fhir/R4/graphql.html#searching>). It grants nothing: what it asks is asked anew.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::limit;
use crate::search::link::CURSOR;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub kind: String,
    /// As a query string has them, with the cursor of the search.
    pub parameters: Vec<(String, String)>,
    /// Matches before it.
    pub offset: u64,
    pub path: Option<String>,
}

impl Place {
    pub fn encode(&self) -> String {
        let parts = json!([self.kind, self.parameters, self.offset, self.path]);
        URL_SAFE_NO_PAD.encode(parts.to_string())
    }

    pub fn decode(text: &str) -> Option<Self> {
        // A third longer than what it holds.
        if text.len() > 2 * limit::TEXT {
            return None;
        }
        let parts: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let [kind, parameters, offset, path] = parts.as_array()?.as_slice() else { return None };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let pair = |pair: &Value| Some((text(pair.get(0)?)?, text(pair.get(1)?)?));
        Some(Self {
            kind: text(kind)?,
            parameters: parameters.as_array()?.iter().map(pair).collect::<Option<_>>()?,
            offset: offset.as_u64()?,
            path: if path.is_null() { None } else { Some(text(path)?) },
        })
    }

    /// Its first page.
    pub fn first(&self) -> Self {
        let mut first = Self { offset: 0, ..self.clone() };
        first.parameters.retain(|(name, _)| name != CURSOR);
        first
    }

    /// The same search at another place, by the query string of a link to it.
    pub fn moved(&self, link: &str, offset: u64) -> Option<Self> {
        let mut link = crate::search::parameters::parse(link).ok()?;
        let cursor = link.iter().rposition(|(name, _)| name == CURSOR)?;
        let mut moved = Self { offset, ..self.first() };
        moved.parameters.push(link.swap_remove(cursor));
        Some(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_any_other_text_is_refused() {
        let place = Place {
            kind: "Patient".to_owned(),
            parameters: vec![("name".to_owned(), "a,b".to_owned())],
            offset: 20,
            path: Some("active".to_owned()),
        };
        assert_eq!(Place::decode(&place.encode()), Some(place));
        for text in ["", "x", "W10", "WzEsMl0", "💥", &"A".repeat(200_000)] {
            assert_eq!(Place::decode(text), None);
        }
    }
}
