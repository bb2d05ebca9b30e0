//! From what each field holds to the JSON of the answer, in the shape that the directives give it
//! (<https://hl7.org/fhir/R4/graphql.html#flattening>).

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::Rendered;
use super::held::{Entry, Held, Item, Out};
use super::walk::Walk;
use crate::graphql::fault::{Fault, Path};
use crate::graphql::limit;
use crate::graphql::plan::{Field, FieldId, Plan};

/// No data where they have too many keys.
pub(super) fn render(walk: Walk) -> Rendered {
    let Walk { plan, root, slots, faults, .. } = walk;
    let mut rendering = Rendering { plan, slots, faults, over: false };
    let data = rendering.object(root, &Path::default());
    let data = (!rendering.over).then(|| written(&data, &rendering.plan));
    (data, rendering.faults)
}

/// The text of an answer, with what was known beforehand in its place.
fn written(data: &Value, plan: &Plan) -> String {
    let fixed = plan.root.iter().map(|id| &plan.fields[*id]);
    let fixed: HashMap<&str, &str> =
        fixed.filter_map(|field| Some((field.key.as_str(), field.fixed.as_deref()?))).collect();
    let Value::Object(data) = data else { return data.to_string() };
    let mut text = String::from("{");
    for (key, value) in data {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&Value::from(key.as_str()).to_string());
        text.push(':');
        match fixed.get(key.as_str()) {
            Some(fixed) => text.push_str(fixed),
            None => text.push_str(&value.to_string()),
        }
    }
    text.push('}');
    text
}

struct Rendering {
    plan: Arc<Plan>,
    slots: Vec<Held>,
    faults: Vec<Fault>,
    over: bool,
}

/// An object in the making.
#[derive(Default)]
struct Cells {
    places: HashMap<String, usize>,
    cells: Vec<(String, Cell)>,
}

/// All values of one key.
#[derive(Default)]
struct Cell {
    values: Vec<Value>,
    list: bool,
    /// It was empty rather than absent.
    empty: bool,
    /// The fields that gave it something: the first of them.
    from: Option<FieldId>,
    singleton: bool,
}

/// What surrounds fields whose parent is not shown.
#[derive(Clone, Default)]
struct Flat {
    /// The parent is not shown.
    flat: bool,
    /// The parent, or one around it, is a list.
    list: bool,
    suffix: String,
}

impl Cells {
    fn cell(&mut self, key: String) -> &mut Cell {
        let next = self.cells.len();
        let place = *self.places.entry(key.clone()).or_insert(next);
        if place == next {
            self.cells.push((key, Cell::default()));
        }
        &mut self.cells[place].1
    }
}

impl Rendering {
    fn object(&mut self, entries: Vec<Entry>, path: &Path) -> Value {
        let mut cells = Cells::default();
        self.entries(entries, &mut cells, &Flat::default(), path);
        let mut object = Map::with_capacity(cells.cells.len());
        for (key, cell) in cells.cells {
            let value = self.value(&key, cell, path);
            object.insert(key, value);
        }
        Value::Object(object)
    }

    fn entries(&mut self, entries: Vec<Entry>, cells: &mut Cells, around: &Flat, path: &Path) {
        let plan = Arc::clone(&self.plan);
        for entry in entries {
            let field = &plan.fields[entry.field];
            let (items, is_absent) = match self.settled(entry.held) {
                Held::Absent | Held::Pending(_) => (Vec::new(), true),
                Held::One(item) => (vec![item], false),
                Held::Many(items) => (items, false),
            };
            let list = around.list || (field.repeats && !field.arrange.first);
            if field.arrange.flatten {
                for item in items {
                    let Out::Object(inner) = item.out else { continue };
                    let suffix = joined(&around.suffix, item.suffix.as_deref());
                    self.entries(inner, cells, &Flat { flat: true, list, suffix }, path);
                }
            } else if items.is_empty() {
                // A field that was asked for is there, but for one of many that became one.
                if !around.flat {
                    cells.cell(field.key.clone()).empty |= !is_absent && list && !field.arrange.singleton;
                }
            } else {
                self.items(items, entry.field, field, list, cells, around, path);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "all of it is where the items are")]
    fn items(
        &mut self,
        items: Vec<Item>,
        id: FieldId,
        field: &Field,
        list: bool,
        cells: &mut Cells,
        around: &Flat,
        path: &Path,
    ) {
        for item in items {
            let suffix = joined(&around.suffix, item.suffix.as_deref());
            let key = format!("{}{suffix}", field.key);
            let value = match item.out {
                Out::Value(value) => value,
                Out::Object(entries) => self.object(entries, &path.key(&key)),
            };
            if value.is_null() && around.flat {
                continue;
            }
            if cells.cells.len() > limit::FIELDS + limit::KEYS {
                self.over = true;
                return;
            }
            let plan = Arc::clone(&self.plan);
            let cell = cells.cell(key);
            let from = *cell.from.get_or_insert(id);
            let first = &plan.fields[from];
            if around.flat && first.type_path != field.type_path {
                let text =
                    format!("`{}` would hold both {} and {}", field.key, first.type_path, field.type_path);
                self.fault("value", text, field, path);
                return;
            }
            cell.list |= list && !field.arrange.singleton;
            cell.singleton |= field.arrange.singleton;
            cell.values.push(value);
        }
    }

    fn value(&mut self, key: &str, cell: Cell, path: &Path) -> Value {
        let Cell { mut values, list, empty, from, singleton } = cell;
        if singleton && values.len() > 1 {
            if let Some(field) = from.map(|id| self.plan.fields[id].clone()) {
                let text = format!("`{key}` is to be a single value and has {}", values.len());
                self.fault("multiple-matches", text, &field, &path.key(key));
            }
            return Value::Null;
        }
        match values.len() {
            0 if empty => Value::Array(values),
            0 => Value::Null,
            1 if !list => values.remove(0),
            _ => Value::Array(values),
        }
    }

    /// What a field holds, when all was fetched.
    fn settled(&mut self, held: Held) -> Held {
        match held {
            Held::Pending(slot) => std::mem::replace(&mut self.slots[slot], Held::Absent),
            held => held,
        }
    }

    fn fault(&mut self, code: &'static str, text: String, field: &Field, path: &Path) {
        if self.faults.len() < limit::FAULTS {
            self.faults.push(Fault::new(code, text).located(field.at).within(path));
        }
    }
}

/// Suffixes add up.
fn joined(suffix: &str, more: Option<&str>) -> String {
    more.map_or_else(|| suffix.to_owned(), |more| format!("{suffix}.{more}"))
}
