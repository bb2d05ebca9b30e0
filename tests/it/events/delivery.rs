//! At least once, in order for each resource, and on from where it stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde_json::json;

use super::receiver::{Receiver, status};
use super::{active, channel, hook, quick, until};
use crate::client::{Client, id, place};
use crate::sample::{patient, with};
use crate::server::{BOOTSTRAP_CLIENT, BOOTSTRAP_SECRET, Server};
use crate::world::token;

on_both!(what_fails_is_tried_again_until_it_arrives, |config| quick(config), |world| {
    let failures = Mutex::new(5);
    let receiver = Receiver::answering(move |_| {
        let mut failures = failures.lock().expect("whole");
        *failures -= 1;
        status(if *failures < 0 { 201 } else { 503 })
    });
    let payload = json!({"payload": "application/fhir+json"});
    let stored = active(&world.admin, &channel(hook("Patient", &receiver.url), payload));
    world.admin.create(&patient("Curie", "Marie"));
    let tries: Vec<_> = (0..6).map(|_| receiver.next()).collect();
    for again in &tries[1..] {
        assert_eq!((again.id(), &again.body), (tries[0].id(), &tries[0].body));
    }
    let now = until(&world.admin, &stored, "active");
    assert!(now.get("error").is_none(), "{now}");
    let told = world.admin.get(&format!("{}/_history", place(&stored))).expect(200);
    let troubled = told.resources().into_iter().find(|version| version["status"] == "error");
    assert!(troubled.expect("a version that tells of it")["error"].as_str().expect("why").contains("503"));
    world.admin.create(&patient("Curie", "Irène"));
    assert_eq!(receiver.next().family(), "Curie");
    assert!(receiver.all().is_empty());
});

on_both!(an_undelivered_change_holds_back_what_follows_of_its_resource, |config| quick(config), |world| {
    let receiver =
        Receiver::answering(|received| status(if received.family() == "Stuck" { 500 } else { 200 }));
    let payload = json!({"payload": "application/fhir+json"});
    active(&world.admin, &channel(hook("Patient", &receiver.url), payload));
    let stuck = world.admin.create(&patient("Stuck", "V1"));
    let second =
        world.admin.update(&with(stuck.clone(), json!({"name": [{"family": "Loose", "given": ["V2"]}]})));
    world.admin.update(&with(second, json!({"name": [{"family": "Loose", "given": ["V3"]}]})));
    let other = world.admin.create(&patient("Other", "V1"));
    loop {
        let received = receiver.next();
        assert!(received.family() != "Loose", "{received:?} is ahead of its turn");
        if received.json()["id"] == other["id"] {
            break;
        }
    }
    receiver.answer(|_| status(200));
    let mut versions = Vec::new();
    while versions.last().is_none_or(|version| version != "3") {
        let version = receiver.next().json()["meta"]["versionId"].as_str().expect("a version").to_owned();
        if versions.last() != Some(&version) {
            versions.push(version);
        }
    }
    assert_eq!(versions, ["1", "2", "3"]);
});

on_both!(every_change_arrives_and_those_of_a_resource_in_order, |config| quick(config), |world| {
    let payload = json!({"payload": "application/fhir+json"});
    let receiver = Receiver::new();
    active(&world.admin, &channel(hook("Patient", &receiver.url), payload));
    let total = 8 * 20;
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let admin = &world.admin;
            scope.spawn(move || {
                let mut stored = admin.create(&patient("Busy", &format!("W{writer}")));
                for change in 1..20 {
                    stored = admin.update(&with(stored, json!({"active": change % 2 == 0})));
                }
            });
        }
    });
    let mut versions: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for _ in 0..total {
        let body = receiver.next().json();
        let version = body["meta"]["versionId"].as_str().expect("a version").parse().expect("a number");
        versions.entry(id(&body)).or_default().push(version);
    }
    assert_eq!(versions.len(), 8);
    for (id, versions) in versions {
        assert_eq!(versions, (1..=20).collect::<Vec<_>>(), "{id}");
    }
    assert!(receiver.all().is_empty());
});

/// A server on a database of its own, and its first client.
pub fn started(database: &crate::database::Database) -> (Server, Client) {
    let server = Server::start(&database.url, quick);
    let anonymous = Client::anonymous(&server.address);
    let token = token(&anonymous, BOOTSTRAP_CLIENT, BOOTSTRAP_SECRET);
    let client = Client::with_token(&server.address, &token);
    (server, client)
}

on_each_database!(a_restart_goes_on_where_it_stopped, |database| {
    let receiver = Receiver::answering(|_| status(503));
    let payload = json!({"payload": "application/fhir+json"});
    let (server, admin) = started(database);
    active(&admin, &channel(hook("Patient", &receiver.url), payload));
    let stored: BTreeSet<String> =
        (0..3).map(|i| id(&admin.create(&patient("Curie", &format!("N{i}"))))).collect();
    let tried = receiver.next();
    drop(server);
    receiver.answer(|_| status(200));
    let (_server, admin) = started(database);
    let mut arrived = BTreeMap::new();
    // What was tried before the stop comes again.
    while arrived.len() < 3 || !arrived.contains_key(tried.id()) {
        let received = receiver.next();
        arrived.insert(received.id().to_owned(), id(&received.json()));
    }
    assert_eq!(arrived.values().cloned().collect::<BTreeSet<_>>(), stored);
    let new = admin.create(&patient("Curie", "New"));
    loop {
        let received = receiver.next();
        if received.json() == new {
            break;
        }
        assert!(stored.contains(&id(&received.json())), "{received:?}");
    }
});
