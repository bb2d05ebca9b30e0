//! Resources that come along: <https://hl7.org/fhir/R4/search.html#revinclude>.

use serde_json::{Value, json};

use crate::client::{PUBLIC_URL, id, place};
use crate::sample::{organization, patient, with};

/// The ids of a bundle's entries of a mode.
fn with_mode(bundle: &Value, mode: &str) -> Vec<String> {
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let mut ids: Vec<String> = entries
        .iter()
        .filter(|entry| entry["search"]["mode"] == mode)
        .map(|entry| id(&entry["resource"]))
        .collect();
    ids.sort();
    ids
}

fn sorted(resources: &[&Value]) -> Vec<String> {
    let mut ids: Vec<String> = resources.iter().map(|one| id(one)).collect();
    ids.sort();
    ids
}

on_both!(what_matches_refer_to_and_what_refers_to_them_comes_along, |world| {
    let hospital = world.admin.create(&organization("Hospital"));
    let ward = with(organization("Ward"), json!({"partOf": {"reference": place(&hospital)}}));
    let ward = world.admin.create(&ward);
    let doctor = world.admin.create(&json!({"resourceType": "Practitioner", "name": [{"family": "Brook"}]}));
    let ann = world.admin.create(&with(
        patient("Ann", "A"),
        json!({
            "managingOrganization": {"reference": place(&ward)},
            "generalPractitioner": [{"reference": place(&doctor)}, {"reference": place(&hospital)}]
        }),
    ));
    let mother =
        world.admin.create(&json!({"resourceType": "RelatedPerson", "patient": {"reference": place(&ann)}}));
    let cases: [(&str, Vec<&Value>); 15] = [
        ("Patient?family=ann&_include=Patient:organization", vec![&ward]),
        ("Patient?family=ann&_include=Patient:general-practitioner", vec![&doctor, &hospital]),
        ("Patient?family=ann&_include=Patient:general-practitioner:Practitioner", vec![&doctor]),
        (
            "Patient?family=ann&_include=Patient:organization&_include=Patient:general-practitioner:Practitioner",
            vec![&ward, &doctor],
        ),
        ("Patient?family=ann&_include=*", vec![&ward, &doctor, &hospital]),
        ("Patient?family=ann&_include=Patient:*", vec![&ward, &doctor, &hospital]),
        ("Patient?family=ann&_include=Patient:organization&_include=Organization:partof", vec![&ward]),
        (
            "Patient?family=ann&_include=Patient:organization&_include:iterate=Organization:partof",
            vec![&ward, &hospital],
        ),
        ("Patient?family=ann&_revinclude=RelatedPerson:patient", vec![&mother]),
        ("Patient?family=ann&_revinclude=RelatedPerson:*", vec![&mother]),
        ("Patient?family=ann&_revinclude=*", vec![&mother]),
        ("Organization?name=ward&_revinclude=Patient:organization", vec![&ann]),
        (
            "Organization?name=ward&_revinclude=Patient:organization&_revinclude:iterate=RelatedPerson:patient",
            vec![&ann, &mother],
        ),
        ("Organization?name=hospital&_revinclude:iterate=Organization:partof", vec![&ward]),
        ("Patient?family=nobody&_include=*", vec![]),
    ];
    for (query, expected) in cases {
        let bundle = world.admin.get(&format!("{query}&_total=accurate")).expect(200).json();
        assert_eq!(with_mode(&bundle, "include"), sorted(&expected), "{query}");
        assert_eq!(bundle["total"], with_mode(&bundle, "match").len(), "{query}: matches are counted");
    }
    let bundle = world.admin.get("Patient?family=ann&_include=Patient:organization").expect(200).json();
    assert_eq!(bundle["entry"][1]["fullUrl"], format!("{PUBLIC_URL}/fhir/R4/{}", place(&ward)));
    assert_eq!(bundle["entry"][1]["resource"], ward);
    assert!(bundle["link"][0]["url"].as_str().expect("a link").contains("_include=Patient:organization"));
});

on_both!(a_match_is_not_included_again, |world| {
    let hospital = world.admin.create(&organization("Hospital"));
    world.admin.create(&with(organization("Ward"), json!({"partOf": {"reference": place(&hospital)}})));
    let bundle =
        world.admin.get("Organization?_include:iterate=Organization:partof&_revinclude=*").expect(200).json();
    assert_eq!(with_mode(&bundle, "match").len(), 2);
    assert!(with_mode(&bundle, "include").is_empty());
});

on_both!(each_page_brings_what_belongs_to_it, |world| {
    for n in 0..5 {
        let hospital = world.admin.create(&organization(&format!("Hospital {n}")));
        let reference = json!({"managingOrganization": {"reference": place(&hospital)}});
        world.admin.create(&with(patient("Ann", &n.to_string()), reference));
    }
    let mut next = Some("Patient?_include=Patient:organization&_count=2&_sort=given".to_owned());
    let mut included = Vec::new();
    while let Some(link) = next {
        let answer = world.admin.get(&link).expect(200);
        let bundle = answer.json();
        assert_eq!(with_mode(&bundle, "match").len(), with_mode(&bundle, "include").len());
        included.extend(with_mode(&bundle, "include"));
        next = answer.link("next");
    }
    included.sort();
    included.dedup();
    assert_eq!(included.len(), 5);
});

on_both!(what_cannot_come_along_is_refused, |world| {
    for (include, code) in [
        ("_include=Patient", "value"),
        ("_include=Patient:nothing", "not-supported"),
        ("_include=Patient:family", "value"),
        ("_include=Nothing:x", "not-supported"),
        ("_include=Patient:organization:Nothing", "not-supported"),
        ("_include=Patient:organization:Organization:x", "value"),
        ("_include:recurse=Patient:organization", "not-supported"),
        ("_revinclude=Patient:", "value"),
    ] {
        world.admin.get(&format!("Patient?{include}")).refused(400, code);
    }
});

on_both!(nothing_of_another_project_comes_along, |world| {
    let hospital = world.admin.create(&organization("Hospital"));
    let foreign = json!({"managingOrganization": {"reference": place(&hospital)}});
    world.stranger.post("Patient", &with(patient("Zed", "Z"), foreign));
    let text = world.stranger.get("Patient?_include=*").expect(200).text();
    assert!(!text.contains("\"name\":\"Hospital\""), "{text}");
    let text = world.admin.get("Organization?_revinclude=*").expect(200).text();
    assert!(!text.contains("Zed"), "{text}");
});
