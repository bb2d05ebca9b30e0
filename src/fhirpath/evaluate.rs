//! Carries a tree out.
//! Clause: <https://hl7.org/fhirpath/N1/#expressions>, <https://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections>.

use super::context::Context;
use super::error::EvalError;
use super::function::Call;
use super::item::{Item, Items};
use super::moment::Moment;
use super::operator;
use super::tree::Tree;
use super::types::Types;
use chrono::Utc;
use std::cell::{Cell, OnceCell};

/// What each part of an evaluation comes to.
pub(super) type Outcome<'a> = Result<Items<'a>, EvalError>;

/// One evaluation under way.
pub(super) struct Evaluator<'a, 'e> {
    pub(super) context: &'e Context<'a>,
    pub(super) types: &'a Types,
    pub(super) root: Item<'a>,
    left: Cell<u64>,
    now: OnceCell<Moment>,
}

/// What `$this`, `$index` and `$total` stand for.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a, 's> {
    pub(super) this: &'s [Item<'a>],
    pub(super) index: Option<usize>,
    pub(super) total: Option<&'s [Item<'a>]>,
}

impl<'a, 'e> Evaluator<'a, 'e> {
    pub(super) fn new(context: &'e Context<'a>, root: Item<'a>) -> Self {
        Self { context, types: context.types, root, left: Cell::new(context.steps), now: OnceCell::new() }
    }

    /// Evaluates the whole expression.
    pub(super) fn run(&self, tree: &'a Tree) -> Outcome<'a> {
        let this = std::slice::from_ref(&self.root);
        let scope = Scope { this, index: self.context.index, total: None };
        self.tree(tree, scope)
    }

    /// Takes so many steps off what is left.
    pub(super) fn spend(&self, steps: u64) -> Result<(), EvalError> {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(EvalError::OutOfSteps)
    }

    /// Pays for text that is read or made.
    pub(super) fn spend_text(&self, bytes: usize) -> Result<(), EvalError> {
        self.spend(bytes as u64 / 32)
    }

    /// The same moment throughout an evaluation.
    pub(super) fn now(&self) -> Moment {
        let start = || Moment::instant(self.context.now.unwrap_or_else(Utc::now));
        *self.now.get_or_init(start)
    }

    pub(super) fn tree(&self, tree: &'a Tree, scope: Scope<'a, '_>) -> Outcome<'a> {
        self.spend(1)?;
        match tree {
            Tree::Empty | Tree::Type(_) => Ok(Vec::new()),
            Tree::Literal(item) => Ok(vec![item.borrowed()]),
            Tree::Pattern { text, .. } => Ok(vec![Item::String(text.as_str().into())]),
            Tree::This => {
                self.spend(scope.this.len() as u64)?;
                Ok(scope.this.to_vec())
            }
            Tree::Index => Ok(scope.index.map(integer).into_iter().collect()),
            Tree::Total => Ok(scope.total.unwrap_or_default().to_vec()),
            Tree::Variable(name) => self.variable(name),
            Tree::Path { start: None, steps } => self.path(scope.this, steps, true),
            Tree::Path { start: Some(start), steps } => {
                let start = self.tree(start, scope)?;
                self.path(&start, steps, false)
            }
            Tree::Call { function, input, arguments } => {
                let input = self.tree(input, scope)?;
                self.spend(input.len() as u64)?;
                let call = Call { evaluator: self, function, arguments, scope };
                (function.run)(&call, input)
            }
            Tree::Item { of, index } => self.indexed(of, index, scope),
            Tree::Negative(inner) => self.signed(inner, scope, true),
            Tree::Positive(inner) => self.signed(inner, scope, false),
            Tree::Binary { operator, left, right } => operator.apply(self, scope, (left, right)),
            Tree::Union(parts) => self.union(parts, scope),
            Tree::Is { operand, wanted } => {
                let operand = self.tree(operand, scope)?;
                let item = operator::single(&operand, "`is`")?;
                let truth = item.map(|item| Item::Boolean(wanted.covers(self.types, item)));
                Ok(truth.into_iter().collect())
            }
            // R4's own search parameters apply the operator to lists, as in
            // `(Library.useContext.value as Quantity)`; only the function insists on one item.
            Tree::As { operand, wanted } => {
                let mut items = self.tree(operand, scope)?;
                items.retain(|item| wanted.admits(self.types, item));
                Ok(items)
            }
        }
    }

    fn union(&self, parts: &'a [Tree], scope: Scope<'a, '_>) -> Outcome<'a> {
        let mut all = Vec::new();
        for part in parts {
            all.append(&mut self.tree(part, scope)?);
        }
        operator::distinct(self, all)
    }

    fn indexed(&self, of: &'a Tree, index: &'a Tree, scope: Scope<'a, '_>) -> Outcome<'a> {
        let mut items = self.tree(of, scope)?;
        let index = self.tree(index, scope)?;
        let Some(index) = operator::single(&index, "an index")? else {
            return Ok(Vec::new());
        };
        let Item::Integer(index) = index.system() else {
            return Err(EvalError::invalid("an index is an integer"));
        };
        match usize::try_from(index) {
            Ok(index) if index < items.len() => Ok(vec![items.swap_remove(index)]),
            _ => Ok(Vec::new()),
        }
    }

    fn signed(&self, inner: &'a Tree, scope: Scope<'a, '_>, negative: bool) -> Outcome<'a> {
        let items = self.tree(inner, scope)?;
        let Some(item) = operator::single(&items, "a sign")? else {
            return Ok(Vec::new());
        };
        let turned = operator::negated(item)?;
        Ok(if negative { turned.into_iter().collect() } else { items })
    }
}

/// A position or a count as an item.
pub(super) fn integer<'a>(number: usize) -> Item<'a> {
    Item::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The truth of a collection where a boolean is wanted: a lone item that is no boolean is true.
pub(super) fn truth(items: &[Item<'_>]) -> Result<Option<bool>, EvalError> {
    let item = operator::single(items, "a condition")?;
    Ok(item.map(|item| item.as_bool().unwrap_or(true)))
}
