//! Words anywhere: `_content` and `_text` (<https://hl7.org/fhir/R4/search.html#content>); and less than the
//! whole of what is found (<https://hl7.org/fhir/R4/search.html#summary>).

use serde_json::{Value, json};

use crate::client::{id, place};
use crate::sample::{patient, with};

fn narrated(words: &str) -> Value {
    json!({"text": {"status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{words}</p></div>")}})
}

on_both!(words_are_found_wherever_they_are, |world| {
    let ann = world.admin.create(&with(patient("Ånn", "Marie"), narrated("Seen by the <b>cardiologist</b>")));
    let bob = json!({"address": [{"city": "Saint-Étienne"}], "identifier": [{"system": "urn:secret", "value": "AB 12"}]});
    let bob = world.admin.create(&with(patient("Bob", "Marie"), bob));
    let (ann, bob) = (id(&ann), id(&bob));
    for (query, expected) in [
        ("_content=marie&_sort=family", vec![&ann, &bob]),
        ("_content=MARIE%20ann", vec![&ann]),
        ("_content=etienne", vec![&bob]),
        ("_content=etien", vec![]),
        ("_content=cardiologist", vec![&ann]),
        ("_content=ab", vec![&bob]),
        ("_content=secret", vec![]),
        ("_content=cardiologist,etienne&_sort=family", vec![&ann, &bob]),
        ("_text=cardiologist", vec![&ann]),
        ("_text=marie", vec![]),
        ("_text=by%20seen", vec![&ann]),
        ("_text=class", vec![]),
        ("_text=cardiologist&family=bob", vec![]),
        ("_content=marie&family=bob", vec![&bob]),
    ] {
        let expected: Vec<String> = expected.into_iter().cloned().collect();
        assert_eq!(world.admin.found(&format!("Patient?{query}")), expected, "{query}");
    }
    let total = world.admin.get("Patient?_content=marie&_summary=count").expect(200).json();
    assert_eq!(total["total"], 2);
    world.admin.get("Patient?_content=-").refused(400, "value");
    world.admin.get("Patient?_content:exact=x").refused(400, "not-supported");
    world.admin.get("Patient?_content:missing=true").refused(400, "not-supported");
    world.admin.get("Patient?_sort=_content").refused(400, "not-supported");
    assert!(world.stranger.found("Patient?_content=marie").is_empty());
});

on_both!(what_was_changed_is_found_by_its_new_words, |world| {
    let ann = world.admin.create(&with(patient("Ann", "Marie"), narrated("before")));
    let ann = world.admin.update(&with(ann, narrated("after")));
    assert!(world.admin.found("Patient?_text=before").is_empty());
    assert_eq!(world.admin.found("Patient?_text=after"), [id(&ann)]);
    world.admin.delete(&place(&ann)).expect(204);
    assert!(world.admin.found("Patient?_content=after").is_empty());
});

on_both!(a_summary_may_be_the_text_or_the_data, |world| {
    let ann = world.admin.create(&with(patient("Ann", "Marie"), narrated("hello")));
    let tags = |resource: &Value| resource["meta"]["tag"][0]["code"].clone();
    for place in [place(&ann), "Patient?family=ann".to_owned()] {
        let mark = if place.contains('?') { '&' } else { '?' };
        let asked = |summary: &str| {
            let body = world.admin.get(&format!("{place}{mark}_summary={summary}")).expect(200).json();
            if body["resourceType"] == "Bundle" { body["entry"][0]["resource"].clone() } else { body }
        };
        let text = asked("text");
        assert!(text["text"].is_object() && text.get("name").is_none() && text["id"] == ann["id"], "{text}");
        assert_eq!(tags(&text), "SUBSETTED");
        let data = asked("data");
        assert!(data.get("text").is_none() && data["name"].is_array(), "{data}");
        assert_eq!(tags(&data), "SUBSETTED");
    }
    world.admin.get("Patient?_summary=text&_include=*").refused(400, "value");
});
