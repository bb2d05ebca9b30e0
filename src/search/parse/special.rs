//! Conditions that are on no element (<https://hl7.org/fhir/R4/search.html#all>): `_list`, `_filter`, words; and compartments
//! (<https://hl7.org/fhir/R4/compartmentdefinition.html>), which a path names.

use super::clause::ids_of;
use super::{Language, Problem};
use crate::definitions::ResourceType;
use crate::error::Issue;
use crate::search::shape::word;
use crate::search::{Clause, Key, Other, Test, qualifier};

impl Language<'_> {
    pub(super) fn special(
        &self,
        kind: &ResourceType,
        code: &str,
        modifier: Option<&str>,
        value: &str,
    ) -> Result<Option<Clause>, Problem> {
        let clause = match code {
            "_list" => self.listed(kind, value)?,
            "_filter" => self.filter(kind, value)?,
            _ if word::is_words(code) => match kind.params.get(code) {
                Some(param) => {
                    Clause::Words { narrative: code == "_text", key: Key::of(param), any: word::ask(value)? }
                }
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        match modifier {
            None => Ok(Some(clause)),
            Some(_) => Err(Issue::error("not-supported", format!("`{code}` takes no modifier")).into()),
        }
    }

    /// What stands in a List.
    fn listed(&self, kind: &ResourceType, value: &str) -> Result<Clause, Issue> {
        let not_offered = |text: &str| Issue::error("not-supported", text);
        if value.starts_with('$') {
            return Err(not_offered("the lists that a server makes up ($current-..) are not offered here"));
        }
        let item = self.served("List")?.params.get("item");
        let item = item.ok_or_else(|| not_offered("lists cannot be searched by their items here"))?;
        let lists = Clause::Id { any: ids_of(value)?, negated: false };
        let by = Other::new("List", vec![lists]);
        let key = Key::of(item);
        Ok(Clause::Referred { by, key, qualifier: qualifier(&kind.name) })
    }

    /// Membership of a compartment; nothing where the type has no place in it.
    pub(super) fn within(&self, kind: &ResourceType, compartment: &str, id: &str) -> Option<Clause> {
        let members = self.definitions.compartments.get(compartment)?;
        let one = Some(id).filter(|id| !id.is_empty());
        let codes = members.get(&kind.name).map(Vec::as_slice).unwrap_or_default();
        let refers = codes.iter().filter_map(|code| kind.params.get(code)).map(|param| Clause::Index {
            param: param.clone(),
            key: Key::of(param),
            any: vec![Test::Term { value: one.map(str::to_owned), qualifier: Some(qualifier(compartment)) }],
            negated: false,
        });
        let mut any: Vec<Clause> = refers.collect();
        // Whom a compartment is about is in it himself.
        if kind.name == compartment && one.is_none() {
            return Some(Clause::All(Vec::new()));
        }
        if kind.name == compartment {
            any.push(Clause::Id { any: vec![id.to_owned()], negated: false });
        }
        match any.len() {
            0 => None,
            1 => any.pop(),
            _ => Some(Clause::Any(any)),
        }
    }
}
