//! What a search found, as a list or as a page with links to others
//! (<https://hl7.org/fhir/R4/graphql.html#searching>).

use std::sync::Arc;

use serde_json::Value;

use super::held::{Ask, Entry, Held, Item, Out, Want};
use super::path_expression::Element;
use super::walk::{At, Walk};
use crate::graphql::cursor::Place;
use crate::graphql::fault::{Fault, Path};
use crate::graphql::plan::{Search, Selection};
use crate::graphql::schema::Source;
use crate::repo::Found;
use crate::resource;

impl Walk {
    pub(super) fn found(&mut self, found: &Found, want: &Want) -> Held {
        let plan = Arc::clone(&self.plan);
        let field = &plan.fields[want.field];
        let nothing = Search::default();
        let search = field.search.as_ref().unwrap_or(&nothing);
        let is_list = matches!(field.source, Source::List(_));
        if is_list && search.count.is_none() && found.next.is_some() {
            let text = "there are too many matches for a list: give `_count`, or page by a connection";
            self.tell(Fault::new("too-costly", text).located(field.at).within(&want.path));
            return Held::Absent;
        }
        let Some(matches) = self.matches(found, want, search) else { return Held::Absent };
        if !is_list {
            return Held::One(Item::plain(Out::Object(self.connection(found, &matches, want, search))));
        }
        let most = if field.arrange.first { 1 } else { usize::MAX };
        let mut items = Vec::new();
        for (index, value) in matches.iter().take(most).enumerate() {
            items.push(self.whole(value, index, want.field, &want.children, &want.path.index(index)));
            if self.budget.is_over() {
                break;
            }
        }
        Held::Many(items)
    }

    /// The resources of a page that an expression holds of, if one is given.
    fn matches(&mut self, found: &Found, want: &Want, search: &Search) -> Option<Vec<Value>> {
        let plan = Arc::clone(&self.plan);
        let field = &plan.fields[want.field];
        let mut matches = Vec::with_capacity(found.rows.len());
        for (index, row) in found.rows.iter().enumerate() {
            if !self.budget.loaded(row.body.len()) {
                return None;
            }
            let value = match resource::parse(row.body.as_bytes()) {
                Ok(value) => value,
                Err(error) => {
                    self.refuse(error);
                    return None;
                }
            };
            let shown = search.path.as_ref().is_none_or(|(_, expression)| {
                let at = At { value: &value, kind: None, resource: &value, root: &value };
                self.holds(expression, Element { value: &value, index }, field, &at, &want.path)
            });
            if shown {
                matches.push(value);
            }
        }
        Some(matches)
    }

    fn connection(&mut self, found: &Found, matches: &[Value], want: &Want, search: &Search) -> Vec<Entry> {
        let place = Place {
            kind: found.query.resource.clone(),
            parameters: match &want.ask {
                Ask::Search { parameters, .. } => parameters.clone(),
                Ask::Read { .. } => Vec::new(),
            },
            offset: search.offset,
            path: search.path.as_ref().map(|(text, _)| text.clone()),
        };
        let size = u64::try_from(found.query.count).unwrap_or(u64::MAX);
        let shown = u64::try_from(found.rows.len()).unwrap_or(u64::MAX);
        let after = search.offset.saturating_add(shown);
        let moved = |link: &Option<String>, offset| link.as_ref().and_then(|link| place.moved(link, offset));
        let text = |place: Option<Place>| place.map_or(Value::Null, |place| Value::from(place.encode()));
        let plan = Arc::clone(&self.plan);
        let groups = self.groups.of(&plan, &want.children, None);
        let mut entries = Vec::new();
        for group in groups.iter() {
            let field = &plan.fields[group.field];
            let value = match field.name.as_str() {
                "__typename" => Value::from(field.owner.as_str()),
                "count" => found.total.map_or(Value::Null, Value::from),
                "offset" => Value::from(search.offset),
                "pagesize" | "pageSize" => Value::from(size),
                "first" => text(Some(place.first())),
                "next" => text(moved(&found.next, after)),
                "previous" => text(moved(&found.previous, search.offset.saturating_sub(size))),
                "edges" => {
                    let path = want.path.key(&field.key);
                    let most = if field.arrange.first { 1 } else { usize::MAX };
                    let all = matches.iter().take(most).enumerate();
                    let edges = all.map(|(index, value)| {
                        Item::plain(Out::Object(self.edge(value, index, &group.children, &path.index(index))))
                    });
                    entries.push(Entry { field: group.field, held: Held::Many(edges.collect()) });
                    continue;
                }
                _ => Value::Null,
            };
            self.budget.value(value.as_str().map_or(8, str::len));
            entries.push(Entry { field: group.field, held: Held::One(Item::plain(Out::Value(value))) });
        }
        entries
    }

    fn edge(&mut self, value: &Value, index: usize, selection: &Selection, path: &Path) -> Vec<Entry> {
        let plan = Arc::clone(&self.plan);
        let groups = self.groups.of(&plan, selection, None);
        let mut entries = Vec::new();
        for group in groups.iter() {
            if self.budget.is_over() {
                break;
            }
            let field = &plan.fields[group.field];
            let item = match field.name.as_str() {
                "__typename" => Item::plain(Out::Value(Value::from(field.owner.as_str()))),
                "mode" => Item::plain(Out::Value(Value::from("match"))),
                "resource" => self.whole(value, index, group.field, &group.children, &path.key(&field.key)),
                _ => Item::plain(Out::Value(Value::Null)),
            };
            entries.push(Entry { field: group.field, held: Held::One(item) });
        }
        entries
    }
}
