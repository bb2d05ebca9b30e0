//! The query part of a page's links.
//!
//! <https://hl7.org/fhir/R4/search.html#conformance>: the self link says which parameters were really used;
//! the paging links are those and our cursor.

use super::{Cursor, Query};

/// Our own parameter, in the links of a page.
pub const CURSOR: &str = "_cursor";

impl Query {
    /// The query string of the self link, without `?`; empty when nothing was asked.
    pub fn self_link(&self) -> String {
        query(self.used.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// The query string of the link to the page at this cursor.
    pub fn page_link(&self, cursor: &Cursor) -> String {
        let mut link = self.self_link();
        append(&mut link, CURSOR, &cursor.encode(self));
        link
    }
}

/// A query string of these parameters, without `?`.
pub fn query<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut link = String::new();
    for (name, value) in parameters {
        append(&mut link, name, value);
    }
    link
}

fn append(link: &mut String, name: &str, value: &str) {
    if !link.is_empty() {
        link.push('&');
    }
    encode(link, name);
    link.push('=');
    encode(link, value);
}

/// Percent-encodes all that <https://www.rfc-editor.org/rfc/rfc3986#section-3.4> does not allow in a query
/// or that a form decoder would read otherwise.
fn encode(link: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => link.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b':' | b',' | b'/' | b'$' => link.push(char::from(byte)),
            _ => {
                link.push('%');
                link.push(char::from(HEX[usize::from(byte >> 4)]));
                link.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}
