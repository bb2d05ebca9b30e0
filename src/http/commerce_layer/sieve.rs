//! The filters and orders of `ransack`, put to records that are in memory: those of parts, which no search knows.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::{Value, json};

use super::asked::Asked;
use super::kind::{By, Kind};
use super::ransack::{self, Is};
use crate::search::fold::fold;
use crate::store::Row;

/// Those that pass all filters, in the order that is asked for; or the filter that cannot be answered, and why.
pub(super) fn sift(
    kind: &Kind,
    rows: Vec<Arc<Row>>,
    attributes: Vec<Value>,
    asked: &Asked,
) -> Result<Vec<Arc<Row>>, (String, String)> {
    if asked.filters.is_empty() && asked.order.is_empty() {
        return Ok(rows);
    }
    let mut kept = Vec::with_capacity(rows.len());
    for (row, mut attributes) in rows.into_iter().zip(attributes) {
        attributes["id"] = Value::from(row.id.as_str());
        let mut passes = true;
        for (name, value) in &asked.filters {
            let filter = holds(kind, name, value, &attributes);
            passes &= filter.map_err(|text| (format!("filter[q][{name}]"), text))?;
        }
        if passes {
            kept.push((row, attributes));
        }
    }
    kept.sort_by(|(_, one), (_, other)| {
        let mut rules = asked.order.iter().map(|(name, down)| {
            let order = compared(&one[name.as_str()], &other[name.as_str()]);
            if *down { order.reverse() } else { order }
        });
        rules.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
    Ok(kept.into_iter().map(|(row, _)| row).collect())
}

/// Whether a filter can be answered at all.
pub(super) fn try_out(kind: &Kind, name: &str, value: &str) -> Result<(), String> {
    let none = kind.attributes.iter().map(|(name, _)| ((*name).to_owned(), Value::Null));
    holds(kind, name, value, &Value::Object(none.collect())).map(drop)
}

fn holds(kind: &Kind, name: &str, value: &str, attributes: &Value) -> Result<bool, String> {
    let asked = ransack::read(kind, name)?;
    let values: Vec<&str> = match (asked.quantity, asked.is) {
        (None, Is::In { .. }) | (Some(_), _) => value.split(',').map(str::trim).collect(),
        _ => vec![value],
    };
    let of_one = |name: &str, by: By| -> Result<bool, String> {
        let own = &attributes[name];
        match (asked.quantity, asked.is) {
            (None, Is::In { .. }) => one(by, asked.is, own, &values),
            (quantity, is) => {
                let each: Result<Vec<bool>, String> =
                    values.iter().map(|value| one(by, is, own, std::slice::from_ref(value))).collect();
                let each = each?;
                Ok(if quantity == Some("all") { each.iter().all(|one| *one) } else { each.contains(&true) })
            }
        }
    };
    let each: Result<Vec<bool>, String> =
        asked.attributes.iter().map(|(name, by)| of_one(name, *by)).collect();
    let each = each?;
    Ok(if asked.and { each.iter().all(|one| *one) } else { each.contains(&true) })
}

/// One attribute, one comparison. What is absent is like nothing and unlike nothing, as in SQL.
fn one(by: By, is: Is, own: &Value, values: &[&str]) -> Result<bool, String> {
    let value = values.first().copied().unwrap_or_default();
    let not_offered = || Err("this predicate is not offered on this attribute".to_owned());
    let there = !own.is_null();
    match (by, is) {
        (_, Is::Null { negated }) => Ok((truth(value)? == negated) == there),
        (By::Flag, Is::True { truth: wanted, negated }) => {
            Ok(((*own == json!(wanted)) != negated) == truth(value)?)
        }
        (_, Is::In { negated, or_null }) => {
            let same = values.iter().map(|value| same(by, own, value)).collect::<Result<Vec<bool>, _>>()?;
            let found = there && same.contains(&true) != negated;
            Ok(found || or_null && !there)
        }
        (_, Is::Same { negated }) => Ok(there && same(by, own, value)? != negated),
        (By::Id | By::Text(_), Is::Like { op, negated }) => Ok(there && like(op, own, value) != negated),
        (By::Id | By::Text(_), Is::Matches { negated }) => {
            let (op, inner) = ransack::pattern(value)?;
            Ok(there && like(op, own, inner) != negated)
        }
        (By::Moment(_), Is::Order(op)) => {
            let order = moment(own.as_str().unwrap_or_default()).zip(Some(asked_moment(value)?));
            Ok(order.is_some_and(|(own, asked)| match op {
                "lt" => own < asked,
                "le" => own <= asked,
                "gt" => own > asked,
                _ => own >= asked,
            }))
        }
        _ => not_offered(),
    }
}

fn same(by: By, own: &Value, value: &str) -> Result<bool, String> {
    match by {
        By::Flag => Ok(*own == json!(truth(value)?)),
        By::Moment(_) => Ok(moment(own.as_str().unwrap_or_default()) == Some(asked_moment(value)?)),
        By::Id | By::Text(_) => Ok(own == value),
        By::State(_) | By::Object | By::Nothing => Err("this is shown and cannot be searched by".to_owned()),
    }
}

fn like(op: &str, own: &Value, value: &str) -> bool {
    let (own, value) = (fold(own.as_str().unwrap_or_default()), fold(value));
    match op {
        "co" => own.contains(&value),
        "sw" => own.starts_with(&value),
        "ew" => own.ends_with(&value),
        _ => own == value,
    }
}

fn truth(value: &str) -> Result<bool, String> {
    match value {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err("this takes true or false".to_owned()),
    }
}

/// Milliseconds since 1970.
fn moment(text: &str) -> Option<i64> {
    crate::search::moment(text).map(|(start, _)| start)
}

fn asked_moment(text: &str) -> Result<i64, String> {
    moment(text).ok_or_else(|| "this is a date, or a date and a time with its zone".to_owned())
}

fn compared(one: &Value, other: &Value) -> Ordering {
    match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => one.cmp(other),
        _ => one.as_bool().cmp(&other.as_bool()),
    }
}
