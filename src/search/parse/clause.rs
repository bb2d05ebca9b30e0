//! One condition: a search parameter, its modifier, and its alternatives.
//!
//! <https://hl7.org/fhir/R4/search.html#modifiers>, <https://hl7.org/fhir/R4/search.html#combining>

use std::sync::Arc;

use super::{Language, Problem};
use crate::definitions::{Param, ParamKind, ResourceType};
use crate::error::Issue;
use crate::search::shape::{self, Asking, Modifier, is_id, quoted};
use crate::search::{Clause, Direction, Key, escape};

/// Alternatives of one value.
const MOST_ALTERNATIVES: usize = 1_000;

/// What follows the colon of a name.
enum Suffix<'a> {
    Missing,
    Not,
    /// In a value set, or (true) not in it.
    In(bool),
    Related(Direction),
    Ask(Modifier<'a>),
}

impl<'a> Language<'a> {
    /// A condition by its name, which may be a chain, and its value.
    pub(super) fn condition(
        &self,
        kind: &ResourceType,
        name: &str,
        value: &str,
        depth: usize,
    ) -> Result<Clause, Problem> {
        self.count()?;
        if let Some(rest) = name.strip_prefix("_has:") {
            return self.has(kind, rest, value, depth);
        }
        if let Some((head, rest)) = name.split_once('.') {
            return self.chain(kind, head, rest, value, depth);
        }
        let (code, modifier) = match name.split_once(':') {
            Some((code, modifier)) => (code, Some(modifier)),
            None => (name, None),
        };
        if let Some(clause) = self.special(kind, code, modifier, value)? {
            return Ok(clause);
        }
        match kind.find(code)? {
            Some(param) => Ok(self.clause(param, modifier, value)?),
            None => {
                let text = format!("{} has no search parameter {}", kind.name, quoted(code));
                Err(Problem::Unknown(text))
            }
        }
    }

    fn clause(&self, param: &Arc<Param>, modifier: Option<&str>, value: &str) -> Result<Clause, Issue> {
        if !param.is_offered() && param.code != "_id" {
            let text = format!("`{}` cannot be searched by here", param.code);
            return Err(Issue::error("not-supported", text));
        }
        match self.suffix(param, modifier)? {
            Suffix::Missing => missing(param, value),
            suffix @ (Suffix::Not | Suffix::Ask(Modifier::None)) if param.code == "_id" => {
                ids(&suffix, value)
            }
            Suffix::Ask(_) if param.code == "_id" => Err(refused(param, modifier)),
            Suffix::In(_) | Suffix::Related(_) if param.code == "_id" => Err(refused(param, modifier)),
            Suffix::In(negated) => self.member(param, negated, value),
            Suffix::Related(direction) => self.related(param, direction, value),
            Suffix::Not => self.index(param, Modifier::None, true, value),
            Suffix::Ask(modifier) => self.index(param, modifier, false, value),
        }
    }

    fn suffix<'m>(&self, param: &Param, modifier: Option<&'m str>) -> Result<Suffix<'m>, Issue> {
        let ask = match modifier {
            None => Modifier::None,
            Some("missing") => return Ok(Suffix::Missing),
            // The complement is defined for what is equal or not: names, dates and numbers have other means.
            Some("not") if is_discrete(param.kind) => return Ok(Suffix::Not),
            Some("exact") if param.kind == ParamKind::String => Modifier::Exact,
            Some("contains") if param.kind == ParamKind::String => Modifier::Contains,
            Some("text") if matches!(param.kind, ParamKind::Token | ParamKind::Reference) => Modifier::Text,
            Some("in") if param.kind == ParamKind::Token => return Ok(Suffix::In(false)),
            Some("not-in") if param.kind == ParamKind::Token => return Ok(Suffix::In(true)),
            Some("above") if param.kind == ParamKind::Token => return Ok(Suffix::Related(Direction::Above)),
            Some("below") if param.kind == ParamKind::Token => return Ok(Suffix::Related(Direction::Below)),
            Some("of-type") if param.kind == ParamKind::Token => Modifier::OfType,
            Some("identifier") if param.kind == ParamKind::Reference => Modifier::Identifier,
            Some("above") if param.kind == ParamKind::Uri => Modifier::Above,
            Some("below") if param.kind == ParamKind::Uri => Modifier::Below,
            Some(kind) if param.kind == ParamKind::Reference && self.is_type(param, kind) => {
                Modifier::Type(kind)
            }
            Some(_) => return Err(refused(param, modifier)),
        };
        Ok(Suffix::Ask(ask))
    }

    fn is_type(&self, param: &Param, name: &str) -> bool {
        self.definitions.resources.contains_key(name) || param.targets.iter().any(|target| target == name)
    }

    pub(super) fn index(
        &self,
        param: &Arc<Param>,
        modifier: Modifier,
        negated: bool,
        value: &str,
    ) -> Result<Clause, Issue> {
        let asking = Asking { modifier, base_url: self.options.base_url, now: self.now };
        if param.kind == ParamKind::Composite {
            let any = alternatives(value)?.into_iter().map(|one| shape::ask_composite(param, &asking, one));
            let key = Key::of(param);
            return Ok(Clause::Composite { param: param.clone(), key, any: any.collect::<Result<_, _>>()? });
        }
        let mut any = Vec::new();
        for alternative in alternatives(value)? {
            any.extend(shape::ask(&**param, &asking, alternative)?);
        }
        let key = Key { slot: param.slot, facet: shape::facet(modifier) };
        Ok(Clause::Index { param: param.clone(), key, any, negated })
    }
}

fn is_discrete(kind: ParamKind) -> bool {
    matches!(kind, ParamKind::Token | ParamKind::Reference | ParamKind::Uri)
}

/// A modifier that is not understood changes what is asked, so it is refused under lenient handling too.
fn refused(param: &Param, modifier: Option<&str>) -> Issue {
    let modifier = modifier.unwrap_or_default();
    Issue::error(
        "not-supported",
        format!("the modifier {} is not offered on `{}`", quoted(modifier), param.code),
    )
}

/// The pieces between the commas that have something in them.
pub(super) fn alternatives(value: &str) -> Result<Vec<&str>, Issue> {
    let pieces: Vec<&str> = escape::split(value, ',').into_iter().filter(|piece| !piece.is_empty()).collect();
    if pieces.is_empty() {
        return Err(Issue::error("value", "there is no value between the commas"));
    }
    if pieces.len() > MOST_ALTERNATIVES {
        return Err(Issue::error(
            "too-costly",
            format!("no more than {MOST_ALTERNATIVES} alternatives can be asked"),
        ));
    }
    Ok(pieces)
}

pub(super) fn missing(param: &Arc<Param>, value: &str) -> Result<Clause, Issue> {
    let missing = match value {
        "true" => true,
        "false" => false,
        _ => return Err(Issue::error("value", "`:missing` takes `true` or `false`")),
    };
    if param.code == "_id" {
        // Every resource has an id: nobody is missing it, and nobody is none of no ids.
        return Ok(Clause::Id { any: Vec::new(), negated: !missing });
    }
    Ok(Clause::Missing { param: param.clone(), key: Key::of(param), missing })
}

pub(super) fn ids_of(value: &str) -> Result<Vec<String>, Issue> {
    let mut any: Vec<String> = Vec::new();
    for id in alternatives(value)? {
        let id = escape::unescape(id);
        if !is_id(&id) {
            return Err(Issue::error("value", format!("{} is no id", quoted(&id))));
        }
        any.push(id.into_owned());
    }
    Ok(any)
}

fn ids(suffix: &Suffix, value: &str) -> Result<Clause, Issue> {
    Ok(Clause::Id { any: ids_of(value)?, negated: matches!(suffix, Suffix::Not) })
}
