//! What was told, or given up, told once more: `$replay` of a Subscription.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::delivery::started;
use super::log::{asked, lines, payload, settled};
use super::receiver::{Received, Receiver, status};
use super::{active, channel, hook, quick, until};
use crate::client::{Answer, Client, id, place};
use crate::database::Engine;
use crate::sample::{organization, patient, with};
use crate::server::Server;
use crate::world::World;

fn replay(client: &Client, stored: &Value, parameters: Value) -> Answer {
    let body = json!({"resourceType": "Parameters", "parameter": parameters});
    client.post(&format!("{}/$replay", place(stored)), &body)
}

/// How many were put into the queue.
#[track_caller]
fn again(client: &Client, stored: &Value, name: &str, kind: &str, value: &Value) -> i64 {
    let answer = replay(client, stored, json!([{"name": name, format!("value{kind}"): value}])).expect(200);
    answer.json()["parameter"][0]["valueInteger"].as_i64().expect("a count")
}

fn version(received: &Received) -> (String, String) {
    let body = received.json();
    (id(&body), body["meta"]["versionId"].as_str().expect("a version").to_owned())
}

on_both!(
    what_was_given_up_is_told_when_the_receiver_has_mended,
    |config| {
        quick(config);
        config.subscription_attempts = 2;
    },
    |world| {
        let receiver = Receiver::answering(|_| status(500));
        let stored = active(&world.admin, &channel(hook("Patient", &receiver.url), payload()));
        let told = world.admin.create(&patient("Curie", "Marie"));
        let first = receiver.next();
        let off = until(&world.admin, &stored, "off");
        let failed = json!("failed");
        let refused = replay(&world.admin, &stored, json!([{"name": "outcome", "valueCode": "failed"}]));
        refused.refused(409, "business-rule").at("Subscription.status");
        receiver.answer(|_| status(200));
        let stored = world.admin.update(&with(off, json!({"status": "requested"})));
        let stored = until(&world.admin, &stored, "active");
        settled(&world.admin, &stored, 1, "failed");
        receiver.all();
        assert_eq!(again(&world.admin, &stored, "outcome", "Code", &failed), 1);
        let received = receiver.next();
        assert_eq!((received.id(), &received.body), (first.id(), &first.body));
        assert_eq!(received.json(), told);
        let log = settled(&world.admin, &stored, 1, "delivered");
        assert_eq!((&log[0]["attempts"], &log[0]["status"]), (&json!(3), &json!(200)));
        assert!(!log[0].contains_key("error"), "{log:?}");
        assert_eq!(again(&world.admin, &stored, "outcome", "Code", &failed), 0, "nothing is left");
        // Once more by its id, after which whoever asked is on record.
        assert_eq!(again(&world.admin, &stored, "delivery", "String", &json!(first.id())), 1);
        assert_eq!(receiver.next().id(), first.id());
        let acts = world.admin.search("AuditEvent?subtype=replay");
        assert_eq!(acts.len(), 2, "{acts:?}");
        assert_eq!(acts[0]["entity"][0]["what"]["reference"], place(&stored));
        assert!(receiver.all().is_empty());
    }
);

on_both!(a_time_is_told_once_more, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let stored = active(&world.admin, &hook("Patient", &receiver.url));
    for count in 1..=4 {
        world.admin.create(&patient("Curie", &format!("N{count}")));
        let log = settled(&world.admin, &stored, count, "delivered");
        let last = DateTime::parse_from_rfc3339(log[0]["noted"].as_str().expect("a moment"));
        while Utc::now().timestamp_millis() <= last.expect("a moment").timestamp_millis() {}
    }
    let log = settled(&world.admin, &stored, 4, "delivered");
    receiver.all();
    let between = json!([
        {"name": "since", "valueInstant": log[2]["noted"]}, {"name": "until", "valueInstant": log[1]["noted"]}
    ]);
    let done = replay(&world.admin, &stored, between).expect(200).json();
    assert_eq!(done["parameter"], json!([{"name": "count", "valueInteger": 2}]));
    let due: BTreeSet<String> =
        log[1..3].iter().map(|line| line["id"].as_str().expect("an id").to_owned()).collect();
    let came: BTreeSet<String> = (0..2).map(|_| receiver.next().id().to_owned()).collect();
    assert_eq!(came, due);
    let log = settled(&world.admin, &stored, 4, "delivered");
    let attempts: Vec<&Value> = log.iter().map(|line| &line["attempts"]).collect();
    assert_eq!(attempts, [1, 2, 2, 1]);
    assert!(receiver.all().is_empty());
    let known = &log[0]["id"];
    for (wrong, code, place) in [
        (json!([]), "required", "delivery"),
        (json!([{"name": "outcome", "valueCode": "pending"}]), "value", "outcome"),
        (json!([{"name": "since", "valueInstant": "noon"}]), "value", "since"),
        (json!([{"name": "all", "valueBoolean": true}]), "not-supported", "Parameters.parameter[0]"),
    ] {
        replay(&world.admin, &stored, wrong).refused(400, code).at(place);
    }
    for unknown in ["1", "none.1", &format!("{}.999999", id(&stored)), &format!("{}.x", id(&stored))] {
        // One that is unknown, and nothing of what is known is told.
        let both = json!([
            {"name": "delivery", "valueString": known}, {"name": "delivery", "valueString": unknown}
        ]);
        replay(&world.admin, &stored, both).refused(404, "not-found").at("delivery");
    }
    settled(&world.admin, &stored, 4, "delivered");
    assert!(receiver.all().is_empty());
});

on_both!(of_a_resource_the_order_holds_with_what_waits, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let stored = active(&world.admin, &channel(hook("Patient", &receiver.url), payload()));
    let mut curie = world.admin.create(&patient("Curie", "Marie"));
    for active in [true, false] {
        curie = world.admin.update(&with(curie, json!({"active": active})));
    }
    settled(&world.admin, &stored, 3, "delivered");
    receiver.all();
    receiver.answer(|_| status(503));
    world.admin.update(&with(curie, json!({"gender": "female"})));
    assert_eq!(version(&receiver.next()).1, "4");
    assert_eq!(again(&world.admin, &stored, "outcome", "Code", &json!("delivered")), 3);
    // From when the first was tried, the last waits for those before it.
    while version(&receiver.next()).1 != "1" {}
    receiver.answer(|_| status(200));
    let mut versions = vec!["1".to_owned()];
    while versions.last().is_none_or(|last| last != "4") {
        let next = version(&receiver.next()).1;
        if versions.last() != Some(&next) {
            versions.push(next);
        }
    }
    assert_eq!(versions, ["1", "2", "3", "4"]);
    settled(&world.admin, &stored, 4, "delivered");
});

on_each_database!(a_restart_goes_on_with_what_is_told_once_more, |database| {
    let receiver = Receiver::new();
    let (server, admin) = started(database);
    let stored = active(&admin, &channel(hook("Patient", &receiver.url), payload()));
    for count in 1..=3 {
        admin.create(&patient("Curie", &format!("N{count}")));
    }
    let log = settled(&admin, &stored, 3, "delivered");
    receiver.all();
    receiver.answer(|_| status(503));
    assert_eq!(again(&admin, &stored, "outcome", "Code", &json!("delivered")), 3);
    receiver.next();
    drop(server);
    receiver.answer(|_| status(200));
    let (_server, admin) = started(database);
    settled(&admin, &stored, 3, "delivered");
    let came: BTreeSet<String> = receiver.all().iter().map(|one| one.id().to_owned()).collect();
    let due: BTreeSet<String> =
        log.iter().map(|line| line["id"].as_str().expect("an id").to_owned()).collect();
    assert_eq!(came, due);
});

on_both!(what_is_no_more_to_be_told_is_not, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let stored = active(&world.admin, &channel(hook("Patient", &receiver.url), payload()));
    let gone = world.admin.create(&patient("Curie", "Marie"));
    world.admin.create(&patient("Curie", "Eve"));
    settled(&world.admin, &stored, 2, "delivered");
    receiver.all();
    let delivered = json!("delivered");
    world
        .admin
        .post(
            &format!("{}/$expunge?expungeEverything=true", place(&gone)),
            &json!({"resourceType": "Parameters"}),
        )
        .expect(200);
    assert_eq!(again(&world.admin, &stored, "outcome", "Code", &delivered), 2);
    assert_eq!(receiver.next().family(), "Curie");
    let failed = loop {
        let failed = lines(&asked(&world.admin, &stored, "?outcome=failed").expect(200));
        if !failed.is_empty() {
            break failed;
        }
        std::thread::yield_now();
    };
    assert!(failed[0]["error"].as_str().expect("why").contains("expunged"), "{failed:?}");
    assert!(!failed[0].contains_key("resource"), "{failed:?}");
    // Whoever makes it one for another type hears of that type only.
    let now = world.admin.get(&place(&stored)).expect(200).json();
    let stored = world.admin.update(&with(now, json!({"criteria": "Organization"})));
    world.admin.create(&organization("Institut"));
    assert_eq!(receiver.next().json()["resourceType"], "Organization");
    settled_delivered(&world.admin, &stored, 2);
    assert_eq!(again(&world.admin, &stored, "outcome", "Code", &delivered), 2);
    assert_eq!(receiver.next().json()["resourceType"], "Organization");
    settled_delivered(&world.admin, &stored, 1);
    assert!(receiver.all().is_empty());
});

/// Waits until so many have arrived, and nothing else is on its way.
#[track_caller]
fn settled_delivered(client: &Client, stored: &Value, many: usize) {
    let begin = std::time::Instant::now();
    loop {
        let count =
            |outcome: &str| lines(&asked(client, stored, &format!("?outcome={outcome}")).expect(200)).len();
        if count("delivered") == many && count("pending") == 0 {
            return;
        }
        assert!(begin.elapsed() < super::DEADLINE, "not {many} have arrived");
        std::thread::yield_now();
    }
}

#[test]
fn what_is_asked_of_one_node_is_told_by_another() {
    let world = World::with(Engine::Postgres, quick);
    let second = Server::start(&world.database.url, quick);
    let there = Client::with_token(&second.address, world.admin.token());
    let receiver = Receiver::new();
    let stored = active(&world.admin, &channel(hook("Patient", &receiver.url), payload()));
    world.admin.create(&patient("Curie", "Marie"));
    let first = receiver.next();
    settled(&there, &stored, 1, "delivered");
    for client in [&there, &world.admin] {
        assert_eq!(again(client, &stored, "delivery", "String", &json!(first.id())), 1);
        assert_eq!(receiver.next().id(), first.id());
        settled(client, &stored, 1, "delivered");
    }
}
