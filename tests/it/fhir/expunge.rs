//! `$expunge`: what a delete leaves behind (<https://hl7.org/fhir/R4/http.html#delete>) and what was replaced,
//! removed for good.

use serde_json::{Value, json};

use crate::client::{Client, place};
use crate::sample::{organization, patient, user, with};
use crate::world::World;

const DELETED: (&str, Value) = ("expungeDeletedResources", Value::Bool(true));
const PREVIOUS: (&str, Value) = ("expungePreviousVersions", Value::Bool(true));
const EVERYTHING: (&str, Value) = ("expungeEverything", Value::Bool(true));

fn parameters(list: &[(&str, Value)]) -> Value {
    let parameter = |(name, value): &(&str, Value)| match value {
        Value::Bool(_) => json!({"name": name, "valueBoolean": value}),
        Value::Number(_) => json!({"name": name, "valueInteger": value}),
        other => json!({"name": name, "valueString": other}),
    };
    json!({"resourceType": "Parameters", "parameter": list.iter().map(parameter).collect::<Vec<_>>()})
}

/// Expunges, and gives the number of versions that are gone.
fn expunge(client: &Client, at: &str, list: &[(&str, Value)]) -> u64 {
    let at = if at.is_empty() { "$expunge".to_owned() } else { format!("{at}/$expunge") };
    let answer = client.post(&at, &parameters(list)).expect(200).json();
    assert_eq!(answer["parameter"][0]["name"], "count");
    answer["parameter"][0]["valueInteger"].as_u64().expect("a number")
}

/// Rows of every table that have to do with resources of these texts.
fn traces(world: &World, text: &str) -> Vec<String> {
    let dump = world.database.dump();
    let rows =
        dump.into_iter().flat_map(|(table, rows)| rows.into_iter().map(move |row| format!("{table}: {row}")));
    rows.filter(|row| row.contains(text)).collect()
}

on_both!(a_deleted_resource_leaves_nothing, |world| {
    let stored = world.admin.create(&user("zebedee@example.com"));
    let at = place(&stored);
    world.admin.update(&with(stored, json!({"lastName": "Zebedee"})));
    world.admin.delete(&at).expect(204);
    assert_eq!(expunge(&world.admin, &at, &[PREVIOUS]), 2);
    world.admin.get(&at).refused(410, "deleted");
    assert_eq!(expunge(&world.admin, &at, &[PREVIOUS]), 0);
    assert_eq!(expunge(&world.admin, &at, &[DELETED]), 1);
    world.admin.get(&at).refused(404, "not-found");
    world.admin.get(&format!("{at}/_history")).refused(404, "not-found");
    assert_eq!(traces(world, "zebedee"), Vec::<String>::new());
    // What it claimed is free, and so is its id.
    let again = world.admin.create(&user("zebedee@example.com"));
    assert_eq!(world.admin.found("User?email=zebedee@example.com"), [again["id"].as_str().expect("an id")]);
    world.admin.post(&format!("{at}/$expunge"), &parameters(&[DELETED])).refused(404, "not-found");
});

on_both!(the_living_keep_their_current_version, |world| {
    let stored = world.admin.create(&with(patient("A", "B"), json!({"active": true})));
    let at = place(&stored);
    for family in ["C", "D"] {
        world.admin.update(&with(stored.clone(), json!({"name": [{"family": family}]})));
    }
    assert_eq!(expunge(&world.admin, &at, &[DELETED]), 0);
    assert_eq!(expunge(&world.admin, &at, &[PREVIOUS, ("limit", json!(1))]), 1);
    world.admin.get(&format!("{at}/_history/1")).refused(404, "not-found");
    world.admin.get(&format!("{at}/_history/2")).expect(200);
    assert_eq!(expunge(&world.admin, &at, &[PREVIOUS]), 1);
    assert_eq!(world.admin.get(&format!("{at}/_history")).expect(200).resources().len(), 1);
    assert_eq!(world.admin.get("Patient/_history").expect(200).resources().len(), 1);
    assert_eq!(world.admin.found("Patient?family=D").len(), 1);
    let next = world.admin.update(&with(stored, json!({"name": [{"family": "E"}]})));
    assert_eq!(next["meta"]["versionId"], "4");
    assert_eq!(world.admin.get(&format!("{at}/_history")).expect(200).resources().len(), 2);
});

on_both!(a_type_and_a_project_are_expunged, |world| {
    let foreign = world.stranger.create(&patient("Foreign", "B"));
    world.stranger.delete(&place(&foreign)).expect(204);
    for number in 0..3 {
        let at = place(&world.admin.create(&patient(&format!("P{number}"), "B")));
        world.admin.delete(&at).expect(204);
    }
    let living = world.admin.create(&patient("Living", "B"));
    let other = place(&world.admin.create(&organization("O")));
    world.admin.delete(&other).expect(204);

    assert_eq!(expunge(&world.admin, "Patient", &[DELETED, ("limit", json!(2))]), 2);
    assert_eq!(expunge(&world.admin, "Patient", &[DELETED]), 4);
    world.admin.get(&other).refused(410, "deleted");
    assert_eq!(expunge(&world.admin, "", &[DELETED]), 2);
    world.admin.get(&other).refused(404, "not-found");
    world.admin.get(&place(&living)).expect(200);

    // All of the project, but for itself and for who asked; nothing of another.
    let gone = expunge(&world.admin, "", &[EVERYTHING]);
    assert!(gone > 0);
    world.admin.get(&place(&living)).refused(404, "not-found");
    world.admin.get(&format!("Project/{}", world.project)).expect(200);
    world.member.get("Patient").expect(401);
    world.stranger.get(&place(&foreign)).refused(410, "deleted");
    world.admin.create(&patient("New", "B"));
    assert_eq!(expunge(&world.super_admin, "Patient", &[DELETED]), 2);
    world.stranger.get(&place(&foreign)).refused(404, "not-found");
});

on_both!(who_may_not_expunge_is_told_so, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let at = format!("{}/$expunge", place(&stored));
    world.anonymous.post(&at, &parameters(&[EVERYTHING])).expect(401);
    world.member.post(&at, &parameters(&[EVERYTHING])).refused(403, "forbidden");
    world.member.post("$expunge", &parameters(&[EVERYTHING])).refused(403, "forbidden");
    world.stranger.post(&at, &parameters(&[EVERYTHING])).refused(404, "not-found");
    world.admin.post("Login/$expunge", &parameters(&[EVERYTHING])).refused(403, "forbidden");
    world.admin.post("Project/$expunge", &parameters(&[EVERYTHING])).refused(501, "not-supported");
    world.admin.get(&place(&stored)).expect(200);
    world.super_admin.post(&at, &parameters(&[EVERYTHING])).expect(200);
    world.admin.get(&place(&stored)).refused(404, "not-found");
});

on_both!(what_is_not_understood_expunges_nothing, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let at = format!("{}/$expunge", place(&stored));
    world.admin.post(&at, &parameters(&[])).refused(400, "required");
    world.admin.post(&at, &parameters(&[("limit", json!(5))])).refused(400, "required");
    world.admin.post(&at, &parameters(&[EVERYTHING, ("limit", json!(0))])).refused(400, "value");
    world.admin.post(&at, &parameters(&[EVERYTHING, EVERYTHING])).refused(400, "value");
    world.admin.post(&at, &parameters(&[EVERYTHING, ("nonsense", json!(1))])).refused(400, "not-supported");
    world.admin.post(&at, &parameters(&[("expungeEverything", json!("x"))])).refused(400, "value");
    world.admin.post(&format!("{at}?expungeEverything=true&x=1"), &json!({})).expect(400);
    world.admin.post("Nothing/$expunge", &parameters(&[EVERYTHING])).refused(404, "not-supported");
    world.admin.get(&place(&stored)).expect(200);
});

on_both!(the_number_of_what_is_gone_is_not_given_again, |world| {
    let number = |at: &str| {
        let id = at.split('/').nth(1).expect("an id");
        let ask = format!("SELECT CAST(rid AS TEXT) AS line FROM resource WHERE id = '{id}'");
        world.database.lines(&ask)[0].parse::<i64>().expect("a number")
    };
    let last = place(&world.admin.create(&patient("Last", "B")));
    let before = number(&last);
    assert_eq!(expunge(&world.admin, &last, &[EVERYTHING]), 1);
    assert!(number(&place(&world.admin.create(&patient("Next", "B")))) > before);
});

on_both!(a_subscription_ends_before_it_is_gone, |world| {
    let stored = world.admin.create(&json!({
        "resourceType": "Subscription", "status": "requested", "reason": "x", "criteria": "Patient?active=true",
        "channel": {"type": "websocket"}
    }));
    let at = place(&stored);
    world.admin.post(&format!("{at}/$expunge"), &parameters(&[EVERYTHING]));
    // The server may have written to it at the same moment: then it is asked again.
    for _ in 0..20 {
        if world.admin.get(&at).status != 404 {
            world.admin.post(&format!("{at}/$expunge"), &parameters(&[EVERYTHING]));
        }
    }
    world.admin.get(&at).refused(404, "not-found");
    let id = at.split('/').nth(1).expect("an id");
    assert_eq!(world.database.lines(&format!("SELECT id AS line FROM resource WHERE id = '{id}'")), [""; 0]);
    let heard = "SELECT action AS line FROM event WHERE action = 'delete'";
    assert_eq!(world.database.lines(heard), ["delete"]);
});
