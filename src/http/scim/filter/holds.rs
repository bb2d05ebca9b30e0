//! Whether a filter holds for a value, in memory: for the brackets of a patch, and as the yardstick of what the index
//! answers.

use std::cmp::Ordering;

use serde_json::Value;

use super::super::path::Path;
use super::super::refusal::{Result, bad};
use super::super::schema::{Attribute, Kind};
use super::{Filter, Op, text};
use crate::search::moment;

impl Filter {
    /// Whether it holds for one value of a complex attribute.
    pub fn picks(&self, attribute: &'static Attribute, value: &Value) -> Result<bool> {
        Ok(match self {
            Self::All(all) => {
                let mut holds = true;
                for one in all {
                    holds &= one.picks(attribute, value)?;
                }
                holds
            }
            Self::Any(any) => {
                let mut holds = false;
                for one in any {
                    holds |= one.picks(attribute, value)?;
                }
                holds
            }
            Self::Not(inner) => !inner.picks(attribute, value)?,
            Self::Present(path) => is_there(value.get(&sub(attribute, path)?.name)),
            Self::Compare(path, op, wanted) => {
                let sub = sub(attribute, path)?;
                one(sub, value.get(&sub.name), *op, wanted)?
            }
            Self::Within(..) => return Err(bad("invalidFilter", "brackets do not stand inside of brackets")),
        })
    }
}

fn sub(attribute: &'static Attribute, path: &Path) -> Result<&'static Attribute> {
    let found = attribute.sub(&path.name).filter(|_| path.urn.is_none() && path.sub.is_none());
    found.ok_or_else(|| bad("invalidFilter", format!("{} has no {}", attribute.name, path.name)))
}

fn is_there(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(_) => true,
    }
}

/// One comparison.
fn one(attribute: &Attribute, found: Option<&Value>, op: Op, wanted: &Value) -> Result<bool> {
    if wanted.is_null() {
        return match op {
            Op::Equal => Ok(!is_there(found)),
            Op::NotEqual => Ok(is_there(found)),
            _ => Err(bad("invalidFilter", "null is only equal or not")),
        };
    }
    if attribute.kind == Kind::Boolean {
        let wanted = truth(wanted)
            .ok_or_else(|| bad("invalidFilter", format!("{} is true or false", attribute.name)))?;
        return match op {
            Op::Equal => Ok(found == Some(&Value::Bool(wanted))),
            Op::NotEqual => Ok(found != Some(&Value::Bool(wanted))),
            _ => Err(bad("invalidFilter", format!("{} has no order", attribute.name))),
        };
    }
    let Some(found) = found.and_then(Value::as_str) else { return Ok(op == Op::NotEqual) };
    let Some(wanted) = wanted.as_str() else {
        return Err(bad("invalidFilter", format!("{} is compared with a text", attribute.name)));
    };
    if attribute.name == "lastModified" {
        let order =
            moment(found).zip(moment(wanted)).map_or(Ordering::Equal, |(one, other)| one.0.cmp(&other.0));
        return Ok(match op {
            Op::Equal => order == Ordering::Equal,
            Op::NotEqual => order != Ordering::Equal,
            op => text::in_order(order, op),
        });
    }
    let exact = attribute.case_exact;
    Ok(text::compare(&text::plain(found, exact), op, &text::plain(wanted, exact)))
}

/// A boolean, which some send as a text.
pub(in super::super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}
