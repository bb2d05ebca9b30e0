//! An expression: compiled once, evaluated many times.
//! Clause: <https://hl7.org/fhirpath/N1/>.

use super::context::Context;
use super::error::{CompileError, EvalError};
use super::evaluate::{Evaluator, truth};
use super::item::{Item, Items};
use super::parser;
use super::tree::Tree;
use super::types::Types;
use serde_json::Value;

/// A compiled expression.
#[derive(Debug, Clone)]
pub struct Expression {
    pub(super) tree: Tree,
}

impl Expression {
    /// Parses the text. A function this engine does not have is refused here, by name.
    pub fn compile(text: &str) -> Result<Self, CompileError> {
        parser::parse(text).map(|tree| Self { tree })
    }

    /// Evaluates on a resource, or on JSON of an unknown type.
    pub fn evaluate<'a>(&'a self, context: &Context<'a>, root: &'a Value) -> Result<Items<'a>, EvalError> {
        self.evaluate_on(context, Item::resource(context.types, root))
    }

    /// Evaluates on any item, as an element with its type ([`Item::element`]).
    pub fn evaluate_on<'a>(&'a self, context: &Context<'a>, root: Item<'a>) -> Result<Items<'a>, EvalError> {
        Evaluator::new(context, root).run(&self.tree)
    }

    /// Evaluates an invariant. A lone item that is no boolean is true; `None` means empty, which
    /// breaks no invariant.
    pub fn evaluate_bool<'a>(
        &'a self,
        context: &Context<'a>,
        root: Item<'a>,
    ) -> Result<Option<bool>, EvalError> {
        truth(&self.evaluate_on(context, root)?)
    }

    /// The part of a union that can yield anything on this type: of
    /// `Account.subject | Patient.link.other` on a Patient, the right side. `None` when that is
    /// nothing. Search parameters over many types are narrowed once, so that a write walks only
    /// the paths of its own type.
    pub fn narrowed(&self, types: &Types, root_type: &str) -> Option<Self> {
        let possible = |tree: &Tree| match leading(tree) {
            Some(name) => !types.knows(name) || types.is_subtype(root_type, name),
            None => true,
        };
        let tree = match &self.tree {
            Tree::Union(parts) => {
                let mut kept: Vec<Tree> = parts.iter().filter(|part| possible(part)).cloned().collect();
                match kept.len() {
                    0 => return None,
                    1 => kept.swap_remove(0),
                    _ => Tree::Union(kept),
                }
            }
            tree if possible(tree) => tree.clone(),
            _ => return None,
        };
        Some(Self { tree })
    }
}

/// The type that a tree names at its very start, where all it yields comes from there.
fn leading(tree: &Tree) -> Option<&str> {
    match tree {
        Tree::Path { start: None, steps } => {
            steps.first().filter(|step| step.capital).map(|step| step.name.as_str())
        }
        Tree::Path { start: Some(start), .. } => leading(start),
        Tree::Call { function, input, .. } if function.yields_nothing_on_nothing() => leading(input),
        Tree::As { operand, .. } => leading(operand),
        Tree::Item { of, .. } => leading(of),
        _ => None,
    }
}
