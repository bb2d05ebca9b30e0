//! Token parameters: <https://hl7.org/fhir/R4/search.html#token>.

use serde_json::json;

use super::world::{check, probe, refused};

#[test]
fn identifiers() {
    let with = json!({"system": "urn:a", "value": "1", "type": {"text": "Staff number"}});
    check(
        probe(json!({"identifier": [with, {"value": "Two"}, {"system": "urn:c"}]})),
        &[
            ("identifier=1", true),
            ("identifier=urn:a|1", true),
            ("identifier=urn:b|1", false),
            ("identifier=|1", false),
            ("identifier=urn:a|", true),
            ("identifier=urn:b|", false),
            ("identifier=urn:c|", true),
            ("identifier=|Two", true),
            ("identifier=Two", true),
            ("identifier=two", false),
            ("identifier=urn:a|Two", false),
            ("identifier=x,urn:a|1", true),
            ("identifier:not=1", false),
            ("identifier:not=3", true),
            ("identifier:not=3,Two", false),
            ("identifier:text=staff", true),
            ("identifier:text=number", true),
            ("identifier:text=umber", false),
            ("identifier:missing=false", true),
        ],
    );
}

#[test]
fn concepts_and_codings() {
    let concept = json!({"coding": [{"system": "urn:s", "code": "a", "display": "Apple"}, {"code": "b"}], "text": "Fruit"});
    check(
        probe(json!({"codeableConcept": [concept], "coding": {"system": "urn:s", "code": "x|y"}})),
        &[
            ("codeable-concept=a", true),
            ("codeable-concept=urn:s|a", true),
            ("codeable-concept=|b", true),
            ("codeable-concept=urn:s|b", false),
            ("codeable-concept=A", false),
            ("codeable-concept=Fruit", false),
            ("codeable-concept:text=fruit", true),
            ("codeable-concept:text=apple", true),
            ("codeable-concept:not=a", false),
            (r"coding=urn:s|x\|y", true),
            (r"coding=x\|y", true),
        ],
    );
    check(
        probe(json!({"codeableConcept": [{"text": "Fruit"}]})),
        &[
            ("codeable-concept:missing=false", true),
            ("codeable-concept:not=a", true),
            ("codeable-concept:text=fruit", true),
            ("coding:missing=true", true),
        ],
    );
}

#[test]
fn plain_values() {
    check(
        probe(json!({"boolean": false, "code": "male", "integer": 7})),
        &[
            ("boolean=false", true),
            ("boolean=False", true),
            ("boolean=true", false),
            ("boolean:not=true", true),
            ("code=male", true),
            ("code=Male", false),
            ("code=|male", true),
            ("code:not=female", true),
            ("integer-token=7", true),
        ],
    );
}

#[test]
fn contact_points_are_folded() {
    let telecom = json!([
        {"system": "email", "value": "Anna@X.org"},
        {"system": "phone", "value": "+41 (44) 123-45"},
        {"system": "url", "value": "https://X.org/Anna"},
    ]);
    check(
        probe(json!({ "telecom": telecom, "identifier": [{"value": "Anna@X.org"}] })),
        &[
            ("telecom=anna@x.org", true),
            ("telecom=Anna@X.org", true),
            ("telecom=ANNA@x.org", true),
            ("telecom=anna@x", false),
            ("telecom=+41 (44) 123-45", true),
            ("telecom=414412345", true),
            ("telecom= 41 44 123 45", true),
            ("telecom=4412345", false),
            ("telecom=https://X.org/Anna", true),
            ("telecom=https://x.org/anna", false),
            ("identifier=anna@x.org", false),
            ("identifier=Anna@X.org", true),
        ],
    );
}

#[test]
fn pairs_of_a_name_and_a_value() {
    let metadata =
        json!([{"name": "team", "valueString": "Blue"}, {"name": "size", "valueInteger": 3}, {"name": "x"}]);
    check(
        probe(json!({ "metadata": metadata })),
        &[
            ("metadata=team|Blue", true),
            ("metadata=team|blue", false),
            ("metadata=size|3", true),
            ("metadata=size|Blue", false),
            ("metadata=Blue", true),
            ("metadata=team|", true),
            ("metadata=x|", true),
            ("metadata=y|", false),
        ],
    );
}

#[test]
fn nothing_there() {
    check(
        probe(json!({})),
        &[
            ("identifier=1", false),
            ("identifier:not=1", true),
            ("identifier:missing=true", true),
            ("identifier:missing=false", false),
            ("boolean:not=true", true),
        ],
    );
}

#[test]
fn long_values_are_compared_whole() {
    let (one, other) = (format!("{}1", "x".repeat(300)), format!("{}2", "x".repeat(300)));
    check(
        probe(json!({"identifier": [{"value": one}]})),
        &[
            (&format!("identifier={one}"), true),
            (&format!("identifier=|{one}"), true),
            (&format!("identifier={other}"), false),
        ],
    );
}

#[test]
fn the_common_parameters() {
    let meta = json!({"tag": [{"system": "urn:t", "code": "red"}], "security": [{"code": "R"}], "profile": ["http://p/1"], "source": "http://s#1"});
    check(
        probe(json!({ "meta": meta })),
        &[
            ("_id=p1", true),
            ("_id=p2", false),
            ("_id=p2,p1", true),
            ("_id:not=p1", false),
            ("_id:not=p2", true),
            ("_id:missing=false", true),
            ("_id:missing=true", false),
            ("_tag=urn:t|red", true),
            ("_tag:not=red", false),
            ("_security=R", true),
            ("_profile=http://p/1", true),
            ("_source=http://s#1", true),
        ],
    );
}

#[test]
fn what_cannot_be_asked() {
    refused(&[
        "identifier=|",
        "identifier=a|b|c",
        "identifier:in=http://v",
        "identifier:not-in=http://v",
        "identifier:above=a",
        "identifier:below=a",
        "identifier:exact=a",
        "identifier:identifier=a",
        "_id=a/b",
        "_id:exact=a",
        "_id:text=a",
    ]);
}
