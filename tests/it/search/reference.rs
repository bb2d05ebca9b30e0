//! Reference parameters: <https://hl7.org/fhir/R4/search.html#reference>.

use serde_json::json;

use super::world::{check, probe, refused};

#[test]
fn every_way_to_write_a_reference_to_one_of_ours() {
    for written in [
        "User/7",
        "User/7/_history/3",
        "https://roster.test/fhir/R4/User/7",
        "https://roster.test/fhir/R4/User/7/_history/3",
    ] {
        check(
            probe(json!({"reference": [{ "reference": written }]})),
            &[
                ("reference=7", true),
                ("reference=User/7", true),
                ("reference=User/7/_history/9", true),
                ("reference=https://roster.test/fhir/R4/User/7", true),
                ("reference:User=7", true),
                ("reference:User=User/7", true),
                ("reference:Project=7", false),
                ("reference=Project/7", false),
                ("reference=User/8", false),
                ("reference=8,7", true),
                ("reference=https://other.test/fhir/R4/User/7", false),
                ("reference:not=7", false),
                ("reference:not=8", true),
                ("reference:missing=false", true),
            ],
        );
    }
}

#[test]
fn references_to_elsewhere_are_their_url() {
    check(
        probe(json!({"reference": [{"reference": "https://other.test/User/7"}]})),
        &[("reference=https://other.test/User/7", true), ("reference=User/7", false), ("reference=7", false)],
    );
    check(
        probe(json!({"canonical": ["http://x/ValueSet/a|1.0"]})),
        &[
            (r"canonical=http://x/ValueSet/a\|1.0", true),
            ("canonical=http://x/ValueSet/a", true),
            (r"canonical=http://x/ValueSet/a\|2.0", false),
        ],
    );
}

#[test]
fn identifier_and_words_of_a_reference() {
    let reference = json!({"identifier": {"system": "urn:a", "value": "1"}, "display": "Anna van der Berg"});
    check(
        probe(json!({ "reference": [reference] })),
        &[
            ("reference:identifier=urn:a|1", true),
            ("reference:identifier=1", true),
            ("reference:identifier=urn:b|1", false),
            ("reference:identifier=|1", false),
            ("reference=1", false),
            ("reference:text=anna", true),
            ("reference:text=berg", true),
            ("reference:text=erg", false),
            ("reference:missing=false", true),
            ("reference:not=1", true),
        ],
    );
}

#[test]
fn what_lies_within_the_resource_cannot_be_found() {
    check(
        probe(
            json!({"reference": [{"reference": "#c"}, {"reference": "urn:uuid:8c5f0f3e-1c1d-4f0c-9c67-2f3a5f0f9d11"}]}),
        ),
        &[("reference=c", false), ("reference:missing=true", false)],
    );
}

#[test]
fn what_cannot_be_asked() {
    refused(&[
        "reference=a b",
        "reference=user/7",
        "reference=User/7/8",
        "reference:User=Project/7",
        "reference:User=https://other.test/User/7",
        "reference:user=7",
        "reference:Nothing=7",
        "reference:exact=7",
        "reference:identifier=|",
        "reference=#c",
    ]);
}
