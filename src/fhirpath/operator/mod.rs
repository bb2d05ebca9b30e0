//! The binary operators: their spelling, their precedence, and where each is carried out.
//! Clause: <https://hl7.org/fhirpath/N1/#operations>.

mod arithmetic;
mod calendar;
mod comparison;
mod equality;
mod equivalence;
mod logic;
mod membership;
mod set;

pub(super) use arithmetic::negated;
pub(super) use comparison::order;
pub(super) use membership::distinct;
pub(super) use set::Set;

use super::error::EvalError;
use super::evaluate::{Evaluator, Outcome, Scope};
use super::item::Item;
use super::tree::Tree;

/// A binary operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Implies,
    Or,
    Xor,
    And,
    In,
    Contains,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    Plus,
    Minus,
    Concatenate,
    Times,
    Over,
    Div,
    Mod,
}

/// Each operator with its precedence; unions have 7 and type tests 8.
const SPELLING: &[(&str, Operator, u8)] = &[
    ("implies", Operator::Implies, 1),
    ("or", Operator::Or, 2),
    ("xor", Operator::Xor, 2),
    ("and", Operator::And, 3),
    ("in", Operator::In, 4),
    ("contains", Operator::Contains, 4),
    ("=", Operator::Equal, 5),
    ("!=", Operator::NotEqual, 5),
    ("~", Operator::Equivalent, 5),
    ("!~", Operator::NotEquivalent, 5),
    ("<", Operator::Less, 6),
    (">", Operator::Greater, 6),
    ("<=", Operator::LessOrEqual, 6),
    (">=", Operator::GreaterOrEqual, 6),
    ("+", Operator::Plus, 9),
    ("-", Operator::Minus, 9),
    ("&", Operator::Concatenate, 9),
    ("*", Operator::Times, 10),
    ("/", Operator::Over, 10),
    ("div", Operator::Div, 10),
    ("mod", Operator::Mod, 10),
];

impl Operator {
    /// The operator of that spelling and its precedence.
    pub(super) fn spelled(text: &str) -> Option<(Self, u8)> {
        SPELLING
            .iter()
            .find(|(spelling, _, _)| *spelling == text)
            .map(|(_, operator, power)| (*operator, *power))
    }

    pub(super) fn spelling(self) -> &'static str {
        SPELLING.iter().find(|(_, operator, _)| *operator == self).map_or("", |(spelling, _, _)| spelling)
    }

    /// Evaluates the operands, and carries the operator out.
    pub(super) fn apply<'a>(
        self,
        evaluator: &Evaluator<'a, '_>,
        scope: Scope<'a, '_>,
        (left, right): (&'a Tree, &'a Tree),
    ) -> Outcome<'a> {
        if matches!(self, Self::And | Self::Or | Self::Xor | Self::Implies) {
            return logic::apply(self, evaluator, scope, (left, right));
        }
        let left = evaluator.tree(left, scope)?;
        let right = evaluator.tree(right, scope)?;
        let truth = match self {
            Self::Equal => equality::equal_items(evaluator, &left, &right)?,
            Self::NotEqual => equality::equal_items(evaluator, &left, &right)?.map(|truth| !truth),
            Self::Equivalent => Some(equivalence::equivalent_items(evaluator, &left, &right)?),
            Self::NotEquivalent => Some(!equivalence::equivalent_items(evaluator, &left, &right)?),
            Self::In => membership::contains(evaluator, &right, &left)?,
            Self::Contains => membership::contains(evaluator, &left, &right)?,
            Self::Less | Self::Greater | Self::LessOrEqual | Self::GreaterOrEqual => {
                comparison::compare(self, &left, &right)?
            }
            _ => return arithmetic::apply(self, evaluator, left, right),
        };
        Ok(truth.map(Item::Boolean).into_iter().collect())
    }
}

/// The only item of a collection; `None` for an empty one.
pub(super) fn single<'i, 'a>(items: &'i [Item<'a>], what: &str) -> Result<Option<&'i Item<'a>>, EvalError> {
    match items {
        [] => Ok(None),
        [item] => Ok(Some(item)),
        items => Err(EvalError::invalid(format!("{what} takes one item, not {}", items.len()))),
    }
}
