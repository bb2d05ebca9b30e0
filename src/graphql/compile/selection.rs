//! Selections: fields, and fragments put in their places
//! (<https://spec.graphql.org/October2021/#sec-Language.Fragments>).

use async_graphql_parser::types::{Directive, Selection, SelectionSet, TypeCondition};
use async_graphql_parser::{Pos, Positioned};

use super::{Asked, Compiler};
use crate::graphql::plan::FieldId;
use crate::graphql::schema::{Kinds, Scope};

impl Compiler<'_> {
    pub(super) fn selection(&mut self, set: &SelectionSet, asked: &Asked, into: &mut Vec<FieldId>) {
        for item in &set.items {
            if !self.enter(asked.depth, item.pos) {
                return;
            }
            match &item.node {
                Selection::Field(field) => into.extend(self.field(field, asked)),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let set = &inline.node.selection_set.node;
                    self.fragment(&inline.node.directives, condition, set, asked, inline.pos, into);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let Some(fragment) = self.fragments.get(name) else {
                        self.fault("value", format!("there is no fragment {name}"), spread.pos);
                        continue;
                    };
                    self.used.fragments.insert(name.to_owned());
                    if self.open.iter().any(|open| open == name) {
                        self.fault("value", format!("the fragment {name} holds itself"), spread.pos);
                        continue;
                    }
                    if let Some(directive) = fragment.node.directives.first() {
                        let text =
                            format!("@{} is not for definitions of fragments", directive.node.name.node);
                        self.fault("not-supported", text, directive.pos);
                    }
                    self.open.push(name.to_owned());
                    let condition = Some(&fragment.node.type_condition);
                    let set = &fragment.node.selection_set.node;
                    self.fragment(&spread.node.directives, condition, set, asked, spread.pos, into);
                    self.open.pop();
                }
            }
        }
    }

    fn fragment(
        &mut self,
        directives: &[Positioned<Directive>],
        condition: Option<&Positioned<TypeCondition>>,
        set: &SelectionSet,
        asked: &Asked,
        at: Pos,
        into: &mut Vec<FieldId>,
    ) {
        let directives = self.directives(directives);
        if directives.arranges() {
            self.fault("not-supported", "only @skip and @include are for fragments", at);
        }
        let mut inner =
            Asked { depth: asked.depth + 1, kept: asked.kept && directives.kept, ..asked.clone() };
        if let Some(condition) = condition {
            let name = condition.node.on.node.as_str();
            let Some((scope, possible)) = self.narrowed(&asked.scope, name) else {
                let text = format!("{name} is no type that {} can have", self.schema.name(&asked.scope));
                self.fault("value", text, condition.pos);
                return;
            };
            inner.scope = scope;
            inner.kept &= possible;
        }
        self.selection(set, &inner, into);
    }

    /// What is asked where it is of a type, and whether it can be.
    fn narrowed(&self, scope: &Scope, name: &str) -> Option<(Scope, bool)> {
        let Scope::Resource(kinds) = scope else {
            return (self.schema.name(scope) == name).then(|| (scope.clone(), true));
        };
        let Scope::Resource(named) = self.schema.scope(name)? else { return None };
        let both: Kinds = named.iter().filter(|kind| kinds.contains(kind)).cloned().collect();
        // What is never there is looked at all the same: it may hold mistakes.
        Some(if both.is_empty() { (Scope::Resource(named), false) } else { (Scope::Resource(both), true) })
    }
}
