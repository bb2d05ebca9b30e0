//! Attribute paths (<https://www.rfc-editor.org/rfc/rfc7644#section-3.10>), as a filter, a patch, a sort order and a list
//! of attributes have them: `userName`, `name.familyName`, `urn:…:User:department`; and what they lead to.

use super::schema::{Attribute, Kind, Resource};

/// A path as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    pub urn: Option<String>,
    pub name: String,
    pub sub: Option<String>,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Of the extension that the attribute is of.
    pub extension: Option<&'static str>,
    pub attribute: &'static Attribute,
    pub sub: Option<&'static Attribute>,
}

impl Path {
    pub fn read(text: &str) -> Option<Self> {
        let (urn, rest) = match text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:")) {
            true => text.rsplit_once(':').map(|(urn, rest)| (Some(urn.to_owned()), rest))?,
            false => (None, text),
        };
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub.to_owned())),
            None => (rest, None),
        };
        let legal = |name: &str| {
            !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || "-_$".contains(char))
        };
        let fits = legal(name) && sub.as_deref().is_none_or(legal);
        fits.then(|| Self { urn, name: name.to_owned(), sub })
    }

    /// Where it leads in a resource of this type.
    pub fn find(&self, kind: &'static Resource) -> Option<Place> {
        let (extension, attribute) = match &self.urn {
            None => (None, kind.find(&self.name)?),
            Some(urn) if urn.eq_ignore_ascii_case(&kind.core.id) => (None, kind.find(&self.name)?),
            Some(urn) => {
                let schema = kind.extension(urn)?;
                (Some(schema.id.as_str()), schema.find(&self.name)?)
            }
        };
        let sub = match &self.sub {
            Some(sub) => Some(attribute.sub(sub)?),
            None => None,
        };
        Some(Place { extension, attribute, sub })
    }
}

impl Place {
    /// The attribute whose values are meant: of several complex values their `value`.
    pub fn compared(&self) -> Option<&'static Attribute> {
        match self.sub {
            Some(sub) => Some(sub),
            None if self.attribute.kind != Kind::Complex => Some(self.attribute),
            None if self.attribute.multi_valued => self.attribute.sub("value"),
            None => None,
        }
    }

    /// Its name with dots, as values are indexed.
    pub fn dotted(&self) -> String {
        let sub = self.sub.or(match self.attribute.kind {
            Kind::Complex if self.attribute.multi_valued => self.attribute.sub("value"),
            _ => None,
        });
        match sub {
            Some(sub) => format!("{}.{}", self.attribute.name, sub.name),
            None => self.attribute.name.clone(),
        }
    }
}
