//! Brackets: conditions on one of several values (`emails[type eq "work" and value co "@x"]`). Of e-mails and numbers
//! type, preference and value are indexed together; elsewhere one condition is what the brackets may hold.

use serde_json::Value;

use super::super::path::{Path, Place};
use super::super::refusal::{Result, bad};
use super::compile::{Compiler, refused};
use super::holds::truth;
use super::{Filter, Op};
use crate::search::Clause;

/// What is indexed together.
const TOGETHER: [&str; 2] = ["emails", "phoneNumbers"];

impl Compiler<'_> {
    pub(super) fn within(&self, place: Place, inner: &Filter) -> Result<Clause> {
        if !place.attribute.multi_valued || place.sub.is_some() {
            let text = format!("brackets follow an attribute of several values, not {}", place.dotted());
            return Err(bad("invalidFilter", text));
        }
        if let Filter::Any(any) = inner {
            let any = any.iter().map(|one| self.within(place, one)).collect::<Result<_>>()?;
            return Ok(Clause::Any(any));
        }
        let mut leaves = Vec::new();
        gather(inner, &mut leaves)?;
        match leaves.as_slice() {
            [Filter::Present(path)] => self.clause(&Filter::Present(of(place, path)?)),
            [Filter::Compare(path, op, value)] if *op != Op::NotEqual => {
                self.clause(&Filter::Compare(of(place, path)?, *op, value.clone()))
            }
            leaves if TOGETHER.contains(&place.attribute.name.as_str()) => self.together(place, leaves),
            _ => Err(refused(&place.attribute.name)),
        }
    }

    /// Type, preference and value of one e-mail or number.
    fn together(&self, place: Place, leaves: &[&Filter]) -> Result<Clause> {
        let name = &place.attribute.name;
        let (mut kind, mut primary, mut value) = (None, false, None);
        for leaf in leaves {
            let known = match leaf {
                Filter::Compare(path, Op::Equal, Value::String(text))
                    if path.name.eq_ignore_ascii_case("type") =>
                {
                    !text.is_empty() && kind.replace(text.to_lowercase()).is_none()
                }
                Filter::Compare(path, Op::Equal, wanted) if path.name.eq_ignore_ascii_case("primary") => {
                    primary = true;
                    truth(wanted) == Some(true)
                }
                Filter::Compare(path, op @ (Op::Equal | Op::StartsWith), Value::String(text))
                    if path.name.eq_ignore_ascii_case("value") =>
                {
                    value.replace((*op, text)).is_none()
                }
                Filter::Present(path) => path.name.eq_ignore_ascii_case("value"),
                _ => false,
            };
            if !known {
                return Err(refused(name));
            }
        }
        let key = match (kind, primary) {
            (Some(kind), true) => format!("{name}[{kind},primary].value"),
            (Some(kind), false) => format!("{name}[{kind}].value"),
            (None, _) => format!("{name}[primary].value"),
        };
        match value {
            Some((op, text)) => self.term(&key, op, text),
            None => self.begins(format!("{key}|")),
        }
    }
}

/// The conditions that must all hold.
fn gather<'f>(filter: &'f Filter, leaves: &mut Vec<&'f Filter>) -> Result<()> {
    match filter {
        Filter::All(all) => all.iter().try_for_each(|one| gather(one, leaves)),
        Filter::Present(_) | Filter::Compare(..) => {
            leaves.push(filter);
            Ok(())
        }
        _ => Err(bad("invalidFilter", "in brackets conditions are joined by `and` and `or`, without `not`")),
    }
}

/// The path of a condition in brackets, seen from the resource.
fn of(place: Place, path: &Path) -> Result<Path> {
    if path.urn.is_some() || path.sub.is_some() {
        return Err(bad("invalidFilter", format!("{} has no such part", place.attribute.name)));
    }
    Ok(Path {
        urn: place.extension.map(str::to_owned),
        name: place.attribute.name.clone(),
        sub: Some(path.name.clone()),
    })
}
