//! Reads a narrative as XML, strictly: what it does not know is refused.
//! Clause: <https://hl7.org/fhir/R4/narrative.html#xhtml>.

use super::html::{NAMESPACE, attribute_allowed, element_allowed};

/// Whether the text is one well-formed `div` of allowed markup with something to see in it.
pub(super) fn is_narrative(text: &str) -> bool {
    Reader { rest: text.trim() }.document().is_some()
}

struct Reader<'t> {
    rest: &'t str,
}

/// Each step is `None` as soon as the text is not well-formed or not allowed.
impl<'t> Reader<'t> {
    /// One `div` in the namespace of XHTML, with something to see in it.
    fn document(&mut self) -> Option<()> {
        let mut open: Vec<&str> = Vec::new();
        let mut visible = false;
        if !self.rest.starts_with("<div") {
            return None;
        }
        while !self.rest.is_empty() {
            if let Some(rest) = self.rest.strip_prefix("<!--") {
                let (inside, rest) = rest.split_once("-->")?;
                self.rest = rest;
                if inside.contains("--") {
                    return None;
                }
            } else if let Some(rest) = self.rest.strip_prefix("</") {
                let (name, rest) = rest.split_once('>')?;
                self.rest = rest;
                if open.pop() != Some(name.trim_end()) {
                    return None;
                }
                if open.is_empty() {
                    return (self.rest.is_empty() && visible).then_some(());
                }
            } else if let Some(rest) = self.rest.strip_prefix('<') {
                self.rest = rest;
                let (name, closed) = self.tag(open.is_empty())?;
                visible |= name == "img";
                if !closed {
                    open.push(name);
                } else if open.is_empty() {
                    return None;
                }
            } else {
                visible |= self.text()?;
            }
        }
        None
    }

    /// The rest of an opening tag: its name, and whether it closes itself.
    fn tag(&mut self, root: bool) -> Option<(&'t str, bool)> {
        let name = self.name()?;
        let mut namespace = None;
        let mut seen: Vec<&str> = Vec::new();
        if !element_allowed(name) {
            return None;
        }
        loop {
            let trimmed = self.rest.trim_start();
            let spaced = trimmed.len() < self.rest.len();
            self.rest = trimmed;
            let closed = self.rest.strip_prefix("/>").map(|rest| (rest, true));
            let end = closed.or_else(|| self.rest.strip_prefix('>').map(|rest| (rest, false)));
            if let Some((rest, closed)) = end {
                self.rest = rest;
                let own = if root { namespace == Some(NAMESPACE) } else { true };
                return own.then_some((name, closed));
            }
            let (attribute, value) = self.attribute().filter(|_| spaced)?;
            if seen.contains(&attribute) || !attribute_allowed(name, attribute, value) {
                return None;
            }
            if attribute == "xmlns" {
                namespace = Some(value);
            }
            seen.push(attribute);
        }
    }

    fn attribute(&mut self) -> Option<(&'t str, &'t str)> {
        let name = self.name()?;
        let rest = self.rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, rest) = rest.strip_prefix(quote)?.split_once(quote)?;
        self.rest = rest;
        (!value.contains('<') && entities(value)).then_some((name, value))
    }

    fn name(&mut self) -> Option<&'t str> {
        let end = self.rest.find(|letter: char| {
            !letter.is_ascii_alphanumeric() && !matches!(letter, ':' | '-' | '_' | '.')
        })?;
        let (name, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (!name.is_empty()).then_some(name)
    }

    /// Text up to the next tag, and whether there is anything to see in it.
    fn text(&mut self) -> Option<bool> {
        let end = self.rest.find('<').unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        let sound = entities(text) && !text.contains("]]>");
        sound.then(|| !text.trim().is_empty())
    }
}

/// Whether each ampersand begins an entity that XML itself knows.
fn entities(text: &str) -> bool {
    text.split('&').skip(1).all(|after| {
        let Some((name, _)) = after.split_once(';') else {
            return false;
        };
        if let Some(code) = name.strip_prefix('#') {
            let number = match code.strip_prefix('x') {
                Some(code) => u32::from_str_radix(code, 16).ok(),
                None => code.parse().ok(),
            };
            return number.and_then(char::from_u32).is_some();
        }
        matches!(name, "amp" | "lt" | "gt" | "quot" | "apos")
    })
}
