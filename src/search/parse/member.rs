//! Tokens by what is known of their codes: `:in` and `:not-in` a value set, `:above` and `:below` in the
//! hierarchy of a code system (<https://hl7.org/fhir/R4/search.html#token>).

use std::sync::Arc;

use super::Language;
use super::clause::alternatives;
use crate::definitions::Param;
use crate::error::Issue;
use crate::search::shape::{is_implied, quoted};
use crate::search::{Clause, Code, Direction, Key, Test, escape, qualifier};

impl Language<'_> {
    pub(super) fn member(&self, param: &Arc<Param>, negated: bool, value: &str) -> Result<Clause, Issue> {
        let mut codes = Vec::new();
        for alternative in alternatives(value)? {
            codes.extend(self.options.terminology.expand(&escape::unescape(alternative))?);
        }
        Ok(any_of(param, negated, codes))
    }

    pub(super) fn related(
        &self,
        param: &Arc<Param>,
        direction: Direction,
        value: &str,
    ) -> Result<Clause, Issue> {
        let mut codes = Vec::new();
        for alternative in alternatives(value)? {
            let (system, code) = match escape::split_once(alternative, '|') {
                Some((system, code)) if !system.is_empty() && !code.is_empty() => (system, code),
                _ => {
                    let text =
                        format!("{} names no code of a system: give `system|code`", quoted(alternative));
                    return Err(Issue::error("value", text));
                }
            };
            let (system, code) = (escape::unescape(system), escape::unescape(code));
            codes.extend(self.options.terminology.related(&system, &code, direction)?);
        }
        Ok(any_of(param, false, codes))
    }
}

fn any_of(param: &Arc<Param>, negated: bool, codes: Vec<Code>) -> Clause {
    let mut any = Vec::with_capacity(codes.len());
    for (system, code) in codes {
        let test = |qualifier| Test::term(&code, qualifier);
        // What the definition binds to a system is stored without it.
        if system.is_empty() || is_implied(&**param, &system, &code) {
            any.push(test(0));
        }
        if !system.is_empty() {
            any.push(test(qualifier(&system)));
        }
    }
    let key = Key::of(param);
    Clause::Index { param: param.clone(), key, any, negated }
}
