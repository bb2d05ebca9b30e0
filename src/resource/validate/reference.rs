//! References: their form, whether they may point there, and local ones to what is contained.
//!
//! Implements <https://hl7.org/fhir/R4/references.html#literal> and #contained. Whether a target exists is
//! not a question to the resource alone.

use serde_json::Value;

use super::{Object, Walk, Within, primitive};
use crate::definitions::{Element, ElementType};

/// What the text of a reference says.
enum Target<'t> {
    /// The type it names, if it is on this server or written like an address of a FHIR server.
    Type(&'t str),
    /// `#id`, or `#` for the container.
    Local(&'t str),
    /// Somewhere, of some type.
    Elsewhere,
}

impl<'a> Walk<'a> {
    pub(super) fn reference(&mut self, object: &'a Object, element: &'a Element, option: &'a ElementType) {
        let stated =
            object.get("type").and_then(Value::as_str).map(|name| name.rsplit('/').next().unwrap_or(name));
        let mut found = None;
        if let Some(text) = object.get("reference").and_then(Value::as_str).filter(|text| !text.is_empty()) {
            match target(text, self.within == Within::Carrier) {
                Some(Target::Type(name)) => found = Some(name),
                Some(Target::Local(id)) => match self.local(id) {
                    Some(one) => {
                        found =
                            one.get("resourceType").and_then(Value::as_str).filter(|name| self.knows(name))
                    }
                    None => {
                        return self
                            .issue("invariant", format!("nothing contained has the id '{id}' (ref-1)"));
                    }
                },
                Some(Target::Elsewhere) => {}
                None if element.variable && text.strip_prefix('%').is_some_and(is_variable) => {}
                None => {
                    let text = format!("'{text}' is neither Type/id nor an absolute address, a urn, or #id");
                    return self.issue_at("reference", "value", text);
                }
            }
        }
        if let (Some(stated), Some(found)) = (stated, found)
            && stated != found
        {
            self.issue_at("type", "value", format!("it says {stated}, but the reference is to {found}"));
        }
        let Some(name) = found.or(stated).filter(|_| !option.targets.is_empty()) else { return };
        // Nearly always it is one of those that are named, and whence it derives need not be looked up.
        let named = option.targets.iter().any(|target| target == name);
        if !named && !option.targets.iter().any(|target| self.derives(name, target)) {
            let (part, list) =
                (if found.is_some() { "reference" } else { "type" }, option.targets.join(", "));
            self.issue_at(part, "value", format!("it may point to {list}, not to {name}"));
        }
    }

    /// What a local reference points to. What that is worth is an issue of its own.
    fn local(&self, id: &str) -> Option<&'a Value> {
        if id.is_empty() {
            return (self.within == Within::Container).then_some(self.container);
        }
        let contained = self.container.get("contained")?.as_array()?;
        contained.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(id))
    }

    fn knows(&self, name: &str) -> bool {
        self.definitions.resource_structure(name).is_some()
    }

    fn derives(&self, name: &str, ancestor: &str) -> bool {
        let find = |name: &str| self.definitions.structures.get(name).and_then(|one| one.base.as_deref());
        std::iter::successors(find(name), |base| find(base)).take(16).any(|base| base == ancestor)
    }
}

/// The type that a literal reference names.
pub(super) fn named_type(text: &str) -> Option<&str> {
    match target(text, true) {
        Some(Target::Type(name)) => Some(name),
        _ => None,
    }
}

/// Understands a literal reference. Conditional ones are for the entries of a transaction.
fn target(text: &str, conditional: bool) -> Option<Target<'_>> {
    if let Some(id) = text.strip_prefix('#') {
        return (id.is_empty() || primitive::is_id(id)).then_some(Target::Local(id));
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    if let Some((name, query)) = text.split_once('?')
        && is_type_name(name)
    {
        return (conditional && !query.is_empty()).then_some(Target::Type(name));
    }
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    let is_absolute = scheme.is_some_and(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    });
    let address = text.split_once("/_history/").map_or(text, |(address, _)| address);
    let named = address.rsplit_once('/').and_then(|(above, id)| {
        let name = above.rsplit('/').next().unwrap_or(above);
        (is_type_name(name) && primitive::is_id(id)).then_some((name, above.len() == name.len()))
    });
    match named {
        Some((name, true)) => Some(Target::Type(name)),
        Some((name, false)) if is_absolute && text.starts_with("http") => Some(Target::Type(name)),
        _ => is_absolute.then_some(Target::Elsewhere),
    }
}

fn is_type_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// A variable is a name, and perhaps a path into what it holds.
fn is_variable(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}
