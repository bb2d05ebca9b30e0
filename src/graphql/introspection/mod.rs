//! The schema, as queries see it (<https://spec.graphql.org/October2021/#sec-Introspection>).

mod part;
mod type_ref;

use std::sync::Arc;

use serde_json::Value;

use super::limit;
use super::plan::{Field, Groups, Plan, Selection};
use super::schema::{Schema, Source};
use part::{Held, Part};

/// What `__schema` or `__type` comes to, as JSON; nothing where that is more than anybody can want. `spent` counts
/// the bytes of one query.
pub(super) fn answer(schema: &Schema<'_>, plan: &Plan, field: &Field, spent: &mut usize) -> Option<Arc<str>> {
    let text = String::new();
    let mut showing = Showing {
        schema,
        plan,
        groups: Groups::default(),
        text,
        most: limit::INTROSPECTED.saturating_sub(*spent),
    };
    match (&field.named, field.name.as_str()) {
        (Some(name), "__type") => match type_ref::named(schema, name) {
            Some(found) => showing.object(&Part::Type(found), &field.children)?,
            None => showing.value(&Value::Null),
        },
        _ => showing.object(&Part::Schema, &field.children)?,
    }
    *spent += showing.text.len();
    Some(showing.text.into())
}

/// All of a schema is too much for a tree of values: it is written out at once.
struct Showing<'s> {
    schema: &'s Schema<'s>,
    plan: &'s Plan,
    groups: Groups,
    text: String,
    most: usize,
}

impl Showing<'_> {
    /// Nothing once it is too long.
    fn object(&mut self, part: &Part, selection: &Selection) -> Option<()> {
        for (place, group) in self.groups.of(self.plan, selection, None).iter().enumerate() {
            if self.text.len() > self.most {
                return None;
            }
            let field = &self.plan.fields[group.field];
            self.text.push(if place == 0 { '{' } else { ',' });
            self.value(&Value::from(field.key.as_str()));
            self.text.push(':');
            if field.source == Source::TypeName {
                self.value(&Value::from(field.owner.as_str()));
                continue;
            }
            match part.get(self.schema, &field.name) {
                Held::Value(value) => self.value(&value),
                Held::One(part) => self.object(&part, &group.children)?,
                Held::Many(parts) => {
                    self.text.push('[');
                    for (place, part) in parts.iter().enumerate() {
                        if place > 0 {
                            self.text.push(',');
                        }
                        self.object(part, &group.children)?;
                    }
                    self.text.push(']');
                }
            }
        }
        // Where all was skipped, nothing was opened.
        self.text.push_str(if selection.is_empty() { "{}" } else { "}" });
        Some(())
    }

    fn value(&mut self, value: &Value) {
        self.text.push_str(&value.to_string());
    }
}
