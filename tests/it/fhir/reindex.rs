//! `$reindex`: index rows made anew from what resources say (<https://hl7.org/fhir/R4/search.html>).

use serde_json::{Value, json};

use crate::client::{Client, place};
use crate::sample::{organization, patient, user};

fn reindex(client: &Client, at: &str) -> u64 {
    let answer = client.post(at, &json!({"resourceType": "Parameters"})).expect(200).json();
    assert_eq!(answer["parameter"][0]["name"], "count");
    answer["parameter"][0]["valueInteger"].as_u64().expect("a number")
}

on_both!(what_was_lost_is_found_again, |world| {
    let lost = world.admin.create(&patient("Lost", "B"));
    let organization = world.admin.create(&organization("Lost"));
    world.admin.create(&user("lost@example.com"));
    let found = || {
        [
            "Patient?family=lost",
            "Patient?name:contains=ost",
            "Organization?name=lost",
            "User?email=lost@example.com",
        ]
        .map(|query| world.admin.found(query).len())
    };
    assert_eq!(found(), [1, 1, 1, 1]);
    world.database.run("DELETE FROM string_index; DELETE FROM term_index; DELETE FROM range_index");
    assert_eq!(found(), [0, 0, 0, 0]);
    assert_eq!(reindex(&world.admin, &format!("{}/$reindex", place(&lost))), 1);
    assert_eq!(found(), [1, 1, 0, 0]);
    assert_eq!(reindex(&world.admin, "Organization/$reindex"), 1);
    assert_eq!(found(), [1, 1, 1, 0]);
    assert!(reindex(&world.admin, "$reindex") > 3);
    assert_eq!(found(), [1, 1, 1, 1]);
    // Nothing is twice, and what is unique stays so.
    assert!(reindex(&world.admin, "$reindex") > 3);
    assert_eq!(found(), [1, 1, 1, 1]);
    world.admin.post("User", &user("lost@example.com")).refused(409, "duplicate");
    world.admin.delete(&place(&organization)).expect(204);
    world.admin.post(&format!("{}/$reindex", place(&organization)), &Value::Null).expect(400);
    let empty = json!({"resourceType": "Parameters"});
    world.admin.post(&format!("{}/$reindex", place(&organization)), &empty).refused(410, "deleted");
});

on_both!(an_admin_reindexes_his_project_only, |world| {
    let ours = world.admin.create(&patient("Ours", "B"));
    world.stranger.create(&patient("Theirs", "B"));
    world.database.run("DELETE FROM string_index");
    let empty = json!({"resourceType": "Parameters"});
    world.anonymous.post("$reindex", &empty).expect(401);
    world.member.post("$reindex", &empty).refused(403, "forbidden");
    world.stranger.post(&format!("{}/$reindex", place(&ours)), &empty).refused(404, "not-found");
    world.admin.post("$reindex", &patient("A", "B")).refused(400, "not-supported");
    assert_eq!(reindex(&world.admin, "Patient/$reindex"), 1);
    let found = |client: &Client, family: &str| client.found(&format!("Patient?family={family}")).len();
    assert_eq!((found(&world.admin, "ours"), found(&world.stranger, "theirs")), (1, 0));
    assert_eq!(reindex(&world.super_admin, "Patient/$reindex"), 2);
    assert_eq!((found(&world.admin, "ours"), found(&world.stranger, "theirs")), (1, 1));
});

on_both!(what_is_written_meanwhile_is_indexed_as_written, |world| {
    let at = place(&world.admin.create(&patient("Start", "B")));
    std::thread::scope(|scope| {
        scope.spawn(|| (0..10).for_each(|_| _ = reindex(&world.admin, "$reindex")));
        for number in 0..20 {
            let mut body = patient(&format!("Family{number}"), "B");
            body["id"] = json!(at.split('/').nth(1).expect("an id"));
            world.admin.put(&at, &body).expect(200);
        }
    });
    assert_eq!(world.admin.found("Patient?family=Family19").len(), 1);
    assert_eq!(world.admin.found("Patient?family:exact=Start,Family0,Family18").len(), 0);
});
