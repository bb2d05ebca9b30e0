//! Conditional update (<https://hl7.org/fhir/R4/http.html#cond-update>) and `If-None-Match: *`.

use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};

use crate::client::{Answer, id};

fn patient(number: &str) -> Value {
    json!({"resourceType": "Patient", "identifier": [{"system": "urn:mrn", "value": number}]})
}

fn with_id(mut body: Value, id: &str) -> Value {
    body["id"] = json!(id);
    body
}

on_both!(no_match_creates_one_match_updates_more_are_refused, |world| {
    let place = "Patient?identifier=urn:mrn|1";
    let made = world.admin.put(place, &patient("1")).expect(201).json();
    let mut changed = patient("1");
    changed["active"] = json!(true);
    let updated = world.admin.put(place, &changed).expect(200).json();
    assert_eq!((id(&updated), &updated["meta"]["versionId"]), (id(&made), &json!("2")));
    let again = world.admin.put(place, &changed).expect(200).json();
    assert_eq!(again["meta"]["versionId"], "2");
    world.admin.create(&patient("1"));
    world.admin.put(place, &changed).refused(412, "multiple-matches");
});

on_both!(an_id_in_the_body_must_be_that_of_the_match, |world| {
    let place = "Patient?identifier=urn:mrn|1";
    let named = world.admin.put(place, &with_id(patient("1"), "chosen")).expect(201).json();
    assert_eq!(id(&named), "chosen");
    world.admin.put(place, &with_id(patient("1"), "chosen")).expect(200);
    world.admin.put(place, &with_id(patient("1"), "other")).expect(400).at("Patient.id");
    // Nothing matches, but somebody has the id.
    world
        .admin
        .put("Patient?identifier=urn:mrn|2", &with_id(patient("2"), "chosen"))
        .refused(409, "duplicate");
});

on_both!(if_match_binds_it_to_a_version, |world| {
    let place = "Patient?identifier=urn:mrn|1";
    world.admin.put(place, &patient("1")).expect(201);
    let mut changed = patient("1");
    changed["active"] = json!(true);
    let put = |tag: &str| world.admin.call("PUT", place).header("If-Match", tag).json(&changed).send();
    put("W/\"7\"").expect(412);
    put("W/\"1\"").expect(200);
});

on_both!(without_a_condition_it_is_refused, |world| {
    world.admin.put("Patient", &patient("1")).expect(400);
    world.admin.put("Patient?_format=json", &patient("1")).expect(400);
    world.admin.put("Patient?no-such=1", &patient("1")).expect(400);
    world.member.put("Patient?identifier=1", &patient("1")).expect(403);
});

on_both!(of_16_at_once_one_creates, |world| {
    let start = Barrier::new(16);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let one = |place: usize| {
            let (start, client) = (&start, &world.admin);
            let mut body = patient("1");
            body["name"] = json!([{"family": format!("Family {place}")}]);
            scope.spawn(move || {
                start.wait();
                client.put("Patient?identifier=urn:mrn|1", &body)
            })
        };
        let all: Vec<_> = (0..16).map(one).collect();
        all.into_iter().map(|one| one.join().expect("no panic")).collect()
    });
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 15);
    assert_eq!(world.admin.search("Patient?identifier=urn:mrn|1")[0]["meta"]["versionId"], "16");
});

on_both!(if_none_match_star_creates_or_refuses, |world| {
    let put =
        |body: &Value| world.admin.call("PUT", "Patient/new").header("If-None-Match", "*").json(body).send();
    put(&with_id(patient("1"), "new")).expect(201);
    put(&with_id(patient("2"), "new")).expect(412).at("If-None-Match");
    world.admin.delete("Patient/new").expect(204);
    put(&with_id(patient("3"), "new")).expect(201);
    let call = world.admin.call("PUT", "Patient/new").header("If-None-Match", "W/\"1\"");
    call.json(&with_id(patient("4"), "new")).send().expect(400).at("If-None-Match");
});
