//! Resources inside of others: <https://hl7.org/fhir/R4/search.html#contained>.

use serde_json::{Value, json};

use crate::client::{PUBLIC_URL, id, place};
use crate::sample::{patient, with};

/// A patient whose doctor is inside.
fn with_doctor(family: &str, doctor: &str) -> Value {
    with(
        patient(family, "0"),
        json!({
            "contained": [{"resourceType": "Practitioner", "id": "d", "name": [{"family": doctor}], "active": true}],
            "generalPractitioner": [{"reference": "#d"}]
        }),
    )
}

on_both!(what_is_inside_is_found_with_its_container, |world| {
    let ann = world.admin.create(&with_doctor("Ann", "Brook"));
    world.admin.create(&with_doctor("Bob", "House"));
    world.admin.create(&json!({"resourceType": "Practitioner", "name": [{"family": "Brook"}]}));
    let answer = world.admin.get("Practitioner?family=brook&_contained=true").expect(200).json();
    assert_eq!(answer["entry"].as_array().map(Vec::len), Some(1), "{answer}");
    assert_eq!(answer["entry"][0]["resource"], ann);
    assert_eq!(answer["entry"][0]["fullUrl"], format!("{PUBLIC_URL}/fhir/R4/{}", place(&ann)));
    let inside = world.admin.get("Practitioner?family=brook&_contained=true&_containedType=contained");
    let inside = inside.expect(200).json();
    assert_eq!(inside["entry"][0]["resource"]["name"][0]["family"], "Brook");
    assert_eq!(inside["entry"][0]["fullUrl"], format!("{PUBLIC_URL}/fhir/R4/{}#d", place(&ann)));
    assert_eq!(world.admin.found("Practitioner?family=brook&_contained=false").len(), 1);
    assert!(world.admin.found("Practitioner?family=nobody&_contained=true").is_empty());
    assert!(world.admin.found("Organization?_contained=true").is_empty());
    assert!(world.stranger.found("Practitioner?_contained=true").is_empty());
    world.admin.update(&with(patient("Ann", "0"), json!({"id": id(&ann)})));
    assert!(world.admin.found("Practitioner?family=brook&_contained=true").is_empty());
});

on_both!(what_is_inside_is_paged, |world| {
    let mut all: Vec<String> =
        (0..5).map(|n| id(&world.admin.create(&with_doctor(&n.to_string(), "Brook")))).collect();
    all.sort();
    let page = |contained: &str| {
        let mut found = Vec::new();
        let mut next = Some(format!("Practitioner?family=brook&active=true&_contained={contained}&_count=2"));
        while let Some(link) = next {
            let answer = world.admin.get(&link).expect(200);
            found.extend(answer.resources().iter().map(id));
            next = answer.link("next");
            assert!(found.len() <= 7);
        }
        found.sort();
        found
    };
    assert_eq!(page("true"), all);
    for active in [true, false] {
        let alone = json!({"resourceType": "Practitioner", "name": [{"family": "Brook"}], "active": active});
        let alone = id(&world.admin.create(&alone));
        all.extend(active.then_some(alone));
    }
    all.sort();
    assert_eq!(page("both"), all);
});

on_both!(what_is_inside_and_what_is_not_are_found_at_once, |world| {
    let ann = world.admin.create(&with_doctor("Ann", "Brook"));
    let alone = world.admin.create(&json!({"resourceType": "Practitioner", "name": [{"family": "Brook"}]}));
    let around = json!({
        "resourceType": "Practitioner",
        "name": [{"family": "Brook"}],
        "contained": [{"resourceType": "Practitioner", "id": "p", "name": [{"family": "Brook"}]}],
        "extension": [{"url": "urn:x", "valueReference": {"reference": "#p"}}]
    });
    let around = world.admin.create(&around);
    world.admin.create(&json!({"resourceType": "Practitioner", "name": [{"family": "House"}]}));
    let ids = |query: &str| {
        let mut ids = world.admin.found(query);
        ids.sort();
        ids
    };
    let mut all = vec![id(&ann), id(&alone), id(&around)];
    all.sort();
    assert_eq!(ids("Practitioner?family=brook&_contained=both"), all, "each container once");
    let shown = ids("Practitioner?family=brook&_contained=both&_containedType=contained");
    let mut inside = vec!["d".to_owned(), "p".to_owned(), id(&alone), id(&around)];
    inside.sort();
    assert_eq!(shown, inside);
});

on_both!(what_cannot_be_asked_of_what_is_inside_is_refused, |world| {
    for (query, code) in [
        ("_contained=maybe", "value"),
        ("_contained=true&_containedType=all", "value"),
        ("_containedType=container", "not-supported"),
        ("_contained=true&_sort=family", "not-supported"),
        ("_contained=true&_include=*", "not-supported"),
        ("_contained=true&_total=accurate", "not-supported"),
        ("_contained=true&_summary=count", "not-supported"),
        ("_contained=true&_has:Patient:general-practitioner:family=a", "not-supported"),
        ("_contained=true&_containedType=contained&_elements=name", "not-supported"),
    ] {
        world.admin.get(&format!("Practitioner?{query}")).refused(400, code);
    }
});
