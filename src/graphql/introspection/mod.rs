//! The schema, as queries see it (<https://spec.graphql.org/October2021/#sec-Introspection>).

mod part;
mod type_ref;

use std::sync::Arc;

use serde_json::{Map, Value};

use super::limit;
use super::plan::{Field, Groups, Plan, Selection};
use super::schema::{Schema, Source};
use part::{Held, Part};

/// What `__schema` or `__type` comes to; nothing where that is more than anybody can want. `spent` counts the
/// values of one query.
pub(super) fn answer(schema: &Schema<'_>, plan: &Plan, field: &Field, spent: &mut usize) -> Option<Value> {
    let mut showing = Showing { schema, plan, groups: Groups::default(), spent };
    match (&field.named, field.name.as_str()) {
        (Some(name), "__type") => match type_ref::named(schema, name) {
            Some(found) => showing.object(&Part::Type(found), &field.children),
            None => Some(Value::Null),
        },
        _ => showing.object(&Part::Schema, &field.children),
    }
}

struct Showing<'s> {
    schema: &'s Schema<'s>,
    plan: &'s Plan,
    groups: Groups,
    spent: &'s mut usize,
}

impl Showing<'_> {
    fn object(&mut self, part: &Part, selection: &Selection) -> Option<Value> {
        let mut object = Map::new();
        for group in self.groups.of(self.plan, selection, None).iter() {
            *self.spent += 1;
            if *self.spent > limit::INTROSPECTED {
                return None;
            }
            let field = &self.plan.fields[group.field];
            let value = if field.source == Source::TypeName {
                Value::from(field.owner.as_str())
            } else {
                match part.get(self.schema, &field.name) {
                    Held::Value(value) => value,
                    Held::One(part) => self.object(&part, &group.children)?,
                    Held::Many(parts) => {
                        let children = Arc::clone(&group.children);
                        parts.iter().map(|part| self.object(part, &children)).collect::<Option<Value>>()?
                    }
                }
            };
            object.insert(field.key.clone(), value);
        }
        Some(Value::Object(object))
    }
}
