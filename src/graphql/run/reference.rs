//! Where a reference leads (<https://hl7.org/fhir/R4/references.html#literal>).

use crate::search::shape::is_id;

#[derive(Debug, PartialEq)]
pub(super) enum Reference<'r> {
    /// To a resource in the same resource, or with no id to that itself.
    Contained(&'r str),
    Local {
        kind: &'r str,
        id: &'r str,
        version: Option<&'r str>,
    },
    /// To another server, or to nothing that could be read.
    Elsewhere,
}

impl<'r> Reference<'r> {
    pub fn of(text: &'r str, base_url: &str) -> Self {
        if let Some(id) = text.strip_prefix('#') {
            return Self::Contained(id);
        }
        let own = text.strip_prefix(base_url).and_then(|rest| rest.strip_prefix('/'));
        let parts: Vec<&str> = own.unwrap_or(text).split('/').collect();
        match parts[..] {
            [kind, id] if is_type(kind) && is_id(id) => Self::Local { kind, id, version: None },
            [kind, id, "_history", version] if is_type(kind) && is_id(id) => {
                Self::Local { kind, id, version: Some(version) }
            }
            _ => Self::Elsewhere,
        }
    }
}

fn is_type(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::Reference::{self, Contained, Elsewhere, Local};

    #[test]
    fn a_reference_leads_here_or_elsewhere() {
        let local = |version| Local { kind: "Patient", id: "1", version };
        for (text, expected) in [
            ("Patient/1", local(None)),
            ("Patient/1/_history/2", local(Some("2"))),
            ("https://here.example/fhir/Patient/1", local(None)),
            ("https://here.example/fhirPatient/1", Elsewhere),
            ("https://there.example/fhir/Patient/1", Elsewhere),
            ("#p", Contained("p")),
            ("#", Contained("")),
            ("urn:uuid:1", Elsewhere),
            ("Patient?name=x", Elsewhere),
            ("Patient/", Elsewhere),
            ("", Elsewhere),
        ] {
            assert_eq!(Reference::of(text, "https://here.example/fhir"), expected, "{text}");
        }
    }
}
