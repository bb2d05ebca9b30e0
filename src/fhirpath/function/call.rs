//! A call under way: its arguments, evaluated as the function asks for them.
//! Clause: <https://hl7.org/fhirpath/N1/#functions>.

use super::super::error::EvalError;
use super::super::evaluate::{Evaluator, Outcome, Scope, truth};
use super::super::item::Item;
use super::super::operator;
use super::super::tree::Tree;
use super::Function;
use std::borrow::Cow;

/// A call under way.
pub(in super::super) struct Call<'a, 'e> {
    pub(in super::super) evaluator: &'e Evaluator<'a, 'e>,
    pub(in super::super) function: &'static Function,
    pub(in super::super) arguments: &'a [Tree],
    pub(in super::super) scope: Scope<'a, 'e>,
}

impl<'a> Call<'a, '_> {
    /// The argument, evaluated where the call stands; empty where it is not given.
    pub(super) fn argument(&self, place: usize) -> Outcome<'a> {
        match self.arguments.get(place) {
            Some(argument) => self.evaluator.tree(argument, self.scope),
            None => Ok(Vec::new()),
        }
    }

    /// The argument, evaluated on one item of the input.
    pub(super) fn on(&self, place: usize, item: &Item<'a>, index: usize) -> Outcome<'a> {
        let scope = Scope { this: std::slice::from_ref(item), index: Some(index), total: None };
        match self.arguments.get(place) {
            Some(argument) => self.evaluator.tree(argument, scope),
            None => Ok(Vec::new()),
        }
    }

    /// The condition, evaluated on one item of the input.
    pub(super) fn test(
        &self,
        place: usize,
        item: &Item<'a>,
        index: usize,
    ) -> Result<Option<bool>, EvalError> {
        truth(&self.on(place, item, index)?)
    }

    /// The argument as a string; `None` where it is empty.
    pub(super) fn string(&self, place: usize) -> Result<Option<Cow<'a, str>>, EvalError> {
        self.as_string(&self.argument(place)?)
    }

    /// The argument as an integer; `None` where it is empty.
    pub(super) fn integer(&self, place: usize) -> Result<Option<i64>, EvalError> {
        let items = self.argument(place)?;
        match self.one(&items)?.map(Item::system) {
            None => Ok(None),
            Some(Item::Integer(number)) => Ok(Some(number)),
            Some(_) => Err(self.wrong("an integer")),
        }
    }

    /// The only item; `None` for an empty collection.
    pub(super) fn one<'i>(&self, items: &'i [Item<'a>]) -> Result<Option<&'i Item<'a>>, EvalError> {
        operator::single(items, self.function.name)
    }

    /// The only item as a string; `None` for an empty collection.
    pub(super) fn as_string(&self, items: &[Item<'a>]) -> Result<Option<Cow<'a, str>>, EvalError> {
        let Some(item) = self.one(items)? else {
            return Ok(None);
        };
        let text = match item {
            Item::String(text) => Some(text.clone()),
            Item::Node(node) => node.value.as_str().map(Cow::Borrowed),
            _ => None,
        };
        match text {
            Some(text) => {
                self.evaluator.spend_text(text.len())?;
                Ok(Some(text))
            }
            None => Err(self.wrong("a string")),
        }
    }

    /// The error that something else was wanted.
    pub(super) fn wrong(&self, wanted: &str) -> EvalError {
        EvalError::invalid(format!("`{}` needs {wanted}", self.function.name))
    }

    /// One string, paid for.
    pub(super) fn made(&self, text: String) -> Outcome<'a> {
        self.evaluator.spend_text(text.len())?;
        Ok(vec![Item::text(text)])
    }
}

/// One boolean.
pub(super) fn boolean<'a>(truth: bool) -> Outcome<'a> {
    Ok(vec![Item::Boolean(truth)])
}

/// Nothing.
pub(super) fn nothing<'a>() -> Outcome<'a> {
    Ok(Vec::new())
}
