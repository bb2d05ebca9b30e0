//! Conditions on other resources: chains (<https://hl7.org/fhir/R4/search.html#chaining>), `_has`
//! (<https://hl7.org/fhir/R4/search.html#has>) and `_list` (<https://hl7.org/fhir/R4/search.html#list>).

use serde_json::{Value, json};

use crate::client::{id, place};
use crate::sample::{organization, patient, with};
use crate::world::World;

/// A hospital with a ward, a doctor, two patients of theirs and the mother of one.
struct Ward {
    hospital: Value,
    ward: Value,
    ann: Value,
    bob: Value,
    mother: Value,
}

fn ward(world: &World) -> Ward {
    let create = |resource: &Value| world.admin.create(resource);
    let hospital = create(&organization("Great Hospital"));
    let ward = create(&with(organization("Ward"), json!({"partOf": {"reference": place(&hospital)}})));
    let doctor = create(&json!({"resourceType": "Practitioner", "name": [{"family": "Brook"}]}));
    let ann = json!({
        "managingOrganization": {"reference": place(&ward)},
        "generalPractitioner": [{"reference": place(&doctor)}]
    });
    let ann = create(&with(patient("Ann", "A"), ann));
    let bob = json!({"managingOrganization": {"reference": place(&hospital)}, "gender": "male"});
    let bob = create(&with(patient("Bob", "B"), bob));
    create(&patient("Cid", "C"));
    let mother = create(&json!({
        "resourceType": "RelatedPerson", "patient": {"reference": place(&ann)}, "name": [{"family": "Eve"}]
    }));
    Ward { hospital, ward, ann, bob, mother }
}

on_both!(a_chain_asks_what_a_reference_leads_to, |world| {
    let Ward { hospital, ward, ann, bob, mother } = ward(world);
    let (hospital, ward) = (id(&hospital), id(&ward));
    let cases: [(&str, Vec<&Value>); 14] = [
        ("Patient?organization.name=ward", vec![&ann]),
        ("Patient?organization:Organization.name=great", vec![&bob]),
        ("Patient?organization.name:contains=osp", vec![&bob]),
        ("Patient?organization.name=nobody", vec![]),
        ("Patient?organization.partof.name=great", vec![&ann]),
        (&format!("Patient?organization.partof={hospital}"), vec![&ann]),
        (&format!("Patient?organization._id={ward}"), vec![&ann]),
        ("Patient?organization.partof:missing=true", vec![&bob]),
        ("Patient?general-practitioner.family=brook", vec![&ann]),
        ("Patient?general-practitioner:Practitioner.family=brook", vec![&ann]),
        ("RelatedPerson?patient.organization.partof.name=great", vec![&mother]),
        ("Patient?organization.name=ward&family=bob", vec![]),
        ("Patient?organization.name=ward,great&_sort=-family", vec![&bob, &ann]),
        ("Patient?organization.name:exact=Great Hospital&gender=male", vec![&bob]),
    ];
    for (query, expected) in cases {
        let mut found = world.admin.found(&query.replace(' ', "%20"));
        let mut expected: Vec<String> = expected.into_iter().map(id).collect();
        if !query.contains("_sort") {
            found.sort();
            expected.sort();
        }
        assert_eq!(found, expected, "{query}");
    }
});

on_both!(a_reference_is_read_from_its_other_end, |world| {
    let Ward { hospital, ward, ann, bob, .. } = ward(world);
    let bob_id = id(&bob);
    let cases: [(&str, Vec<&Value>); 8] = [
        ("Patient?_has:RelatedPerson:patient:name=eve", vec![&ann]),
        ("Patient?_has:RelatedPerson:patient:name=adam", vec![]),
        ("Organization?_has:Patient:organization:family=ann", vec![&ward]),
        ("Organization?_has:Patient:organization:gender:not=male", vec![&ward]),
        ("Organization?_has:Patient:organization:_has:RelatedPerson:patient:name=eve", vec![&ward]),
        ("Organization?_has:Organization:partof:_has:Patient:organization:family=ann", vec![&hospital]),
        ("Patient?organization._has:Organization:partof:name=ward", vec![&bob]),
        (&format!("Organization?_has:Patient:organization:_id={bob_id}"), vec![&hospital]),
    ];
    for (query, expected) in cases {
        let expected: Vec<String> = expected.into_iter().map(id).collect();
        assert_eq!(world.admin.found(query), expected, "{query}");
    }
});

on_both!(what_a_chain_leads_to_must_be_there, |world| {
    let Ward { ward, ann, .. } = ward(world);
    world.admin.delete(&place(&ward)).expect(204);
    assert!(world.admin.found("Patient?organization.name=ward").is_empty());
    assert_eq!(world.admin.found(&format!("Patient?organization={}", id(&ward))), [id(&ann)]);
});

on_both!(a_list_is_a_condition, |world| {
    let Ward { ann, bob, .. } = ward(world);
    let list = world.admin.create(&json!({
        "resourceType": "List", "status": "current", "mode": "working",
        "entry": [{"item": {"reference": place(&ann)}}]
    }));
    assert_eq!(world.admin.found(&format!("Patient?_list={}", id(&list))), [id(&ann)]);
    assert_eq!(world.admin.found(&format!("Patient?_list={}&family=bob", id(&list))), [""; 0]);
    assert_eq!(world.admin.found(&format!("Patient?_list={}", id(&bob))), [""; 0]);
    world.admin.get("Patient?_list=$current-problems").refused(400, "not-supported");
});

on_both!(chains_page_like_everything_else, |world| {
    let hospital = world.admin.create(&organization("Great Hospital"));
    let mut all: Vec<String> = (0..9)
        .map(|n| {
            let reference = json!({"managingOrganization": {"reference": place(&hospital)}});
            id(&world.admin.create(&with(patient("Ann", &n.to_string()), reference)))
        })
        .collect();
    for sort in ["", "&_sort=given", "&_sort=-_lastUpdated"] {
        let mut found = Vec::new();
        let mut next = Some(format!("Patient?organization.name=great&_count=2{sort}"));
        while let Some(link) = next {
            let answer = world.admin.get(&link).expect(200);
            found.extend(answer.resources().iter().map(id));
            next = answer.link("next");
            assert!(found.len() <= 9, "{sort}");
        }
        found.sort();
        all.sort();
        assert_eq!(found, all, "{sort}");
    }
    let total =
        world.admin.get("Patient?organization.name=great&_total=accurate&_count=1").expect(200).json();
    assert_eq!(total["total"], 9);
});

on_both!(a_chain_that_leads_nowhere_is_refused, |world| {
    for (query, code) in [
        ("Patient?gender.name=x", "value"),
        ("Patient?organization.nothing=x", "not-supported"),
        ("Patient?nothing.name=x", "not-supported"),
        ("Patient?organization:Nothing.name=x", "not-supported"),
        ("Patient?organization.=x", "not-supported"),
        ("Patient?.name=x", "not-supported"),
        ("Patient?_has=x", "not-supported"),
        ("Patient?_has:RelatedPerson=x", "value"),
        ("Patient?_has:RelatedPerson:patient=x", "value"),
        ("Patient?_has:Nothing:patient:name=x", "not-supported"),
        ("Patient?_has:RelatedPerson:name:name=x", "value"),
        ("Patient?_has:Patient:organization:name=x", "value"),
        ("Patient?_has:RelatedPerson:patient:nothing=x", "not-supported"),
        ("Organization?partof.partof.partof.partof.partof.partof.partof.partof.partof.name=x", "too-costly"),
    ] {
        world.admin.get(query).refused(400, code);
    }
    let answer =
        world.admin.call("GET", "Patient?organization.nothing=x").header("Prefer", "handling=lenient");
    assert!(answer.send().expect(200).link("self").expect("a self link").ends_with("/Patient"));
});

on_both!(a_chain_does_not_lead_out_of_a_project, |world| {
    let Ward { hospital, .. } = ward(world);
    let foreign = json!({"managingOrganization": {"reference": place(&hospital)}});
    // The id is the same, the project another: there is no such organization in it.
    let stranger = world.stranger.post("Patient", &with(patient("Zed", "Z"), foreign));
    assert!(matches!(stranger.status, 201 | 422), "{}", stranger.text());
    assert!(world.stranger.found("Patient?organization.name=great").is_empty());
    assert!(world.stranger.found("Organization?_has:Patient:organization:family=ann").is_empty());
});
