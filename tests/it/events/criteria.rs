//! Criteria have the meaning that they have as a search
//! (<https://hl7.org/fhir/R4/subscription-definitions.html#Subscription.criteria>).

use serde_json::json;

use super::receiver::Receiver;
use super::{active, channel, hook, quick};
use crate::client::{id, place};
use crate::sample::{organization, patient, with};

on_both!(criteria_are_any_search, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let stored = world.admin.create(&with(
        patient("Curie", "Marie"),
        json!({"birthDate": "1867-11-07", "gender": "female", "identifier": [{"system": "urn:x", "value": "5"}]}),
    ));
    let criteria = [
        "Patient?",
        "Patient?family=cur&given=MARIE",
        "Patient?family:exact=Curie",
        "Patient?name:contains=ari",
        "Patient?birthdate=ge1867&birthdate=lt1868",
        "Patient?identifier=urn:x|5",
        "Patient?gender=male,female",
        "Patient?gender:not=male",
        "Patient?general-practitioner:missing=true",
        &format!("Patient?_id={}", id(&stored)),
    ];
    for (place, criteria) in criteria.iter().enumerate() {
        active(&world.admin, &hook(criteria, &format!("{}/{place}", receiver.url)));
    }
    for none in
        ["Patient?family=Meitner", "Patient?gender:not=female", "Patient?birthdate=gt1900", "Patient?_id=x"]
    {
        active(&world.admin, &hook(none, &format!("{}/none", receiver.url)));
    }
    world.admin.update(&with(stored, json!({"active": true})));
    let mut told: Vec<String> = criteria.iter().map(|_| receiver.next().path).collect();
    told.sort();
    let due: Vec<String> = (0..criteria.len()).map(|place| format!("/here/{place}")).collect();
    assert_eq!(told, due);
    assert!(receiver.all().is_empty());
});

on_both!(criteria_reach_across_references, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let payload = json!({"payload": "application/fhir+json"});
    let criteria = "Patient?organization.name=institut&active=true";
    active(&world.admin, &channel(hook(criteria, &receiver.url), payload));
    let there = world.admin.create(&organization("Institut"));
    let elsewhere = world.admin.create(&organization("Elsewhere"));
    let of = |organization: &serde_json::Value, active: bool| {
        let managing = json!({"reference": place(organization)});
        with(patient("Curie", "Marie"), json!({"managingOrganization": managing, "active": active}))
    };
    world.admin.create(&of(&elsewhere, true));
    world.admin.create(&of(&there, false));
    let due = world.admin.create(&of(&there, true));
    assert_eq!(receiver.next().json(), due);
    assert!(receiver.all().is_empty());
});
