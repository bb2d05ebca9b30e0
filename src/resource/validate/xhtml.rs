//! Narrative: well-formed XHTML in one div, nothing active in it, and something to read.
//!
//! Implements <https://hl7.org/fhir/R4/narrative.html#Narrative> (txt-1, txt-2): what may be there is
//! listed, so that what nobody thought of is refused.

/// What is wrong with a narrative.
pub(super) enum Fault {
    /// It is not XHTML at all.
    Malformed(String),
    /// It says what a narrative may not say, or says nothing.
    Forbidden(String),
}

const NAMESPACE: &str = "http://www.w3.org/1999/xhtml";

const ELEMENTS: &str = "\
    a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt \
    em h1 h2 h3 h4 h5 h6 hr i img kbd li map ol p pre q samp small span strong sub sup table tbody td \
    tfoot th thead tr tt ul var";

const ATTRIBUTES: &str = "\
    xmlns xml:lang xml:space abbr accesskey align alt axis bgcolor border cellpadding cellspacing char \
    charoff charset cite class clear color colspan coords dir frame headers height href hreflang id \
    lang longdesc name nohref noshade nowrap rel rev rowspan rules scope shape size span src start \
    style summary tabindex title type usemap valign value width";

/// Ways to run or fetch something from within an attribute.
const ACTIVE: [&str; 4] = ["javascript:", "vbscript:", "data:text", "expression("];

fn listed(names: &str, name: &str) -> bool {
    names.split(' ').any(|one| one == name)
}

pub(super) fn check(text: &str) -> Result<(), Fault> {
    let mut reader = Reader { rest: text.trim(), open: Vec::new(), says: false };
    reader.document()
}

struct Reader<'a> {
    rest: &'a str,
    open: Vec<&'a str>,
    /// Text or an image was seen.
    says: bool,
}

fn malformed<T>(text: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Malformed(text.into()))
}

fn forbidden<T>(text: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Forbidden(text.into()))
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<(), Fault> {
        let is_div = self
            .rest
            .strip_prefix("<div")
            .is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()));
        if !is_div {
            return malformed("a narrative is one XHTML div");
        }
        let mut forbidden_first = None;
        loop {
            match self.part() {
                Ok(()) => {}
                // A narrative that is not even well-formed is told so first.
                Err(Fault::Forbidden(text)) => _ = forbidden_first.get_or_insert(text),
                Err(malformed) => return Err(malformed),
            }
            if self.open.is_empty() {
                break;
            }
        }
        if !self.rest.is_empty() {
            return malformed("there is more after the div of the narrative");
        }
        match forbidden_first {
            Some(text) => Err(Fault::Forbidden(text)),
            None if !self.says => forbidden("the narrative says nothing (txt-2)"),
            None => Ok(()),
        }
    }

    /// One tag, comment, or run of text.
    fn part(&mut self) -> Result<(), Fault> {
        if self.rest.is_empty() {
            return malformed(format!("the narrative ends before </{}>", self.open.last().unwrap_or(&"div")));
        }
        if let Some(comment) = self.rest.strip_prefix("<!--") {
            let Some((_, after)) = comment.split_once("-->") else {
                return malformed("a comment does not end");
            };
            self.rest = after;
            Ok(())
        } else if let Some(closing) = self.rest.strip_prefix("</") {
            self.close(closing)
        } else if let Some(opening) = self.rest.strip_prefix('<') {
            self.tag(opening)
        } else {
            let end = self.rest.find('<').unwrap_or(self.rest.len());
            let (text, after) = self.rest.split_at(end);
            self.rest = after;
            self.says |= !text.trim().is_empty();
            entities(text)
        }
    }

    fn close(&mut self, closing: &'a str) -> Result<(), Fault> {
        let Some((name, after)) = closing.split_once('>') else { return malformed("a tag does not end") };
        self.rest = after;
        match self.open.pop() {
            Some(open) if open == name.trim_end() => Ok(()),
            Some(open) => malformed(format!("<{open}> is closed by </{}>", name.trim_end())),
            None => malformed("a tag is closed that was not open"),
        }
    }

    /// An opening tag, after its bracket.
    fn tag(&mut self, opening: &'a str) -> Result<(), Fault> {
        let (name, mut rest) = split_name(opening);
        if name.is_empty() {
            return malformed("'<' must be written as &lt; in text");
        }
        let mut found = None;
        if !listed(ELEMENTS, name) {
            found = Some(format!("<{name}> may not be in a narrative (txt-1)"));
        }
        let mut namespace = None;
        let closed = loop {
            let spaced = rest.trim_start();
            if let Some(after) = spaced.strip_prefix("/>") {
                break (true, after);
            }
            if let Some(after) = spaced.strip_prefix('>') {
                break (false, after);
            }
            if spaced.len() == rest.len() {
                return malformed(format!("the tag <{name} is not well-formed"));
            }
            let (key, after) = split_name(spaced);
            let value = after.trim_start().strip_prefix('=').map(str::trim_start);
            let quoted = value.and_then(|value| {
                let quote = value.chars().next().filter(|c| *c == '"' || *c == '\'')?;
                value[1..].split_once(quote)
            });
            let Some((value, after)) = quoted.filter(|(value, _)| !key.is_empty() && !value.contains('<'))
            else {
                return malformed(format!("an attribute of <{name} is not well-formed"));
            };
            rest = after;
            entities(value)?;
            if key == "xmlns" {
                namespace = Some(value);
            }
            found = found.or_else(|| attribute(key, value));
        };
        if self.open.is_empty() && namespace != Some(NAMESPACE) {
            return malformed(format!("the div of a narrative has xmlns=\"{NAMESPACE}\""));
        }
        self.rest = closed.1;
        self.says |= name == "img";
        if !closed.0 {
            self.open.push(name);
        }
        found.map_or(Ok(()), forbidden)
    }
}

/// What an attribute does that it may not do.
fn attribute(key: &str, value: &str) -> Option<String> {
    if !listed(ATTRIBUTES, key) {
        return Some(format!("the attribute {key} may not be in a narrative (txt-1)"));
    }
    // Browsers skip white space and control characters in a scheme, and resolve character references.
    let plain: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let hidden =
        matches!(key, "href" | "src" | "style" | "longdesc" | "cite" | "usemap") && plain.contains("&#");
    let plain = plain.to_lowercase();
    (hidden || ACTIVE.iter().any(|way| plain.contains(way)))
        .then(|| format!("the attribute {key} holds something active (txt-1)"))
}

/// XML knows five entities, and numbers; those of HTML are not defined here.
fn entities(text: &str) -> Result<(), Fault> {
    for after in text.split('&').skip(1) {
        let name = after.split_once(';').map_or("", |(name, _)| name);
        let number = name.strip_prefix('#').is_some_and(|digits| match digits.strip_prefix('x') {
            Some(hex) => !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()),
            None => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()),
        });
        if !number && !["amp", "lt", "gt", "quot", "apos"].contains(&name) {
            return malformed("'&' must begin one of &amp; &lt; &gt; &quot; &apos; or a number as in &#160;");
        }
    }
    Ok(())
}

fn split_name(text: &str) -> (&str, &str) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.');
    text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()))
}
