//! String parameters: <https://hl7.org/fhir/R4/search.html#string>.

use serde_json::json;

use super::world::{check, probe, refused};

#[test]
fn texts_are_found_from_their_start_without_case_and_accents() {
    check(
        probe(json!({"string": "Éve  O'Neil"})),
        &[
            ("string=eve", true),
            ("string=ÉVE", true),
            ("string=E\u{301}ve", true),
            ("string=eve o'n", true),
            ("string=Éve o", true),
            ("string=neil", false),
            ("string=ve", false),
            ("string=eve,zoe", true),
            ("string=zoe,,eve", true),
            ("string=eve&string=e", true),
            ("string=eve&string=zoe", false),
            ("string:exact=Éve  O'Neil", true),
            ("string:exact=Éve", false),
            ("string:exact=éve  o'neil", false),
            ("string:exact=Eve  O'Neil", false),
            ("string:contains=NEIL", true),
            ("string:contains=e o", true),
            ("string:contains=ne", true),
            ("string:contains=zoe", false),
            ("string:missing=true", false),
            ("string:missing=false", true),
        ],
    );
}

#[test]
fn other_scripts_are_folded_with_care() {
    check(
        probe(json!({"string": "ΝΊΚΟΣ"})),
        &[("string=νίκος", true), ("string=νικοσ", true), ("string=Νίκ", true), ("string=κος", false)],
    );
    check(probe(json!({"string": "ガク"})), &[("string=ガ", true), ("string=カ", false), ("string=ｶﾞ", true)]);
    check(probe(json!({"string": "Straße"})), &[("string=STRASSE", false), ("string=straße", true)]);
    check(probe(json!({"string": "İstanbul"})), &[("string=istanbul", true)]);
    check(probe(json!({"string": "Йовчев"})), &[("string=йов", true)]);
}

#[test]
fn what_is_written_in_small_letters_is_exact_too() {
    check(
        probe(json!({"string": "eve"})),
        &[("string:exact=eve", true), ("string:exact=Eve", false), ("string=EVE", true)],
    );
}

#[test]
fn any_part_of_a_name_may_begin_so() {
    let name = json!({"family": "van der Berg", "given": ["Anna", "María José"], "prefix": ["Dr."], "text": "Dr. Berg"});
    check(
        probe(json!({"humanName": [name, {"family": "Novák"}]})),
        &[
            ("human-name=anna", true),
            ("human-name=van der b", true),
            ("human-name=berg", true),
            ("human-name=jose", true),
            ("human-name=dr", true),
            ("human-name=NOVAK", true),
            ("human-name=erg", false),
            ("human-name=anna maria", false),
            ("human-name:contains=ar", true),
            ("human-name:exact=van der Berg", true),
            ("human-name:exact=Berg", false),
            ("human-name:exact=María José", true),
            ("human-name:exact=José", false),
            ("human-name:exact=Novák", true),
            ("human-name:missing=true", false),
        ],
    );
}

#[test]
fn any_part_of_an_address_may_begin_so() {
    check(
        probe(
            json!({"address": {"line": ["12 Main Street"], "city": "Zürich", "postalCode": "8001", "country": "CH"}}),
        ),
        &[
            ("address=main", true),
            ("address=12 main", true),
            ("address=zurich", true),
            ("address=80", true),
            ("address=ch", true),
            ("address=basel", false),
        ],
    );
}

#[test]
fn escaped_separators_are_letters() {
    check(
        probe(json!({"string": "a,b$c|d\\e"})),
        &[
            (r"string=a\,b", true),
            (r"string=a\,b\$c\|d\\e", true),
            (r"string=a\,b$c|d\e", true),
            (r"string:exact=a\,b\$c\|d\\e", true),
            ("string=a,b", true),
            ("string=x,b", false),
            (r"string=x\,a", false),
        ],
    );
}

#[test]
fn long_texts_are_found_by_their_beginning() {
    let long = "A".repeat(300);
    check(
        probe(json!({"string": long})),
        &[
            (&format!("string={}", "a".repeat(256)), true),
            (&format!("string:exact={}", "A".repeat(256)), false),
            (&format!("string:contains={}", "a".repeat(100)), true),
        ],
    );
    let fits = "A".repeat(256);
    check(probe(json!({"string": fits})), &[(&format!("string:exact={fits}"), true)]);
    refused(&[&format!("string={}", "a".repeat(257)), &format!("string:exact={}", "a".repeat(257))]);
}

#[test]
fn what_cannot_be_asked() {
    refused(&[
        "string=,",
        "string= ",
        "string=\u{301}",
        "string=a\0b",
        "string:missing=yes",
        "string:missing=true,false",
        "string:not=a",
        "string:text=a",
        "string:above=a",
        "string:Patient=a",
        "string:foo=a",
        "string:=a",
        "string:exact:exact=a",
    ]);
}
