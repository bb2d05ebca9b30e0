//! Uri parameters: <https://hl7.org/fhir/R4/search.html#uri>.

use serde_json::json;

use super::world::{check, probe, refused};

#[test]
fn whole_below_and_above() {
    check(
        probe(json!({"uri": "http://acme.org/fhir/ValueSet/1"})),
        &[
            ("uri=http://acme.org/fhir/ValueSet/1", true),
            ("uri=http://acme.org/fhir/valueset/1", false),
            ("uri=http://acme.org/fhir", false),
            ("uri:below=http://acme.org/fhir", true),
            ("uri:below=http://acme.org/fhir/", true),
            ("uri:below=http://acme.org/fhir/ValueSet/1", true),
            ("uri:below=http://acme.org/fh", false),
            ("uri:below=http://acme.org/other", false),
            ("uri:above=http://acme.org/fhir/ValueSet/1/_history/2", true),
            ("uri:above=http://acme.org/fhir/ValueSet/1", true),
            ("uri:above=http://acme.org/fhir/ValueSet", false),
            ("uri:above=http://acme.org/fhir/ValueSet/12", false),
            ("uri:not=http://acme.org/fhir", true),
            ("uri:missing=true", false),
        ],
    );
    check(
        probe(json!({"uri": "http://acme.org/"})),
        &[("uri:above=http://acme.org/a/b", true), ("uri:below=http://acme.org", true)],
    );
}

#[test]
fn long_ones_are_found_whole_and_below() {
    let long = format!("http://acme.org/{}", "x".repeat(300));
    check(
        probe(json!({ "uri": long })),
        &[(&format!("uri={long}"), true), ("uri:below=http://acme.org", true)],
    );
    refused(&[&format!("uri:below={long}")]);
}

#[test]
fn what_cannot_be_asked() {
    refused(&[
        "uri:below=urn:oid:1.2",
        "uri:above=urn:oid:1.2",
        "uri:exact=a",
        "uri:contains=a",
        "uri:text=a",
    ]);
}
