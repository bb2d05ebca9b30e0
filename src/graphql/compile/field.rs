//! Fields: what is asked, with its arguments and directives (<https://hl7.org/fhir/R4/graphql.html#fields>).

use std::fmt::Write;
use std::sync::Arc;

use async_graphql_parser::Positioned;
use async_graphql_parser::types::Field as Node;

use super::argument::Given;
use super::{Asked, Compiler};
use crate::graphql::introspection;
use crate::graphql::plan::{Field, FieldId, Follow, Select, Selection};
use crate::graphql::schema::{self, Input, Kinds, Scope, Source, Target};
use crate::graphql::variables::short;

impl Compiler<'_> {
    /// The place of the field in the plan; nothing where it is skipped, or wrong.
    pub(super) fn field(&mut self, node: &Positioned<Node>, asked: &Asked) -> Option<FieldId> {
        let directives = self.directives(&node.node.directives);
        let name = node.node.name.node.as_str();
        let entrance = if asked.depth == 0 { self.schema.entrance(name) } else { None };
        let Some(found) = entrance.or_else(|| self.schema.field(&asked.scope, name)) else {
            self.unknown(node, asked);
            return None;
        };
        let taken = self.schema.arguments(&asked.scope, &found);
        let given = self.arguments(node, &taken);
        let mut field = self.plain(node, asked, &found);
        field.given = directives.given.clone();
        for one in &given {
            // Text of a query has a bound, and so has this.
            let _ = write!(field.given, "({}:{})", one.name, serde_json::Value::from(one.values.clone()));
        }
        let mut target = found.target;
        match &field.source {
            Source::Follow => self.follow(&given, &mut field, &mut target),
            Source::Read(_) | Source::List(_) | Source::Connection(_) => {
                field.search = self.search(&given, &field, asked);
            }
            Source::Part => field.named = given.iter().find(|one| one.input == Input::Name).map(Given::text),
            Source::Property { .. } => field.select = self.select(&given),
            Source::TypeName => {}
        }
        field.arrange = directives.arrange.clone();
        let in_schema =
            matches!(target, Target::Object(Scope::Meta(_))) || matches!(asked.scope, Scope::Meta(_));
        if directives.arranges() && in_schema {
            self.fault("not-supported", "only @skip and @include are for the schema", node.pos);
        }
        if field.arrange.flatten && !field.object {
            self.fault("value", format!("`{name}` has no fields that @flatten could show"), node.pos);
        }
        let kept = asked.kept && directives.kept;
        field.children = self.children(node, asked, target, kept).into();
        if !kept || !self.faults.is_empty() {
            return None;
        }
        let is_entrance = matches!(name, "__schema" | "__type") && asked.depth == 0;
        if is_entrance {
            field.fixed = introspection::answer(self.schema, &self.plan, &field, &mut self.introspected);
            if field.fixed.is_none() {
                self.fault("too-costly", "this asks for too much of the schema", node.pos);
            }
        }
        self.plan.fields.push(field);
        Some(self.plan.fields.len() - 1)
    }

    fn unknown(&mut self, node: &Positioned<Node>, asked: &Asked) {
        let (owner, name) = (self.schema.name(&asked.scope), short(&node.node.name.node));
        let text = match &asked.scope {
            Scope::Resource(kinds) if kinds.len() > 1 => {
                format!(
                    "not every resource has a field `{name}`: ask it of a type, as `... on {} {{ .. }}`",
                    kinds[0]
                )
            }
            Scope::System => format!("there is no field `{name}` to start a query with"),
            _ => format!("{owner} has no field `{name}`"),
        };
        self.fault("not-supported", text, node.pos);
    }

    fn plain(&self, node: &Positioned<Node>, asked: &Asked, found: &schema::Field) -> Field {
        let type_path = match &found.target {
            Target::Scalar(name) => (*name).to_owned(),
            Target::Object(Scope::Place(place)) => place.path().to_owned(),
            Target::Object(scope) => self.schema.name(scope),
        };
        Field {
            key: node.node.response_key().node.to_string(),
            name: found.name.clone(),
            at: node.pos,
            kinds: if let Scope::Resource(kinds) = &asked.scope { Some(Arc::clone(kinds)) } else { None },
            source: found.source.clone(),
            repeats: found.repeats,
            object: matches!(found.target, Target::Object(_)),
            resources: matches!(found.target, Target::Object(Scope::Resource(_) | Scope::Connection(_))),
            owner: self.schema.name(&asked.scope),
            type_path,
            select: Select::default(),
            search: None,
            follow: Follow::default(),
            named: None,
            fixed: None,
            arrange: Default::default(),
            children: Selection::default(),
            given: String::new(),
        }
    }

    fn children(
        &mut self,
        node: &Positioned<Node>,
        asked: &Asked,
        target: Target,
        kept: bool,
    ) -> Vec<FieldId> {
        let set = &node.node.selection_set;
        let mut children = Vec::new();
        match target {
            Target::Object(_) if set.node.items.is_empty() => {
                let text = format!("say which fields of `{}` are wanted", node.node.name.node);
                self.fault("required", text, node.pos);
            }
            Target::Object(scope) => {
                let inner = Asked { scope, depth: asked.depth + 1, kept };
                self.selection(&set.node, &inner, &mut children);
            }
            Target::Scalar(_) if set.node.items.is_empty() => {}
            Target::Scalar(_) => {
                self.fault("value", format!("`{}` has no fields", node.node.name.node), node.pos);
            }
        }
        children
    }

    fn follow(&mut self, given: &[Given], field: &mut Field, target: &mut Target) {
        for one in given {
            match one.input {
                Input::Optional => field.follow.optional = one.is_true(),
                Input::Type => {
                    let mut only: Vec<Arc<str>> = Vec::new();
                    for name in one.values.iter().filter_map(serde_json::Value::as_str) {
                        match self.schema.scope(name) {
                            Some(Scope::Resource(kinds)) => only.extend(kinds.iter().cloned()),
                            _ => self.fault(
                                "value",
                                format!("there is no resource type '{}'", short(name)),
                                one.at,
                            ),
                        }
                    }
                    only.sort_unstable();
                    only.dedup();
                    let only: Kinds = only.into();
                    if !only.is_empty() {
                        *target = Target::Object(Scope::Resource(Arc::clone(&only)));
                    }
                    field.follow.only = Some(only);
                }
                _ => {}
            }
        }
    }

    fn select(&mut self, given: &[Given]) -> Select {
        let mut select = Select::default();
        for one in given {
            match &one.input {
                Input::Property(name) => {
                    select.properties.extend(one.values.first().map(|value| (name.clone(), value.clone())));
                }
                Input::FhirPath => select.path = self.expression(&one.text(), one.at),
                Input::Offset | Input::Count => {
                    let Some(number) = one.number() else {
                        self.fault("value", format!("`{}` is a whole number from 0", one.name), one.at);
                        continue;
                    };
                    if one.input == Input::Offset {
                        select.offset = number;
                    } else {
                        select.count = Some(number);
                    }
                }
                _ => {}
            }
        }
        select
    }
}
