//! Conditional create (<https://hl7.org/fhir/R4/http.html#ccreate>).

use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};

use crate::client::{Answer, Client, id};

fn patient(number: &str) -> Value {
    json!({
        "resourceType": "Patient",
        "identifier": [{"system": "urn:mrn", "value": number}],
        "name": [{"family": "Condition"}]
    })
}

fn unless(client: &Client, query: &str, body: &Value) -> Answer {
    let kind = body["resourceType"].as_str().expect("a resource");
    client.call("POST", kind).header("If-None-Exist", query).json(body).send()
}

on_both!(without_a_match_it_creates_with_one_it_gives_that_with_two_it_refuses, |world| {
    let query = "identifier=urn:mrn|1";
    let first = unless(&world.admin, query, &patient("1")).expect(201).json();
    let again = unless(&world.admin, query, &patient("1")).expect(200);
    assert_eq!(id(&again.json()), id(&first));
    assert!(
        again.header("Location").expect("a place").ends_with(&format!("Patient/{}/_history/1", id(&first)))
    );
    assert_eq!(again.header("ETag"), Some("W/\"1\""));
    world.admin.create(&patient("1"));
    unless(&world.admin, query, &patient("1")).refused(412, "multiple-matches").at("If-None-Exist");
    assert_eq!(world.admin.found(&format!("Patient?{query}")).len(), 2);
});

on_both!(a_match_of_another_project_does_not_count, |world| {
    world.stranger.create(&patient("1"));
    unless(&world.admin, "identifier=urn:mrn|1", &patient("1")).expect(201);
});

on_both!(the_type_may_stand_before_the_condition, |world| {
    unless(&world.admin, "Patient?identifier=urn:mrn|1", &patient("1")).expect(201);
    unless(&world.admin, "Patient?identifier=urn:mrn|1", &patient("1")).expect(200);
});

on_both!(a_condition_that_asks_nothing_is_refused, |world| {
    for query in ["", "_format=json", "name=", "_count=5", "_sort=name", "identifier=1&_summary=true"] {
        unless(&world.admin, query, &patient("1")).expect(400).at("If-None-Exist");
    }
    for query in ["no-such=1", "birthdate=x", "identifier:foo=1"] {
        unless(&world.admin, query, &patient("1")).expect(400);
    }
    assert_eq!(world.admin.found("Patient").len(), 0);
});

on_both!(a_deleted_match_does_not_count, |world| {
    let first = world.admin.create(&patient("1"));
    world.admin.delete(&format!("Patient/{}", id(&first))).expect(204);
    unless(&world.admin, "identifier=urn:mrn|1", &patient("1")).expect(201);
});

on_both!(of_24_at_once_one_creates_and_all_others_find_it, |world| {
    for round in 0..3 {
        let start = Barrier::new(24);
        let answers: Vec<Answer> = thread::scope(|scope| {
            let one = |place: usize| {
                let (start, client) = (&start, &world.admin);
                // Conditions that differ in their words and agree in what they find race all the same.
                let query = match place % 3 {
                    0 => format!("identifier=urn:mrn|{round}"),
                    1 => format!("identifier=urn:mrn|{round}&family=condition"),
                    _ => format!("identifier={round}"),
                };
                scope.spawn(move || {
                    start.wait();
                    unless(client, &query, &patient(&round.to_string()))
                })
            };
            let all: Vec<_> = (0..24).map(one).collect();
            all.into_iter().map(|one| one.join().expect("no panic")).collect()
        });
        let created = answers.iter().filter(|answer| answer.status == 201).count();
        let found = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!((created, found), (1, 23), "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
        assert_eq!(world.admin.found(&format!("Patient?identifier=urn:mrn|{round}")).len(), 1);
    }
});
