//! The walk over resources that were read: from JSON to what each field holds.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::budget::Budget;
use super::fetch::Answer;
use super::held::{Ask, Entry, Held, Item, Out, Want};
use super::path_expression::Element;
use super::reference::Reference;
use super::too_costly;
use crate::error::{Error, Kind, Result};
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
    fn resource(value: &'v Value) -> Self {
        Self { value, kind: kind(value), resource: value, root: value }
    }

    fn is_contained(&self) -> bool {
        !std::ptr::eq(self.resource, self.root)
    }
}

static NOTHING: Value = Value::Null;

fn kind(value: &Value) -> Option<Arc<str>> {
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

    pub fn go_on(mut self, answers: Vec<Answer>) -> Self {
        for answer in answers {
            match answer {
                Answer::Read(body, wants) => self.read(body, wants),
                Answer::Search(found, want) => {
                    let held = match found {
                        Ok(found) => self.found(&found, &want),
                        Err(error) => self.failed(&error, &want),
                    };
                    self.slots[want.slot] = held;
                }
            }
        }
        self.settle()
    }

    /// Counts what is about to be fetched; a resource counts once however many refer to it.
    pub fn afford(&mut self, wants: &[Want]) -> Option<Refusal> {
        let mut seen = HashSet::new();
        for want in wants {
            match &want.ask {
                Ask::Read { .. } if !seen.insert(&want.ask) => true,
                Ask::Read { .. } => self.budget.read(),
                Ask::Search { .. } => self.budget.search(),
            };
        }
        self.budget.over.take().map(too_costly)
    }

    fn settle(mut self) -> Self {
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

    fn read(&mut self, body: Result<Arc<str>>, wants: Vec<Want>) {
        let value = body.and_then(|body| {
            self.budget.loaded(body.len());
            resource::parse(body.as_bytes())
        });
        for want in wants {
            self.slots[want.slot] = match &value {
                Ok(value) => Held::One(self.whole(value, 0, want.field, &want.children, &want.path)),
                Err(error) => self.failed(error, &want),
            };
        }
    }

    /// What was not to be had: an error of its field, or of everything.
    fn failed(&mut self, error: &Error, want: &Want) -> Held {
        let field = &self.plan.fields[want.field];
        let is_hidden = matches!(error.kind, Kind::NotFound | Kind::Deleted | Kind::Forbidden);
        let faults = fault::of(error);
        if matches!(error.kind, Kind::Fault | Kind::Busy) {
            self.refusal.get_or_insert(Refusal { kind: error.kind, faults });
        } else if !(is_hidden && field.follow.optional) {
            let at = field.at;
            faults.into_iter().for_each(|fault| self.tell(fault.located(at).within(&want.path)));
        }
        Held::Absent
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
                Source::Part => match &field.fixed {
                    Some(value) => Held::One(Item::plain(Out::Value(value.clone()))),
                    None => Held::Absent,
                },
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
            let inner = match kind(value) {
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

    fn follow(&mut self, field: &Field, group: &Group, at: &At<'_>, path: &Path) -> Held {
        let text = at.value.get("reference").and_then(Value::as_str).unwrap_or_default();
        let repo = Arc::clone(&self.repo);
        let is_wanted =
            |kind: &str| field.follow.only.as_ref().is_none_or(|only| only.iter().any(|one| **one == *kind));
        match Reference::of(text, &repo.engine().base_url) {
            Reference::Contained(id) => {
                let all = at.root.get("contained").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                let found = all.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(id));
                let found = if id.is_empty() { Some(at.root) } else { found };
                let found = found.and_then(|value| Some((value, kind(value)?)));
                match found {
                    Some((value, kind)) if is_wanted(&kind) => {
                        let inner = At { value, kind: Some(kind), resource: value, root: at.root };
                        let suffix = self.suffix(Element { value, index: 0 }, field, &inner, path);
                        let out = Out::Object(self.object(&group.children, &inner, path));
                        Held::One(Item { suffix, out })
                    }
                    Some(_) => Held::Absent,
                    None => self.unresolved(text, field, path),
                }
            }
            Reference::Local { kind, .. } if !is_wanted(kind) => Held::Absent,
            Reference::Local { kind, id, version } => {
                let version = version.map(str::to_owned);
                self.want(
                    group,
                    path.clone(),
                    Ask::Read { kind: kind.to_owned(), id: id.to_owned(), version },
                )
            }
            Reference::Elsewhere => self.unresolved(text, field, path),
        }
    }

    fn unresolved(&mut self, text: &str, field: &Field, path: &Path) -> Held {
        if !field.follow.optional {
            let short: String = text.chars().take(200).collect();
            let text = format!("the reference '{short}' leads to nothing that can be read here");
            self.tell(Fault::new("not-found", text).located(field.at).within(path));
        }
        Held::Absent
    }

    fn search(&mut self, kind: &str, field: &Field, group: &Group, at: &At<'_>, path: Path) -> Held {
        let mut parameters =
            field.search.as_ref().map(|search| search.parameters.clone()).unwrap_or_default();
        if let Some(code) = field.search.as_ref().and_then(|search| search.reference.as_ref()) {
            // Nothing can refer to what is only a part of another resource.
            let id = at.value.get("id").and_then(Value::as_str).filter(|_| !at.is_contained());
            let (Some(id), Some(around)) = (id, &at.kind) else { return Held::Many(Vec::new()) };
            parameters.push((code.clone(), format!("{around}/{id}")));
        }
        let total = group.children.iter().any(|child| self.plan.fields[*child].name == "count");
        self.want(group, path, Ask::Search { kind: kind.to_owned(), parameters, total })
    }

    fn want(&mut self, group: &Group, path: Path, ask: Ask) -> Held {
        let slot = self.slots.len();
        self.slots.push(Held::Absent);
        self.wants.push(Want { slot, field: group.field, children: Arc::clone(&group.children), path, ask });
        Held::Pending(slot)
    }
}
