//! Reads and searches: arguments as the parameters of a search, which is understood before anything is asked
//! of the store (<https://hl7.org/fhir/R4/graphql.html#searching>).

use async_graphql_parser::Pos;

use super::argument::{Given, written};
use super::{Asked, Compiler};
use crate::graphql::cursor::Place;
use crate::graphql::fault;
use crate::graphql::plan::{Field, Search};
use crate::graphql::schema::{Input, SPECIAL, Scope, Source};
use crate::graphql::variables::short;
use crate::search;
use crate::search::link::CURSOR;

impl Compiler<'_> {
    pub(super) fn search(&mut self, given: &[Given], field: &Field, asked: &Asked) -> Option<Search> {
        let (Source::Read(kind) | Source::List(kind) | Source::Connection(kind)) = &field.source else {
            return None;
        };
        if matches!(field.source, Source::Read(_)) {
            let id = given.iter().find(|one| one.input == Input::Id).map(Given::text).unwrap_or_default();
            return Some(Search { id, ..Search::default() });
        }
        if let Some(cursor) = given.iter().find(|one| one.input == Input::Cursor) {
            if given.len() > 1 {
                self.fault("value", "a cursor stands for all other arguments of its search", cursor.at);
            }
            return self.turned(kind, cursor);
        }
        let mut found = Search::default();
        for one in given {
            match &one.input {
                Input::Param(code) => found.parameters.push((code.clone(), self.alternatives(one))),
                Input::Special(code) => found.parameters.push(((*code).to_owned(), one.text())),
                Input::Sort => found.parameters.push(("_sort".to_owned(), self.order(kind, one))),
                Input::FhirPath => {
                    found.path = self.expression(&one.text(), one.at).map(|path| (one.text(), path));
                }
                Input::Count => match one.number() {
                    Some(count) => found.count = Some(count),
                    None => self.fault("value", "`_count` is a whole number from 0", one.at),
                },
                Input::Reference => found.reference = self.referring(kind, asked, one),
                _ => {}
            }
        }
        self.page(&mut found, field);
        self.understand(kind, &found, field.at);
        Some(found)
    }

    /// Any of the values; a comma is part of one.
    fn alternatives(&mut self, given: &Given) -> String {
        let values: Vec<String> = given.values.iter().map(|value| escaped(&written(value))).collect();
        if values.iter().any(String::is_empty) {
            self.fault("value", format!("`{}` has no value", given.name), given.at);
        }
        values.join(",")
    }

    /// Names of parameters are spelled as arguments are, or as they are.
    fn order(&self, kind: &str, given: &Given) -> String {
        let rules = given.values.iter().map(written);
        let rules: Vec<String> = rules
            .flat_map(|rules| rules.split(',').map(str::to_owned).collect::<Vec<_>>())
            .map(|rule| {
                let (sign, name) = rule.strip_prefix('-').map_or(("", rule.as_str()), |name| ("-", name));
                format!("{sign}{}", self.schema.code(kind, name).unwrap_or(name))
            })
            .collect();
        rules.join(",")
    }

    fn referring(&mut self, kind: &str, asked: &Asked, given: &Given) -> Option<String> {
        let Scope::Resource(around) = &asked.scope else { return None };
        let text = given.text();
        let code = self.schema.code(kind, &text).unwrap_or(&text);
        let leads = |to: &str| self.schema.referring(kind, to).any(|param| param.code == code);
        if around.iter().all(|to| leads(to)) {
            return Some(code.to_owned());
        }
        let text =
            format!("{kind} does not refer to {} by '{}'", self.schema.name(&asked.scope), short(&text));
        self.fault("value", text, given.at);
        None
    }

    /// A list is whole, or refused; a page may have as many as the server gives.
    fn page(&mut self, found: &mut Search, field: &Field) {
        let most = self.options.max_count;
        let count = match (&field.source, found.count) {
            (Source::List(_), None) => most,
            (Source::List(_), Some(count)) if count > most => {
                let text = format!("a list has no more than {most} matches: page by a connection");
                self.fault("too-costly", text, field.at);
                most
            }
            (_, None) => return,
            (_, Some(count)) => count,
        };
        found.parameters.push(("_count".to_owned(), count.to_string()));
    }

    fn turned(&mut self, kind: &str, cursor: &Given) -> Option<Search> {
        let offered = |name: &str| {
            let params = self.schema.definitions.resources.get(kind).map(|one| &one.params);
            matches!(name, "_sort" | "_count" | CURSOR)
                || SPECIAL.iter().any(|(code, ..)| *code == name)
                || params.is_some_and(|all| all.contains_key(name))
        };
        let place = Place::decode(&cursor.text());
        let place = place
            .filter(|place| place.kind == kind && place.parameters.iter().all(|(name, _)| offered(name)));
        let Some(place) = place else {
            self.fault("value", "this is no cursor of such a search", cursor.at);
            return None;
        };
        let path = place.path.and_then(|text| self.expression(&text, cursor.at).map(|path| (text, path)));
        let found = Search { parameters: place.parameters, offset: place.offset, path, ..Search::default() };
        self.understand(kind, &found, cursor.at);
        Some(found)
    }

    /// Every reason why a search is none is told before anything is read.
    fn understand(&mut self, kind: &str, found: &Search, at: Pos) {
        if let Err(error) = search::parse(self.schema.definitions, kind, &found.parameters, self.options) {
            self.faults.extend(fault::of(&error).into_iter().map(|fault| fault.located(at)));
        }
    }
}

/// With a backslash before each comma that has none.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut after = false;
    for char in value.chars() {
        if char == ',' && !after {
            text.push('\\');
        }
        after = char == '\\' && !after;
        text.push(char);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_comma_is_escaped_once() {
        for (value, expected) in
            [("a", "a"), ("a,b", r"a\,b"), (r"a\,b", r"a\,b"), (r"a\\,b", r"a\\\,b"), (",", r"\,")]
        {
            assert_eq!(escaped(value), expected, "{value}");
        }
    }
}
