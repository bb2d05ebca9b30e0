//! Entries, their edges, unique keys and trigrams.

use roster::search::index::unique_keys;
use roster::search::{Entry, EntryValue, Facet, HIGHEST, LOWEST, gram, qualifier};
use serde_json::{Value, json};

use super::world::{DEFINITIONS, check, entries, probe};

fn of<'a>(entries: &'a [Entry], code: &str) -> Vec<&'a Entry> {
    let slot = DEFINITIONS.resources["Probe"].params[code].slot;
    entries.iter().filter(|entry| entry.key.slot == slot && entry.key.facet == Facet::Value).collect()
}

#[test]
fn entries_are_in_order_and_each_once() {
    let probe =
        probe(json!({"codeableConcept": [{"coding": [{"code": "b"}, {"code": "a"}, {"code": "b"}]}]}));
    let entries = entries(&probe);
    assert!(entries.is_sorted());
    let values: Vec<_> =
        of(&entries, "codeable-concept").iter().map(|entry| (&entry.value, entry.edge)).collect();
    let term = |value: &str| EntryValue::Term { value: value.to_owned(), qualifier: 0 };
    assert_eq!(values, [(&term("a"), LOWEST), (&term("b"), HIGHEST)]);
}

#[test]
fn of_a_single_value_both_edges() {
    let entries = entries(&probe(json!({"string": "Éve"})));
    let [entry] = of(&entries, "string")[..] else { panic!("one entry") };
    assert_eq!(entry.edge, LOWEST | HIGHEST);
    assert_eq!(entry.value, EntryValue::Text { folded: "eve".to_owned(), exact: "Éve".to_owned() });
}

#[test]
fn ranges_are_ordered_by_their_low_ends() {
    let periods = json!([
        {"start": "2019-01-01", "end": "2022-01-01"},
        {"start": "2020-01-01", "end": "2020-06-01"},
        {"start": "2018-01-01", "end": "2018-06-01"},
    ]);
    let entries = entries(&probe(json!({ "period": periods })));
    let edges: Vec<_> = of(&entries, "period").iter().map(|entry| entry.edge).collect();
    assert_eq!(edges, [LOWEST, 0, HIGHEST]);
}

#[test]
fn a_qualifier_is_never_that_of_no_system() {
    assert_ne!(qualifier(""), 0);
    assert_ne!(qualifier("User"), qualifier("Project"));
}

#[test]
fn computed_values_are_indexed() {
    check(probe(json!({"string": "a"})), &[("has-string=true", true), ("has-string=false", false)]);
    check(probe(json!({})), &[("has-string=false", true)]);
}

#[test]
fn unique_keys_ignore_case_but_not_accents() {
    let keys = |elements: Value| unique_keys(&DEFINITIONS.resources["Probe"], &entries(&probe(elements)));
    let eve = keys(json!({"string": "É@X.org"}));
    assert_eq!(eve.len(), 1);
    assert_eq!(eve, keys(json!({"string": "e\u{301}@x.ORG"})));
    assert_ne!(eve, keys(json!({"string": "e@x.org"})));
    let tokens = keys(
        json!({"identifier": [{"system": "urn:a", "value": "1"}, {"value": "1"}, {"type": {"text": "x"}}]}),
    );
    assert_eq!(tokens.len(), 2);
    assert!(tokens.iter().any(|(_, key)| key == "0|1"));
    assert!(keys(json!({})).is_empty());
}

#[test]
fn odd_resources_do_no_harm() {
    for elements in [
        json!({"string": ["a", null, 5, {}], "humanName": "x", "identifier": [[], 1, {"value": 5}], "date": {}}),
        json!({"reference": {"reference": ""}, "period": [{"start": "x"}], "timing": {"event": "2020"}}),
        json!({"decimal": "1", "integer": true, "meta": 5, "telecom": {"value": ""}, "metadata": [{"name": ""}]}),
        json!({"period": [{"start": "2021", "end": "2020"}], "string": "\u{0}a\u{0}", "uri": "\u{0}"}),
    ] {
        for entry in entries(&probe(elements)) {
            let text = format!("{:?}", entry.value);
            assert!(!text.contains("\\0"), "{text}");
        }
    }
}

#[test]
fn a_user_is_found() {
    let user = json!({
        "resourceType": "User", "id": "u1", "active": true, "firstName": "Éva", "lastName": "Novák",
        "displayName": "Dr. Éva", "email": "eva@x.org", "emailVerified": false, "externalId": "E-1",
        "identifier": [{"system": "urn:a", "value": "1"}], "telecom": [{"system": "phone", "value": "+1 555 0100"}],
        "metadata": [{"name": "team", "valueString": "blue"}], "project": {"reference": "Project/p"},
    });
    check(
        user,
        &[
            ("email=EVA@x", true),
            ("email:exact=eva@x.org", true),
            ("name=nov", true),
            ("name=dr", true),
            ("given=eva&family=novak", true),
            ("active=true", true),
            ("active:not=true", false),
            ("email-verified=false", true),
            ("phone=15550100", true),
            ("metadata=team|blue", true),
            ("project=Project/p", true),
            ("identifier=urn:a|1", true),
            ("external-id=e-1", true),
        ],
    );
}

#[test]
fn trigrams() {
    let entries = entries(&probe(json!({"string": "Éve O'Neil", "humanName": [{"family": "Neil"}]})));
    let grams = gram::Hashes::all(1, 2, &entries).trigrams.expect("all of them");
    assert!(grams.is_sorted_by(|a, b| a < b));
    let within = |asked: Vec<u32>| asked.iter().all(|hash| grams.contains(hash));
    for part in ["eve", "neil", "e o'n"] {
        assert!(!gram::ask(1, 2, part).is_empty() && within(gram::ask(1, 2, part)), "{part}");
    }
    assert!(
        !within(gram::ask(1, 2, "zoe")) && !within(gram::ask(2, 2, "eve")) && !within(gram::ask(1, 3, "eve"))
    );
    assert!(gram::ask(1, 2, "ne").is_empty() && gram::ask(1, 2, "").is_empty());
}
