//! The links in a resource: what a transaction rewrites when the things they lead to get their ids
//! (<https://hl7.org/fhir/R4/http.html#trules>). These are references, elements whose type is a kind of uri, and
//! the targets of `<a href>` and `<img src>` in a narrative.

use serde_json::Value;

use crate::definitions::{Content, Definitions, Node, Primitive, Role, Structure, TypeId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// `Reference.reference`.
    Reference,
    Uri,
    /// In a narrative.
    Narrative,
}

/// Gives every link to `visit`, which answers with what is to stand there instead, if anything.
pub fn relink<E>(
    definitions: &Definitions,
    resource: &mut Value,
    visit: &mut impl FnMut(Link, &str) -> Result<Option<String>, E>,
) -> Result<(), E> {
    let name = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    match definitions.resource_structure(name) {
        Some(structure) => Walk { definitions, visit }.node(structure, structure.root(), resource),
        // What it is will be found out when it is validated.
        None => Ok(()),
    }
}

struct Walk<'w, V> {
    definitions: &'w Definitions,
    visit: &'w mut V,
}

impl<E, V: FnMut(Link, &str) -> Result<Option<String>, E>> Walk<'_, V> {
    fn node(&mut self, structure: &Structure, node: &Node, value: &mut Value) -> Result<(), E> {
        let Some(object) = value.as_object_mut() else { return Ok(()) };
        if structure.role == Role::Reference {
            self.text(Link::Reference, object.get_mut("reference"))?;
        }
        for (name, child) in object.iter_mut() {
            let Some(property) = node.property(name) else { continue };
            let option = &node.elements[property.element].types[property.option];
            match (option.content, property.shadow) {
                (Content::Primitive(_, id), true) => self.each(child, |walk, one| walk.complex(id, one))?,
                (Content::Primitive(primitive, _), false) => {
                    self.each(child, |walk, one| match primitive {
                        Primitive::Uri
                        | Primitive::Url
                        | Primitive::Canonical
                        | Primitive::Oid
                        | Primitive::Uuid => walk.text(Link::Uri, Some(one)),
                        Primitive::Xhtml => walk.narrative(one),
                        _ => Ok(()),
                    })?
                }
                (Content::Complex(id), _) => self.each(child, |walk, one| walk.complex(id, one))?,
                (Content::Node(id), _) => {
                    self.each(child, |walk, one| walk.node(structure, structure.node(id), one))?;
                }
                (Content::Resource, _) => {
                    self.each(child, |walk, one| relink(walk.definitions, one, walk.visit))?;
                }
            }
        }
        Ok(())
    }

    fn each(
        &mut self,
        value: &mut Value,
        mut go: impl FnMut(&mut Self, &mut Value) -> Result<(), E>,
    ) -> Result<(), E> {
        match value {
            Value::Array(list) => list.iter_mut().try_for_each(|one| go(self, one)),
            one => go(self, one),
        }
    }

    fn complex(&mut self, id: TypeId, value: &mut Value) -> Result<(), E> {
        let structure = self.definitions.structure(id);
        self.node(structure, structure.root(), value)
    }

    fn text(&mut self, link: Link, value: Option<&mut Value>) -> Result<(), E> {
        if let Some(Value::String(text)) = value
            && let Some(new) = (self.visit)(link, text)?
        {
            *text = new;
        }
        Ok(())
    }

    /// The markup was written by a machine and is validated later: what looks like a link is one.
    fn narrative(&mut self, value: &mut Value) -> Result<(), E> {
        let Value::String(text) = value else { return Ok(()) };
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((start, quote)) = next_link(rest) {
            let (before, after) = rest.split_at(start);
            let Some(end) = after.find(quote) else { break };
            out.push_str(before);
            match (self.visit)(Link::Narrative, &after[..end])? {
                Some(new) => out.push_str(&new),
                None => out.push_str(&after[..end]),
            }
            rest = &after[end..];
        }
        out.push_str(rest);
        *text = out;
        Ok(())
    }
}

/// Where the next target begins, and the quote that ends it.
fn next_link(text: &str) -> Option<(usize, char)> {
    let openings = ["href=\"", "src=\"", "href='", "src='"];
    let found = openings.iter().filter_map(|opening| Some((text.find(opening)? + opening.len(), opening)));
    found.min().map(|(start, opening)| (start, if opening.ends_with('"') { '"' } else { '\'' }))
}

/// The reference that `text` is, resolved against the address of the resource it stands in
/// (<https://hl7.org/fhir/R4/bundle.html#references>).
pub fn absolute(text: &str, full_url: &str) -> Option<String> {
    let relative = text.split('/').count() == 2 && !text.contains([':', '?', '#']);
    let mut parts = full_url.rsplitn(3, '/');
    let (_id, _kind, base) = (parts.next()?, parts.next()?, parts.next()?);
    (relative && base.starts_with("http")).then(|| format!("{base}/{text}"))
}
