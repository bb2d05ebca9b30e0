//! Filters as Ransack names them (`filter[q][name_or_user_email_cont_any]=a,b`), compiled to a `_filter` of the search
//! engine. Every predicate is answered or refused; a comparison with what is absent is false, as in SQL.

use serde_json::Value;

use super::kind::{By, Kind};

/// The predicates, with what each is made of.
const PREDICATES: [(&str, Is); 34] = [
    ("not_in_or_null", Is::In { negated: true, or_null: true }),
    ("in_or_null", Is::In { negated: false, or_null: true }),
    ("not_eq", Is::Same { negated: true }),
    ("not_in", Is::In { negated: true, or_null: false }),
    ("not_cont", Is::Like { op: "co", negated: true }),
    ("not_start", Is::Like { op: "sw", negated: true }),
    ("not_end", Is::Like { op: "ew", negated: true }),
    ("not_null", Is::Null { negated: true }),
    ("does_not_match", Is::Matches { negated: true }),
    ("not_true", Is::True { truth: true, negated: true }),
    ("not_false", Is::True { truth: false, negated: true }),
    ("matches", Is::Matches { negated: false }),
    ("lteq", Is::Order("le")),
    ("gteq", Is::Order("ge")),
    ("present", Is::Null { negated: true }),
    ("blank", Is::Null { negated: false }),
    ("start", Is::Like { op: "sw", negated: false }),
    ("cont", Is::Like { op: "co", negated: false }),
    ("i_cont", Is::Like { op: "co", negated: false }),
    ("not_i_cont", Is::Like { op: "co", negated: true }),
    ("null", Is::Null { negated: false }),
    ("true", Is::True { truth: true, negated: false }),
    ("false", Is::True { truth: false, negated: false }),
    ("end", Is::Like { op: "ew", negated: false }),
    ("eq", Is::Same { negated: false }),
    ("lt", Is::Order("lt")),
    ("gt", Is::Order("gt")),
    ("in", Is::In { negated: false, or_null: false }),
    ("jcont", Is::Refused),
    ("jcont_any", Is::Refused),
    ("jcont_all", Is::Refused),
    ("casecmp", Is::Refused),
    ("unaccent", Is::Refused),
    ("regex", Is::Refused),
];

#[derive(Debug, Clone, Copy)]
pub(super) enum Is {
    Same {
        negated: bool,
    },
    In {
        negated: bool,
        or_null: bool,
    },
    Like {
        op: &'static str,
        negated: bool,
    },
    Matches {
        negated: bool,
    },
    Order(&'static str),
    Null {
        negated: bool,
    },
    /// Of what is true or false.
    True {
        truth: bool,
        negated: bool,
    },
    /// Known, and not for anything that is here.
    Refused,
}

/// The `_filter` for one parameter, or why there is none.
pub(super) fn compile(kind: &Kind, name: &str, value: &str) -> Result<String, String> {
    let Asked { attributes, and, is, quantity } = read(kind, name)?;
    if value.is_empty() {
        return Err("there is nothing to compare with".to_owned());
    }
    let values: Vec<&str> = match (quantity, is) {
        (None, Is::In { .. }) | (Some(_), _) => value.split(',').map(str::trim).collect(),
        _ => vec![value],
    };
    let of_one = |(_, by): (String, By)| -> Result<String, String> {
        match (quantity, is) {
            (None, Is::In { .. }) => one(by, is, &values),
            _ => {
                let each = values.iter().map(|value| one(by, is, std::slice::from_ref(value)));
                let each = each.collect::<Result<Vec<String>, String>>()?;
                Ok(joined(&each, if quantity == Some("all") { " and " } else { " or " }))
            }
        }
    };
    let parts = attributes.into_iter().map(of_one).collect::<Result<Vec<String>, String>>()?;
    Ok(joined(&parts, if and { " and " } else { " or " }))
}

/// What the name of a filter says.
pub(super) struct Asked {
    pub attributes: Vec<(String, By)>,
    /// Whether it has to hold of all of them.
    pub and: bool,
    pub is: Is,
    /// Whether any or all of several values are meant.
    pub quantity: Option<&'static str>,
}

pub(super) fn read(kind: &Kind, name: &str) -> Result<Asked, String> {
    let (bare, quantity) = match (name.strip_suffix("_any"), name.strip_suffix("_all")) {
        (Some(bare), _) => (bare, Some("any")),
        (_, Some(bare)) => (bare, Some("all")),
        _ => (name, None),
    };
    // The longest that fits: `not_eq` is no `eq` of something that ends in `not`.
    let mut fitting: Vec<&(&str, Is)> = PREDICATES
        .iter()
        .filter(|(known, _)| bare.strip_suffix(known).is_some_and(|rest| rest.ends_with('_')))
        .collect();
    fitting.sort_by_key(|(known, _)| std::cmp::Reverse(known.len()));
    let Some((predicate, is)) = fitting.first() else {
        return Err(
            "there is no such predicate; a filter is written filter[q][ATTRIBUTE_PREDICATE]".to_owned()
        );
    };
    let attributes = &bare[..bare.len() - predicate.len() - 1];
    let (names, and): (Vec<&str>, bool) = match attributes.contains("_and_") {
        true if attributes.contains("_or_") => {
            return Err("attributes are joined by `_or_` or by `_and_`, not by both".to_owned());
        }
        true => (attributes.split("_and_").collect(), true),
        false => (attributes.split("_or_").collect(), false),
    };
    let mut by = Vec::new();
    for name in names {
        match kind.attributes.iter().find(|(known, _)| *known == name) {
            Some((_, By::Nothing | By::Object)) => {
                return Err(format!("`{name}` is shown and cannot be searched by"));
            }
            Some((_, found)) => by.push((name.to_owned(), *found)),
            None => return Err(format!("{} have no attribute `{name}` to search by", kind.name)),
        }
    }
    let flags = by.iter().all(|(_, by)| matches!(by, By::Flag));
    if matches!(is, Is::Refused) || matches!(is, Is::True { .. }) && !flags {
        return Err(format!("`{predicate}` is not offered on any of these attributes"));
    }
    Ok(Asked { attributes: by, and, is: *is, quantity })
}

/// One attribute, one comparison.
fn one(by: By, is: Is, values: &[&str]) -> Result<String, String> {
    let value = values.first().copied().unwrap_or_default();
    let none = || Err("this predicate is not offered on this attribute".to_owned());
    match (by, is) {
        (_, Is::Null { negated }) => {
            let there = match value {
                "true" | "1" => negated,
                "false" | "0" => !negated,
                _ => return Err("this takes true or false".to_owned()),
            };
            Ok(present(by, there))
        }
        (_, Is::In { negated, or_null }) => {
            let each = values.iter().map(|value| one(by, Is::Same { negated: false }, &[value]));
            let any = joined(&each.collect::<Result<Vec<String>, String>>()?, " or ");
            let found = if negated { unlike(by, &any) } else { any };
            Ok(if or_null { joined(&[found, present(by, false)], " or ") } else { found })
        }
        (_, Is::Same { negated: true }) => {
            let same = one(by, Is::Same { negated: false }, values)?;
            Ok(unlike(by, &same))
        }
        (By::Id, Is::Same { .. }) => match is_id(value) {
            true => Ok(format!("_id eq {value}")),
            // No record has it.
            false => Ok("_id eq none.".to_owned()),
        },
        (By::Text(path), Is::Same { .. }) => Ok(format!("{path}:exact eq {}", quoted(value))),
        (By::Text(path), Is::Like { op, negated }) => {
            let like = format!("{path} {op} {}", quoted(value));
            Ok(if negated { unlike(by, &like) } else { like })
        }
        (By::Text(path), Is::Matches { negated }) => {
            let like = matches(path, value)?;
            Ok(if negated { unlike(by, &like) } else { like })
        }
        (By::Moment(path), Is::Same { .. }) => Ok(format!("{path} eq {}", moment(value)?)),
        (By::Moment(path), Is::Order(op)) => Ok(format!("{path} {op} {}", moment(value)?)),
        (By::State(states), Is::Same { .. }) => match states.iter().find(|(name, _)| *name == value) {
            Some((_, filter)) => Ok((*filter).to_owned()),
            None => {
                let names: Vec<&str> = states.iter().map(|(name, _)| *name).collect();
                Err(format!("this is one of {}", names.join(", ")))
            }
        },
        _ => none(),
    }
}

/// Something is there, and it is not this.
fn unlike(by: By, filter: &str) -> String {
    format!("({} and not ({filter}))", present(by, true))
}

fn present(by: By, there: bool) -> String {
    match by {
        By::Text(path) | By::Moment(path) => match path.rsplit_once('.') {
            // What a reference leads to has no such thing, or it leads nowhere: both are nothing.
            Some(_) if !there => format!("not ({path} pr true)"),
            _ => format!("{path} pr {there}"),
        },
        // Each record has an id and a state.
        By::Id | By::State(_) | By::Flag | By::Object | By::Nothing => format!("_id pr {there}"),
    }
}

fn matches(path: &str, value: &str) -> Result<String, String> {
    let (op, inner) = pattern(value)?;
    Ok(format!("{path} {op} {}", quoted(inner)))
}

/// LIKE: a percent sign at either end stands for anything.
pub(super) fn pattern(value: &str) -> Result<(&'static str, &str), String> {
    let (start, end) = (value.starts_with('%'), value.ends_with('%') && value.len() > 1);
    let inner = value.trim_start_matches('%').trim_end_matches('%');
    if inner.contains(['%', '_']) || inner.is_empty() {
        return Err("a pattern has `%` at its ends only, and no `_`".to_owned());
    }
    let op = match (start, end) {
        (true, true) => "co",
        (false, true) => "sw",
        (true, false) => "ew",
        (false, false) => "eq",
    };
    Ok((op, inner))
}

fn moment(value: &str) -> Result<String, String> {
    match crate::search::moment(value) {
        Some(_) => Ok(quoted(value)),
        None => Err("this is a date, or a date and a time with its zone".to_owned()),
    }
}

fn is_id(value: &str) -> bool {
    (1..=64).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
}

/// A text as a filter quotes it.
fn quoted(value: &str) -> String {
    Value::from(value).to_string()
}

fn joined(parts: &[String], by: &str) -> String {
    match parts {
        [one] => one.clone(),
        parts => format!("({})", parts.join(by)),
    }
}
