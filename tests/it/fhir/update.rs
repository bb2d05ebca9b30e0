//! update: <https://hl7.org/fhir/R4/http.html#update>, with <https://hl7.org/fhir/R4/http.html#concurrency>.

use std::thread;

use serde_json::{Value, json};

use crate::client::{Answer, place};
use crate::sample::{patient, user, with, written};
use crate::world::World;

fn etag(resource: &Value) -> String {
    format!("W/\"{}\"", resource["meta"]["versionId"].as_str().expect("a version"))
}

fn put_if_match(world: &World, resource: &Value, etag: &str) -> Answer {
    world.admin.call("PUT", &place(resource)).header("If-Match", etag).json(resource).send()
}

on_both!(an_update_replaces_the_whole_resource, |world| {
    let first = world.admin.create(&with(patient("Chalmers", "Peter"), json!({"gender": "male"})));
    let sent = with(patient("Chalmers", "James"), json!({"id": first["id"]}));
    let answer = world.admin.put(&place(&first), &sent).expect(200);
    let second = answer.json();
    assert_eq!(written(&second), patient("Chalmers", "James"));
    assert_ne!(second["meta"]["versionId"], first["meta"]["versionId"]);
    assert_eq!(answer.header("ETag"), Some(etag(&second).as_str()));
    assert!(answer.header("Last-Modified").is_some());
    assert_eq!(world.admin.get(&place(&first)).expect(200).json(), second);
    assert_eq!(world.admin.found("Patient?given=peter"), Vec::<String>::new());
    assert_eq!(world.admin.found("Patient?given=james").len(), 1);
});

on_both!(an_update_that_changes_nothing_keeps_its_version, |world| {
    let first = world.admin.create(&patient("Chalmers", "Peter"));
    let answer = world.admin.put(&place(&first), &first).expect(200);
    assert_eq!(answer.json(), first);
    // Whatever order the keys come in.
    let reordered = json!({"name": first["name"], "id": first["id"], "resourceType": "Patient"});
    assert_eq!(world.admin.put(&place(&first), &reordered).expect(200).json()["meta"], first["meta"]);
    assert_eq!(world.admin.get(&format!("{}/_history", place(&first))).expect(200).resources().len(), 1);
});

on_both!(a_body_with_no_id_or_another_is_refused, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    world.admin.put(&place(&stored), &patient("X", "Y")).expect(400).issues();
    world.admin.put(&place(&stored), &with(patient("X", "Y"), json!({"id": "other"}))).expect(400).issues();
    let wrong_type = with(user("a@example.com"), json!({"id": stored["id"]}));
    world.admin.put(&place(&stored), &wrong_type).expect(400).issues();
    assert_eq!(world.admin.get(&place(&stored)).expect(200).json(), stored);
});

on_both!(an_update_of_an_unknown_id_creates_it, |world| {
    let sent = with(patient("Chalmers", "Peter"), json!({"id": "my-own.id-1"}));
    let answer = world.admin.put("Patient/my-own.id-1", &sent).expect(201);
    assert!(answer.header("Location").expect("a location").contains("/Patient/my-own.id-1/_history/"));
    assert_eq!(world.admin.get("Patient/my-own.id-1").expect(200).json(), answer.json());
});

on_both!(a_deleted_resource_comes_back_with_its_history, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    world.admin.delete(&place(&stored)).expect(204);
    let answer = world.admin.put(&place(&stored), &stored);
    assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
    world.admin.get(&place(&stored)).expect(200);
    assert_eq!(world.admin.found("Patient?family=chalmers").len(), 1);
    let history = world.admin.get(&format!("{}/_history", place(&stored))).expect(200).json();
    assert_eq!(history["entry"].as_array().map(Vec::len), Some(3));
});

on_both!(if_match_lets_the_current_version_through, |world| {
    let first = world.admin.create(&patient("Chalmers", "Peter"));
    let changed = with(first.clone(), json!({"active": true}));
    let second = put_if_match(world, &changed, &etag(&first)).expect(200).json();
    // A strong validator, as some clients send it.
    let changed = with(second.clone(), json!({"active": false}));
    put_if_match(world, &changed, etag(&second).trim_start_matches("W/")).expect(200);
});

on_both!(if_match_stops_a_lost_update, |world| {
    let first = world.admin.create(&patient("Chalmers", "Peter"));
    let second = world.admin.update(&with(first.clone(), json!({"active": true})));
    put_if_match(world, &with(first.clone(), json!({"active": false})), &etag(&first))
        .refused(412, "conflict");
    assert_eq!(world.admin.get(&place(&first)).expect(200).json(), second);
});

on_both!(if_match_of_something_that_is_not_there_fails, |world| {
    let sent = with(patient("Chalmers", "Peter"), json!({"id": "new"}));
    let answer = world.admin.call("PUT", "Patient/new").header("If-Match", "W/\"1\"").json(&sent).send();
    answer.expect(412).issues();
    world.admin.get("Patient/new").expect(404);
});

on_both!(of_eight_updates_of_one_version_one_is_taken, |world| {
    let first = world.admin.create(&patient("Chalmers", "Peter"));
    let statuses: Vec<u16> = thread::scope(|scope| {
        let update = |given: String| {
            let changed = with(patient("Chalmers", &given), json!({"id": first["id"]}));
            put_if_match(world, &changed, &etag(&first)).status
        };
        let writers: Vec<_> = (0..8).map(|n| scope.spawn(move || update(format!("Peter {n}")))).collect();
        writers.into_iter().map(|writer| writer.join().expect("no panic")).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 200 | 409 | 412)), "{statuses:?}");
    let history = world.admin.get(&format!("{}/_history", place(&first))).expect(200).json();
    assert_eq!(history["entry"].as_array().map(Vec::len), Some(2));
});

on_both!(a_unique_value_is_free_again_when_it_was_given_up, |world| {
    let first = world.admin.create(&user("old@example.com"));
    world.super_admin.update(&with(first.clone(), json!({"email": "new@example.com"})));
    world.admin.create(&user("old@example.com"));
    world.admin.post("User", &user("new@example.com")).refused(409, "duplicate").at("User.email");
});

on_both!(a_change_of_address_is_unproven, |world| {
    let proven = world.admin.create(&with(user("old@example.com"), json!({"emailVerified": true})));
    assert_eq!(proven["emailVerified"], true);
    let changed = world.admin.update(&with(proven, json!({"email": "new@example.com"})));
    assert_ne!(changed["emailVerified"], true, "{changed}");
});
