//! The log of deliveries: `$deliveries` of a Subscription.

use std::collections::BTreeMap;
use std::time::Instant;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::delivery::started;
use super::receiver::{Receiver, status};
use super::{DEADLINE, active, channel, hook, quick, socket, until};
use crate::client::{Answer, Client, id, place};
use crate::sample::{patient, with};

/// A line of the log, by the names of its parameters.
pub type Line = BTreeMap<String, Value>;

pub fn asked(client: &Client, stored: &Value, query: &str) -> Answer {
    client.get(&format!("{}/$deliveries{query}", place(stored)))
}

#[track_caller]
pub fn lines(answer: &Answer) -> Vec<Line> {
    let line = |entry: &Value| {
        let all = entry["parameter"].as_array().expect("parameters");
        let part = |one: &Value| {
            let value = one.as_object().expect("a parameter").iter().find(|(name, _)| *name != "name");
            (one["name"].as_str().expect("a name").to_owned(), value.expect("a value").1.clone())
        };
        all.iter().map(part).collect()
    };
    answer.resources().iter().map(line).collect()
}

/// The log, once all of these many lines are as `due` says.
#[track_caller]
pub fn settled(client: &Client, stored: &Value, many: usize, due: &str) -> Vec<Line> {
    let begin = Instant::now();
    loop {
        let answer = asked(client, stored, "?_count=100").expect(200);
        let log = lines(&answer);
        if log.len() == many && log.iter().all(|line| line["outcome"] == due) {
            return log;
        }
        assert!(begin.elapsed() < DEADLINE, "not {many} that are {due}: {}", answer.text());
        std::thread::yield_now();
    }
}

pub fn payload() -> Value {
    json!({"payload": "application/fhir+json"})
}

on_both!(what_has_arrived_is_in_the_log, |config| quick(config), |world| {
    let receiver = Receiver::answering(|_| status(202));
    let secret = "https://roster.dev/fhir/StructureDefinition/subscription-secret";
    let subscription = channel(
        hook("Patient", &receiver.url),
        json!({
            "payload": "application/fhir+json", "header": ["Authorization: Bearer of-theirs"],
            "extension": [{"url": secret, "valueString": "a secret of the channel"}]
        }),
    );
    let stored = active(&world.admin, &subscription);
    assert!(asked(&world.admin, &stored, "").expect(200).resources().is_empty());
    let told = world.admin.create(&patient("Curie", "Marie"));
    let received = receiver.next();
    let log = settled(&world.admin, &stored, 1, "delivered");
    let line = &log[0];
    assert_eq!(line["id"], received.id());
    assert_eq!(line["resource"]["reference"], format!("Patient/{}/_history/1", id(&told)));
    assert_eq!((&line["attempts"], &line["status"]), (&json!(1), &json!(202)));
    assert!(line["first"] == line["last"] && line["duration"].as_i64() >= Some(0), "{line:?}");
    for name in ["error", "next", "event"] {
        assert!(!line.contains_key(name), "{line:?}");
    }
    let text = asked(&world.admin, &stored, "").expect(200).text();
    for hidden in ["of-theirs", "a secret", "Curie"] {
        assert!(!text.contains(hidden), "{text}");
    }
    let kept = world.database.dump()["delivery"].join("\n");
    assert!(!kept.contains("of-theirs") && !kept.contains("a secret") && !kept.contains("Curie"), "{kept}");
    let place = format!("{}/$deliveries", place(&stored));
    let given =
        json!({"resourceType": "Parameters", "parameter": [{"name": "outcome", "valueCode": "delivered"}]});
    assert_eq!(lines(&world.admin.post(&place, &given).expect(200)), log);
    assert!(lines(&asked(&world.admin, &stored, "?outcome=failed").expect(200)).is_empty());
    assert!(lines(&asked(&world.admin, &stored, "?outcome=pending").expect(200)).is_empty());
});

on_both!(
    what_was_given_up_says_why,
    |config| {
        quick(config);
        config.subscription_attempts = 3;
    },
    |world| {
        let receiver = Receiver::answering(|_| status(500));
        let stored = active(&world.admin, &channel(hook("Patient", &receiver.url), payload()));
        let told = world.admin.create(&patient("Curie", "Marie"));
        let received = receiver.next();
        let told = world.admin.update(&with(told, json!({"active": true})));
        until(&world.admin, &stored, "off");
        // What waits is given up with it, by and by.
        let begin = Instant::now();
        while !lines(&asked(&world.admin, &stored, "?outcome=pending").expect(200)).is_empty() {
            assert!(begin.elapsed() < DEADLINE, "something waits for ever");
        }
        let log = lines(&asked(&world.admin, &stored, "?outcome=failed").expect(200));
        // The second may have been written when nobody was told of anything any more.
        let first = log.last().expect("a line");
        assert_eq!(first["id"], received.id());
        assert_eq!((&first["attempts"], &first["status"]), (&json!(3), &json!(500)));
        assert!(first["error"].as_str().expect("an error").contains("HTTP 500"), "{first:?}");
        assert!(first["first"].as_str() <= first["last"].as_str(), "{first:?}");
        if let [second, _] = log.as_slice() {
            assert_eq!(second["resource"]["reference"], format!("Patient/{}/_history/2", id(&told)));
            assert_eq!(second["attempts"], 0);
            assert!(second["error"].as_str().expect("why").contains("turned off"), "{second:?}");
        }
    }
);

on_both!(what_fails_waits_in_the_log, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let url = receiver.url.clone();
    drop(receiver);
    let stored = active(&world.admin, &hook("Patient", &url));
    world.admin.create(&patient("Curie", "Marie"));
    let begin = Instant::now();
    let line = loop {
        let log = lines(&asked(&world.admin, &stored, "?outcome=pending").expect(200));
        if let Some(line) = log.into_iter().find(|line| line.contains_key("error")) {
            break line;
        }
        assert!(begin.elapsed() < DEADLINE, "nothing waits");
        std::thread::yield_now();
    };
    assert!(line["attempts"].as_i64() >= Some(1) && line.contains_key("next"), "{line:?}");
    assert!(!line.contains_key("status"), "nobody answered: {line:?}");
    assert_eq!(line["error"], "the connection is refused");
});

on_both!(the_log_is_read_in_pages_and_by_time, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let stored = active(&world.admin, &hook("Patient", &receiver.url));
    let beside = active(&world.admin, &hook("Organization", &receiver.url));
    let mut noted = Vec::new();
    for count in 1..=7 {
        world.admin.create(&patient("Curie", &format!("N{count}")));
        let log = settled(&world.admin, &stored, count, "delivered");
        noted.push(log[0]["noted"].as_str().expect("a moment").to_owned());
        // The next is of another millisecond.
        let last = DateTime::parse_from_rfc3339(&noted[count - 1]).expect("a moment").timestamp_millis();
        while Utc::now().timestamp_millis() <= last {}
    }
    let all = settled(&world.admin, &stored, 7, "delivered");
    let mut page = asked(&world.admin, &stored, "?_count=3&outcome=delivered").expect(200);
    let (mut found, mut sizes) = (lines(&page), vec![lines(&page).len()]);
    while let Some(next) = page.link("next") {
        page = world.admin.get(&next).expect(200);
        sizes.push(lines(&page).len());
        found.extend(lines(&page));
    }
    assert_eq!((&found, sizes), (&all, vec![3, 3, 1]));
    let times: Vec<&str> = all.iter().rev().map(|line| line["noted"].as_str().expect("a moment")).collect();
    assert_eq!(times, noted);
    let between = format!("?since={}&until={}", noted[2], noted[4]);
    assert_eq!(lines(&asked(&world.admin, &stored, &between).expect(200)), all[2..5]);
    assert!(lines(&asked(&world.admin, &beside, "").expect(200)).is_empty(), "each has its own");
    for (wrong, parameter) in [
        ("outcome=lost", "outcome"),
        ("since=yesterday", "since"),
        ("until=2026", "until"),
        ("_count=0", "_count"),
        ("_cursor=first", "_cursor"),
        ("status=500", "status"),
    ] {
        let answer = asked(&world.admin, &stored, &format!("?{wrong}")).expect(400);
        assert!(answer.text().contains(parameter), "{}", answer.text());
    }
});

on_both!(the_log_is_for_whoever_reads_the_subscription, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let stored = active(&world.admin, &hook("Patient", &receiver.url));
    world.admin.create(&patient("Curie", "Marie"));
    let log = settled(&world.admin, &stored, 1, "delivered");
    let once =
        json!({"resourceType": "Parameters", "parameter": [{"name": "outcome", "valueCode": "delivered"}]});
    let replay = format!("{}/$replay", place(&stored));
    let reader = crate::policy::holder(world, json!([{"resourceType": "Subscription", "readonly": true}]));
    assert_eq!(lines(&asked(&reader, &stored, "").expect(200)), log);
    reader.post(&replay, &once).refused(403, "forbidden");
    let other = crate::policy::holder(
        world,
        json!([{"resourceType": "Subscription", "criteria": "Subscription?status=off"}]),
    );
    asked(&other, &stored, "").refused(404, "not-found");
    other.post(&replay, &once).refused(404, "not-found");
    asked(&world.stranger, &stored, "").refused(404, "not-found");
    world.stranger.post(&replay, &once).refused(404, "not-found");
    asked(&world.member, &stored, "").refused(403, "forbidden");
    world.member.post(&replay, &once).refused(403, "forbidden");
    asked(&world.anonymous, &stored, "").expect(401);
    assert_eq!(lines(&asked(&world.super_admin, &stored, "").expect(200)), log);
    assert_eq!(receiver.all().len(), 1, "nobody of them had it sent again");
    let binding = world.admin.create(&socket("Patient"));
    assert!(asked(&world.admin, &binding, "").expect(200).resources().is_empty());
    world.admin.post(&format!("{}/$replay", place(&binding)), &once).refused(422, "not-supported");
    world.admin.delete(&place(&stored)).expect(204);
    asked(&world.admin, &stored, "").expect(410);
    world.admin.post(&replay, &once).expect(410);
});

on_each_database!(the_log_ends_after_a_time, |database| {
    let receiver =
        Receiver::answering(|received| status(if received.json()["active"] == true { 503 } else { 200 }));
    let (server, admin) = started(database);
    let stored = active(&admin, &channel(hook("Patient", &receiver.url), payload()));
    for count in 1..=3 {
        admin.create(&patient("Curie", &format!("N{count}")));
    }
    let log = settled(&admin, &stored, 3, "delivered");
    admin.create(&with(patient("Curie", "Waits"), json!({"active": true})));
    while receiver.next().json()["active"] != true {}
    drop(server);
    // All but the newest of those that arrived are older than a month; so is what waits.
    let month = 31_i64 * 24 * 3600 * 1_000_000;
    let newest = log[0]["id"].as_str().and_then(|id| id.rsplit('.').next()).expect("a number");
    database.run(&format!("UPDATE delivery SET place = place - {month} WHERE number <> {newest}"));
    let (_server, admin) = started(database);
    let begin = Instant::now();
    loop {
        let left = lines(&asked(&admin, &stored, "").expect(200));
        let outcomes: Vec<&Value> = left.iter().map(|line| &line["outcome"]).collect();
        assert!(outcomes.contains(&&json!("pending")), "what waits stays: {left:?}");
        if outcomes == [&json!("delivered"), &json!("pending")] {
            assert_eq!(left[0]["id"], log[0]["id"]);
            break;
        }
        assert!(begin.elapsed() < DEADLINE, "{left:?}");
        std::thread::yield_now();
    }
});

on_both!(an_expunged_subscription_leaves_no_log, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let stored = active(&world.admin, &hook("Patient", &receiver.url));
    world.admin.create(&patient("Curie", "Marie"));
    settled(&world.admin, &stored, 1, "delivered");
    let everything = format!("{}/$expunge?expungeEverything=true", place(&stored));
    world.admin.post(&everything, &json!({"resourceType": "Parameters"})).expect(200);
    assert!(world.database.dump()["delivery"].is_empty());
    asked(&world.admin, &stored, "").expect(404);
});
