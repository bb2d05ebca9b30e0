//! A query that was understood: fields with all their arguments, fragments and variables in place.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql_parser::Pos;
use serde_json::Value;

use super::schema::{Kinds, Source};
use crate::fhirpath::Expression;

/// Place of a field in a plan.
pub(super) type FieldId = usize;

/// Fields asked of one object, as the query has them.
pub(super) type Selection = Arc<[FieldId]>;

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub fields: Vec<Field>,
    pub root: Selection,
}

/// A field of an object, and all that is asked of what it holds, wherever the query says so.
#[derive(Debug)]
pub(super) struct Group {
    pub field: FieldId,
    pub children: Selection,
}

/// The address of a selection, and the type of resource that it is asked of.
type Place = (usize, Option<Arc<str>>);

/// Selections with the fields of one key and meaning put together
/// (<https://spec.graphql.org/October2021/#sec-Field-Collection>), each made up once.
#[derive(Default)]
pub(super) struct Groups {
    known: HashMap<Place, (Selection, Arc<[Group]>)>,
}

impl Groups {
    /// What is asked of an object, which may be a resource of a type.
    pub fn of(&mut self, plan: &Plan, selection: &Selection, kind: Option<&Arc<str>>) -> Arc<[Group]> {
        // The address is one selection's own for as long as it is kept here.
        let place = (selection.as_ptr().addr(), kind.cloned());
        let known = self.known.entry(place);
        let made = known.or_insert_with(|| (Arc::clone(selection), group(plan, selection, kind)));
        Arc::clone(&made.1)
    }
}

fn group(plan: &Plan, selection: &[FieldId], kind: Option<&Arc<str>>) -> Arc<[Group]> {
    let mut groups: Vec<(FieldId, Vec<FieldId>)> = Vec::new();
    let mut places: HashMap<(&str, &str, &str), usize> = HashMap::new();
    for id in selection {
        let field = &plan.fields[*id];
        let asked = match (&field.kinds, kind) {
            (Some(kinds), Some(kind)) => kinds.contains(kind),
            _ => true,
        };
        if asked {
            let place = *places.entry((&field.key, &field.name, &field.given)).or_insert(groups.len());
            if place == groups.len() {
                groups.push((*id, Vec::new()));
            }
            groups[place].1.extend(field.children.iter());
        }
    }
    let whole = |(field, children): (FieldId, Vec<FieldId>)| Group { field, children: children.into() };
    groups.into_iter().map(whole).collect()
}

#[derive(Debug, Clone)]
pub(super) struct Field {
    /// Its name in the answer.
    pub key: String,
    pub name: String,
    pub at: Pos,
    /// The types of resources that it is asked of; none where it is asked of something else.
    pub kinds: Option<Kinds>,
    pub source: Source,
    pub repeats: bool,
    /// It holds objects.
    pub object: bool,
    /// These are resources: an element may be called `resourceType` elsewhere, too.
    pub resources: bool,
    /// What it is asked of, where that is no resource: the answer to `__typename`.
    pub owner: String,
    /// The type of its values as FHIRPath knows it.
    pub type_path: String,
    pub select: Select,
    pub search: Option<Search>,
    pub follow: Follow,
    /// Of `__type`.
    pub named: Option<String>,
    /// What is known beforehand, as JSON: a part of the schema.
    pub fixed: Option<Arc<str>>,
    pub arrange: Arrange,
    /// Fields of an object; none of a scalar.
    pub children: Selection,
    /// Arguments and directives as given: two fields of one key must not differ in them.
    pub given: String,
}

/// Which elements of a list are shown.
#[derive(Debug, Default, Clone)]
pub(super) struct Select {
    pub properties: Vec<(String, Value)>,
    pub path: Option<Arc<Expression>>,
    pub offset: usize,
    pub count: Option<usize>,
}

/// A read or a search.
#[derive(Debug, Default, Clone)]
pub(super) struct Search {
    /// As a query string has them.
    pub parameters: Vec<(String, String)>,
    /// The id of a read.
    pub id: String,
    /// The parameter that refers to the resource around.
    pub reference: Option<String>,
    /// How many matches at most; all of them where nothing is said.
    pub count: Option<usize>,
    /// Matches before this page.
    pub offset: u64,
    /// The text of it goes into cursors.
    pub path: Option<(String, Arc<Expression>)>,
}

/// How a reference is followed.
#[derive(Debug, Default, Clone)]
pub(super) struct Follow {
    pub optional: bool,
    /// Other types are passed over.
    pub only: Option<Kinds>,
}

/// What the directives of FHIR make of the answer
/// (<https://hl7.org/fhir/R4/graphql.html#flattening>).
#[derive(Debug, Default, Clone)]
pub(super) struct Arrange {
    pub flatten: bool,
    pub first: bool,
    pub singleton: bool,
    pub slice: Option<Arc<Expression>>,
}
