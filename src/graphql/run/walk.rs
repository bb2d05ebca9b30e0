//! The walk over resources that were read: from JSON to what each field holds.

use std::sync::Arc;

use serde_json::Value;

use super::budget::Budget;
use super::held::{Ask, Entry, Held, Item, Out, Want};
use super::path_expression::Element;
use super::too_costly;
use crate::error::Error;
use crate::graphql::Refusal;
use crate::graphql::fault::{self, Fault, Path};
use crate::graphql::limit;
use crate::graphql::plan::{Field, FieldId, Group, Groups, Plan, Selection};
use crate::graphql::schema::Source;
use crate::repo::Repo;
use crate::resource;
use crate::store::Row;

pub(super) struct Walk {
    pub repo: Arc<Repo>,
    pub plan: Arc<Plan>,
    pub groups: Groups,
    pub root: Vec<Entry>,
    /// What was fetched, for those who wait for it.
    pub slots: Vec<Held>,
    pub wants: Vec<Want>,
    pub faults: Vec<Fault>,
    pub budget: Budget,
    /// Why it cannot go on.
    pub refusal: Option<Refusal>,
}

/// A place in a resource.
#[derive(Clone)]
pub(super) struct At<'v> {
    pub value: &'v Value,
    /// The type, where it is a resource.
    pub kind: Option<Arc<str>>,
    /// The resource that it is in, and the one that this is contained in, if any.
    pub resource: &'v Value,
    pub root: &'v Value,
}

impl<'v> At<'v> {
    pub fn resource(value: &'v Value) -> Self {
        Self { value, kind: kind(value), resource: value, root: value }
    }

    pub fn is_contained(&self) -> bool {
        !std::ptr::eq(self.resource, self.root)
    }
}

static NOTHING: Value = Value::Null;

pub(super) fn kind(value: &Value) -> Option<Arc<str>> {
    value.get("resourceType").and_then(Value::as_str).map(Arc::from)
}

impl Walk {
    pub fn new(repo: Repo, plan: Arc<Plan>) -> Self {
        Self {
            repo: Arc::new(repo),
            plan,
            groups: Groups::default(),
            root: Vec::new(),
            slots: Vec::new(),
            wants: Vec::new(),
            faults: Vec::new(),
            budget: Budget::default(),
            refusal: None,
        }
    }

    pub fn start(mut self, row: Option<Arc<Row>>) -> Self {
        let value = match row.map(|row| resource::parse(row.body.as_bytes())).transpose() {
            Ok(value) => value.unwrap_or_default(),
            Err(error) => {
                self.refuse(error);
                return self;
            }
        };
        let selection = Arc::clone(&self.plan.root);
        self.root = self.object(&selection, &At::resource(&value), &Path::default());
        self.settle()
    }

    pub(super) fn settle(mut self) -> Self {
        if let (None, Some(text)) = (&self.refusal, self.budget.over.take()) {
            self.refusal = Some(too_costly(text));
        }
        self
    }

    /// Adds an error, unless there are enough to make the point.
    pub(super) fn tell(&mut self, fault: Fault) {
        if self.faults.len() < limit::FAULTS {
            self.faults.push(fault);
        }
    }

    pub(super) fn refuse(&mut self, error: Error) {
        let kind = error.kind;
        self.refusal.get_or_insert_with(|| Refusal { kind, faults: fault::of(&error) });
    }

    /// A resource as an item of a field.
    pub(super) fn whole(
        &mut self,
        value: &Value,
        index: usize,
        field: FieldId,
        children: &Selection,
        path: &Path,
    ) -> Item {
        let plan = Arc::clone(&self.plan);
        let at = At::resource(value);
        let suffix = self.suffix(Element { value, index }, &plan.fields[field], &at, path);
        Item { suffix, out: Out::Object(self.object(children, &at, path)) }
    }

    pub(super) fn object(&mut self, selection: &Selection, at: &At<'_>, path: &Path) -> Vec<Entry> {
        let plan = Arc::clone(&self.plan);
        let groups = self.groups.of(&plan, selection, at.kind.as_ref());
        let mut entries = Vec::with_capacity(groups.len());
        for group in groups.iter() {
            let field = &plan.fields[group.field];
            if self.refusal.is_some() || !self.budget.value(field.key.len()) {
                break;
            }
            let path = path.key(&field.key);
            let held = match &field.source {
                Source::TypeName => {
                    let name = at.kind.as_deref().unwrap_or(&field.owner);
                    Held::One(Item::plain(Out::Value(Value::from(name))))
                }
                Source::Property { .. } => self.property(field, group, at, &path),
                Source::Follow => self.follow(field, group, at, &path),
                Source::Read(kind) => {
                    let id = field.search.as_ref().map(|search| search.id.clone()).unwrap_or_default();
                    self.want(group, path, Ask::Read { kind: kind.to_string(), id, version: None })
                }
                Source::List(kind) | Source::Connection(kind) => self.search(kind, field, group, at, path),
                // It is put in its place when all is written out.
                Source::Part => Held::Absent,
            };
            entries.push(Entry { field: group.field, held });
        }
        entries
    }

    fn property(&mut self, field: &Field, group: &Group, at: &At<'_>, path: &Path) -> Held {
        let value = at.value.get(&field.name).unwrap_or(&NOTHING);
        match value {
            Value::Null => Held::Absent,
            Value::Array(list) => {
                let mut items = Vec::new();
                for (place, element) in self.selected(field, list, at, path).into_iter().enumerate() {
                    items.push(self.element(element, field, group, at, &path.index(place)));
                    if self.budget.is_over() {
                        break;
                    }
                }
                Held::Many(items)
            }
            value => Held::One(self.element(Element { value, index: 0 }, field, group, at, path)),
        }
    }

    fn element(
        &mut self,
        element: Element<'_>,
        field: &Field,
        group: &Group,
        at: &At<'_>,
        path: &Path,
    ) -> Item {
        let suffix = self.suffix(element, field, at, path);
        let value = element.value;
        let out = if field.object && value.is_object() {
            let inner = match kind(value).filter(|_| field.resources) {
                Some(kind) => At { value, kind: Some(kind), resource: value, root: at.root },
                None => At { value, kind: None, ..at.clone() },
            };
            Out::Object(self.object(&group.children, &inner, path))
        } else {
            self.budget.value(value.as_str().map_or(8, str::len));
            Out::Value(value.clone())
        };
        Item { suffix, out }
    }
}
