//! A set of items, so that large collections are compared without looking at every pair.
//! Clause: <https://hl7.org/fhirpath/N1/#distinct-collection>.

use super::super::error::EvalError;
use super::super::evaluate::Evaluator;
use super::super::item::{Item, Items};
use super::super::number;
use super::equality::decimal;
use serde_json::Value;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Up to so many items, looking at every pair is cheaper than hashing.
const FEW: usize = 8;

/// Items that are not equal to one another.
#[derive(Default)]
pub(in super::super) struct Set<'a> {
    few: Items<'a>,
    many: HashMap<u64, Items<'a>>,
}

impl<'a> Set<'a> {
    /// The items, each once.
    pub(in super::super) fn of(evaluator: &Evaluator<'a, '_>, items: Items<'a>) -> Result<Self, EvalError> {
        let mut set = Self::default();
        for item in items {
            set.insert(evaluator, item)?;
        }
        Ok(set)
    }

    /// Adds an item, unless one that equals it is there already.
    pub(in super::super) fn insert(
        &mut self,
        evaluator: &Evaluator<'a, '_>,
        item: Item<'a>,
    ) -> Result<bool, EvalError> {
        if self.contains(evaluator, &item)? {
            return Ok(false);
        }
        if self.many.is_empty() && self.few.len() < FEW {
            self.few.push(item);
            return Ok(true);
        }
        for item in self.few.drain(..) {
            let key = key(evaluator, &item)?;
            self.many.entry(key).or_default().push(item);
        }
        let key = key(evaluator, &item)?;
        self.many.entry(key).or_default().push(item);
        Ok(true)
    }

    /// Whether an item equal to this one is there.
    pub(in super::super) fn contains(
        &self,
        evaluator: &Evaluator<'a, '_>,
        item: &Item<'a>,
    ) -> Result<bool, EvalError> {
        if self.many.is_empty() {
            return evaluator.holds(&self.few, item);
        }
        match self.many.get(&key(evaluator, item)?) {
            Some(alike) => evaluator.holds(alike, item),
            None => Ok(false),
        }
    }
}

/// The same for any two items that are equal. Moments and quantities may be equal in many
/// spellings, and share one key each.
fn key(evaluator: &Evaluator<'_, '_>, item: &Item<'_>) -> Result<u64, EvalError> {
    evaluator.spend(1)?;
    let item = item.system();
    if let Some(number) = decimal(&item) {
        return Ok(hashed((1, number.normalize())));
    }
    Ok(match &item {
        Item::String(text) => hashed((2, text)),
        Item::Boolean(truth) => hashed((3, truth)),
        Item::Moment(_) => 4,
        Item::Quantity(_) => 5,
        Item::Node(node) => json_key(evaluator, node.value)?,
        _ => 6,
    })
}

fn json_key(evaluator: &Evaluator<'_, '_>, value: &Value) -> Result<u64, EvalError> {
    evaluator.spend(1)?;
    Ok(match value {
        Value::Null => 7,
        Value::Bool(truth) => hashed((3, truth)),
        Value::Number(number) => match number::json_decimal(number.as_str()) {
            Some(number) => hashed((1, number.normalize())),
            None => hashed((8, number.as_str())),
        },
        Value::String(text) => hashed((2, text)),
        Value::Array(values) => {
            let mut keys = Vec::with_capacity(values.len());
            for value in values {
                keys.push(json_key(evaluator, value)?);
            }
            hashed((9, keys))
        }
        Value::Object(object) => {
            // The order of properties does not matter, nor may it to the key.
            let mut sum = 10_u64;
            for (name, value) in object {
                sum = sum.wrapping_add(hashed((name, json_key(evaluator, value)?)));
            }
            sum
        }
    })
}

fn hashed(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
