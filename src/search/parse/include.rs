//! `_include` and `_revinclude` (<https://hl7.org/fhir/R4/search.html#revinclude>).

use std::sync::Arc;

use super::{Language, Problem};
use crate::definitions::{Param, ParamKind, ResourceType};
use crate::error::Issue;
use crate::search::Include;
use crate::search::shape::quoted;

impl Language<'_> {
    /// `Type:parameter[:Target]`, `Type:*` or `*`.
    pub(super) fn include(
        &self,
        kind: &ResourceType,
        code: &str,
        modifier: Option<&str>,
        value: &str,
    ) -> Result<Include, Problem> {
        let iterate = match modifier {
            None => false,
            Some("iterate") => true,
            Some(other) => {
                let text = format!("`{code}` takes `:iterate`, not {}", quoted(other));
                return Err(Issue::error("not-supported", text).into());
            }
        };
        let reverse = code == "_revinclude";
        let mut parts = value.split(':');
        let (from, param, target, rest) = (parts.next(), parts.next(), parts.next(), parts.next());
        if rest.is_some() || value.split(':').any(str::is_empty) {
            let text = format!("`{code}` is written `Type:parameter`, `Type:parameter:Target` or `*`");
            return Err(Issue::error("value", text).into());
        }
        let target = target.map(|name| self.served(name).map(|kind| kind.name.clone())).transpose()?;
        let sources: Vec<&ResourceType> = match from {
            None | Some("*") if reverse => {
                self.definitions.resources.values().map(Arc::as_ref).filter(|kind| kind.served).collect()
            }
            None | Some("*") => vec![kind],
            Some(name) => vec![self.served(name)?],
        };
        let mut params = Vec::new();
        for source in sources {
            let found: Vec<&Arc<Param>> = match param {
                None | Some("*") => source.params.values().filter(|param| is_reference(param)).collect(),
                Some(name) => match source.find(name)? {
                    Some(param) if is_reference(param) => vec![param],
                    Some(_) => {
                        let text = format!("`{name}` of {} is no reference", source.name);
                        return Err(Issue::error("value", text).into());
                    }
                    None => {
                        let text = format!("{} has no search parameter {}", source.name, quoted(name));
                        return Err(Problem::Unknown(text));
                    }
                },
            };
            params.extend(found.into_iter().cloned());
        }
        if param.is_none() && from != Some("*") {
            let text = format!("`{code}` needs a parameter: `Type:parameter` or `Type:*`");
            return Err(Issue::error("value", text).into());
        }
        Ok(Include { reverse, iterate, params, target })
    }
}

fn is_reference(param: &Param) -> bool {
    param.kind == ParamKind::Reference
}
