//! Conditions on other resources: chains (<https://hl7.org/fhir/R4/search.html#chaining>), and `_has`, which
//! reads a reference from its other end (<https://hl7.org/fhir/R4/search.html#has>).

use std::sync::Arc;

use super::{Language, Problem};
use crate::definitions::{Param, ParamKind, ResourceType};
use crate::error::Issue;
use crate::search::shape::quoted;
use crate::search::{Clause, Key, Other, qualifier};

/// Links of one chain.
const DEEPEST: usize = 8;

impl<'a> Language<'a> {
    /// `head.rest`, where `head` is a reference, with or without the type of its target.
    pub(super) fn chain(
        &self,
        kind: &ResourceType,
        head: &str,
        rest: &str,
        value: &str,
        depth: usize,
    ) -> Result<Clause, Problem> {
        self.through(kind, head, depth, &mut |other| self.condition(other, rest, value, depth + 1))
    }

    /// What a reference, with or without the type of its target, leads to, under the condition that
    /// `condition` makes for each type.
    pub(super) fn through(
        &self,
        kind: &ResourceType,
        head: &str,
        depth: usize,
        condition: &mut dyn FnMut(&ResourceType) -> Result<Clause, Problem>,
    ) -> Result<Clause, Problem> {
        let (code, target) = match head.split_once(':') {
            Some((code, target)) => (code, Some(target)),
            None => (head, None),
        };
        let param = self.reference(kind, code, depth)?;
        let targets = match target {
            Some(name) => vec![self.served(name)?],
            None => self.targets(&param),
        };
        let mut to = Vec::new();
        let mut problem = None;
        for other in targets {
            self.count()?;
            match condition(other) {
                Ok(clause) => to.push(Other::new(&other.name, vec![clause])),
                // What is wrong for one type may be right for another, but for its form.
                Err(one) if !matches!(problem, Some(Problem::Bad(_))) => problem = Some(one),
                Err(_) => {}
            }
        }
        match problem {
            Some(Problem::Bad(issue)) if to.is_empty() => Err(Problem::Bad(issue)),
            _ if to.is_empty() => {
                let text = format!("nothing that `{code}` refers to can be asked this");
                Err(Problem::Unknown(text))
            }
            _ => Ok(Clause::Leads { key: Key::of(&param), to }),
        }
    }

    /// What follows `_has:`: a type, its reference, and a condition.
    pub(super) fn has(
        &self,
        kind: &ResourceType,
        rest: &str,
        value: &str,
        depth: usize,
    ) -> Result<Clause, Problem> {
        let mut parts = rest.splitn(3, ':');
        let (Some(by), Some(code), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
            let text = "`_has` is written `_has:Type:reference:parameter`";
            return Err(Issue::error("value", text).into());
        };
        let (by, param) = self.referring(kind, by, code, depth)?;
        let clause = self.condition(by, name, value, depth + 1)?;
        let by = Other::new(&by.name, vec![clause]);
        Ok(Clause::Referred { by, key: Key::of(&param), qualifier: qualifier(&kind.name) })
    }

    /// A type whose reference may lead to this one, and the parameter of that reference.
    pub(super) fn referring(
        &self,
        kind: &ResourceType,
        by: &str,
        code: &str,
        depth: usize,
    ) -> Result<(&'a ResourceType, Arc<Param>), Problem> {
        let by = self.served(by)?;
        let param = self.reference(by, code, depth)?;
        if !may_lead_to(&param, kind) {
            let text = format!("`{code}` of {} does not refer to {}", by.name, kind.name);
            return Err(Issue::error("value", text).into());
        }
        Ok((by, param))
    }

    fn reference(&self, kind: &ResourceType, code: &str, depth: usize) -> Result<Arc<Param>, Problem> {
        if depth >= DEEPEST {
            let text = format!("a chain has no more than {DEEPEST} links");
            return Err(Issue::error("too-costly", text).into());
        }
        match kind.find(code)? {
            Some(param) if param.kind == ParamKind::Reference => Ok(param.clone()),
            Some(_) => {
                Err(Issue::error("value", format!("`{code}` is no reference: nothing can follow it")).into())
            }
            None => {
                let text = format!("{} has no search parameter {}", kind.name, quoted(code));
                Err(Problem::Unknown(text))
            }
        }
    }

    pub(super) fn served(&self, name: &str) -> Result<&'a ResourceType, Issue> {
        self.definitions.resources.get(name).map(Arc::as_ref).filter(|kind| kind.served).ok_or_else(|| {
            Issue::error("not-supported", format!("there is no resource type {} here", quoted(name)))
        })
    }

    /// The types that a reference may lead to.
    pub(super) fn targets(&self, param: &Param) -> Vec<&'a ResourceType> {
        let all = self.definitions.resources.values().map(Arc::as_ref);
        all.filter(|kind| kind.served && may_lead_to(param, kind)).collect()
    }
}

fn may_lead_to(param: &Param, kind: &ResourceType) -> bool {
    param.targets.is_empty()
        || param.targets.iter().any(|target| target == &kind.name || target == "Resource" || target == "Any")
}
