//! Bundles (<https://hl7.org/fhir/R4/bundle.html>), put together from stored texts without reading them.

use serde_json::Value;
use uuid::Uuid;

use crate::http::reply::{etag, instant};
use crate::repo::Change;

const AUTHOR: &str = "https://roster.dev/fhir/StructureDefinition/author";

/// A bundle under construction.
pub(super) struct Bundle {
    text: Vec<u8>,
    links: usize,
    entries: usize,
}

/// Why a resource is in a searchset.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mode {
    Match,
    Include,
}

/// The address below which the resources of a type are: made once for all entries of a page.
pub(super) struct Place(String);

impl Place {
    pub fn of(base: &str, kind: &str) -> Self {
        let mut text = quoted(&format!("{base}/{kind}/"));
        text.pop();
        Self(text)
    }
}

impl Bundle {
    pub fn new(kind: &str, total: Option<u64>) -> Self {
        let mut text = Vec::with_capacity(16 * 1024);
        let id = Uuid::new_v4();
        text.extend(format!(r#"{{"resourceType":"Bundle","id":"{id}","type":"{kind}""#).bytes());
        if let Some(total) = total {
            text.extend(format!(r#","total":{total}"#).bytes());
        }
        Self { text, links: 0, entries: 0 }
    }

    /// Links come before the first entry.
    pub fn link(&mut self, relation: &str, url: &str) {
        self.push(if self.links == 0 { r#","link":["# } else { "," });
        self.links += 1;
        self.push(&format!(r#"{{"relation":"{relation}","url":{}}}"#, quoted(url)));
    }

    /// A resource that a search found. Of its id no character has to be escaped.
    pub fn found(&mut self, place: &Place, id: &str, body: &[u8], mode: Mode) {
        self.entry();
        self.push(r#""fullUrl":"#);
        self.push(&place.0);
        self.push(id);
        self.push(r#"","resource":"#);
        self.text.extend_from_slice(body);
        self.push(match mode {
            Mode::Match => r#","search":{"mode":"match"}}"#,
            Mode::Include => r#","search":{"mode":"include"}}"#,
        });
    }

    /// Something that was found and is no resource with an address.
    pub fn part(&mut self, body: &Value) {
        self.entry();
        self.push(&format!(r#""resource":{body},"search":{{"mode":"match"}}}}"#));
    }

    /// What the server has to say about the search.
    pub fn remark(&mut self, outcome: &Value) {
        self.entry();
        self.push(&format!(r#""resource":{outcome},"search":{{"mode":"outcome"}}}}"#));
    }

    /// An entry of a history.
    pub fn version(&mut self, base: &str, change: &Change) {
        let Change { kind, id, created, version, author } = change;
        self.entry();
        self.push(&format!(r#""fullUrl":{}"#, quoted(&format!("{base}/{kind}/{id}"))));
        if let Some(author) = author {
            let author = quoted(author);
            self.push(&format!(
                r#","extension":[{{"url":"{AUTHOR}","valueReference":{{"reference":{author}}}}}]"#
            ));
        }
        if !version.deleted {
            self.push(r#","resource":"#);
            self.text.extend(version.body.bytes());
        }
        let (method, url, status) = match (version.deleted, created) {
            (true, _) => ("DELETE", format!("{kind}/{id}"), "204"),
            (false, true) if version.version == 1 => ("POST", kind.clone(), "201"),
            (false, true) => ("PUT", format!("{kind}/{id}"), "201"),
            (false, false) => ("PUT", format!("{kind}/{id}"), "200"),
        };
        let at = instant(version.updated);
        let tag = quoted(&etag(version.version));
        self.push(&format!(
            r#","request":{{"method":"{method}","url":{}}},"response":{{"status":"{status}","etag":{tag},"lastModified":"{at}"}}}}"#,
            quoted(&url),
        ));
    }

    pub fn finish(mut self) -> Vec<u8> {
        // The list that was opened last.
        if self.entries > 0 || self.links > 0 {
            self.push("]");
        }
        self.push("}");
        self.text
    }

    /// Opens an entry.
    fn entry(&mut self) {
        if self.entries == 0 {
            self.push(if self.links > 0 { r#"],"entry":[{"# } else { r#","entry":[{"# });
        } else {
            self.push(",{");
        }
        self.entries += 1;
    }

    fn push(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
