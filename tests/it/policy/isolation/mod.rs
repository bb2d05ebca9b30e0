//! Two projects and a child of one, and whatever callers of one do at random: nothing of the others is read, counted,
//! changed or told to be there. `ROSTER_FUZZ=N` does N times as much.

mod step;
mod twin;

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::auth::person;
use crate::client::{Client, id, place};
use crate::people::People;
use crate::world::World;
use step::{KINDS, MARK, one, run, step};

/// Operations of each caller on each database: ten thousand in all.
const OPERATIONS: u32 = 1_000;

/// Types of which anybody may choose the id of a resource.
const OWN_IDS: [&str; 4] = ["Patient/", "Practitioner/", "RelatedPerson/", "Organization/"];

/// Whoever may do most in a project without being its admin: a member who signed in, whose policy names every type.
fn holder(world: &World) -> Client {
    let entries: Vec<Value> =
        ["*", "User", "ProjectMembership", "ClientApplication", "AccessPolicy", "Project"]
            .iter()
            .map(|kind| json!({"resourceType": kind}))
            .collect();
    let policy = crate::policy::policy(world, json!(entries));
    person::person(world, json!({"accessPolicy": {"reference": policy}})).client(world)
}

/// One of each of these types in somebody's project, with the mark in it; and the project itself.
fn marked(client: &Client, project: &str, kinds: &[&str]) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    let mut last = BTreeMap::new();
    for kind in kinds.iter().copied() {
        let target = match kind {
            "RelatedPerson" => last.get("Patient"),
            "ProjectMembership" => last.get("User"),
            _ => last.get("Organization"),
        };
        let target: String = target.cloned().unwrap_or_else(|| "none".to_owned());
        let mut made = one(kind, MARK, &target);
        if kind == "ProjectMembership" {
            made["externalId"] = json!(MARK);
        }
        let made = client.create(&made);
        last.insert(kind, id(&made));
        places.push(place(&made));
    }
    places.push(format!("Project/{project}"));
    places
}

/// What a project has, as its own admin sees it.
fn state(admin: &Client) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for kind in KINDS.iter().copied().chain(["Project"]) {
        let mut next = Some(format!("{kind}?_count=1000"));
        while let Some(page) = next {
            let page = admin.get(&page).expect(200);
            all.extend(page.resources().into_iter().map(|one| (place(&one), one)));
            next = page.link("next");
        }
    }
    all
}

/// Lets somebody do as much as he likes. `foreign` is what he must not come near to, of `project`.
fn let_loose(client: &Client, seed: u8, foreign: &[String], own: &[String], project: &str) {
    let times: u32 = std::env::var("ROSTER_FUZZ").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let config = Config {
        cases: OPERATIONS * times,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Config::default()
    };
    let mut runner = match times {
        1 => TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32])),
        _ => TestRunner::new(config),
    };
    let ran = runner.run(&step(), |step| {
        let answer = run(client, &step, foreign, own, project);
        prop_assert!(answer.status < 500 || answer.status == 501, "{answer:.2000?}");
        let told = answer.text();
        // What is asked for comes back in links and in refusals, and nowhere else.
        let resources = entries(&told);
        prop_assert!(!resources.contains(MARK), "{step:?}: {told:.2000}");
        // Of these types the server alone chooses ids, so that nobody else has the same.
        for place in foreign.iter().filter(|place| !OWN_IDS.iter().any(|kind| place.starts_with(kind))) {
            let id = place.split_once('/').expect("a place").1;
            prop_assert!(!resources.contains(&format!("\"id\":\"{id}\"")), "{step:?}: {told:.2000}");
        }
        let asks_of_mark = matches!(step.verb, 8) && matches!(step.query, 3 | 5 | 6 | 7);
        let total = serde_json::from_str::<Value>(&told).ok().and_then(|told| told["total"].as_u64());
        prop_assert!(!(asks_of_mark && total.is_some_and(|total| total > 0)), "{step:?}: {told:.2000}");
        Ok(())
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
}

on_both!(
    nothing_of_another_project_is_read_counted_or_changed,
    |config| (config.sign_in.login_rate, config.sign_in.auth_rate) = (0, 0),
    |world| {
        let people = People::of(world);
        let name = |project: &str| {
            let stored = world.super_admin.get(&format!("Project/{project}")).expect(200).json();
            world.super_admin.update(&crate::sample::with(stored, json!({"name": MARK})));
        };
        let own = |client: &Client| -> Vec<String> {
            let kinds = ["Patient", "Organization", "AccessPolicy"];
            kinds.map(|kind| place(&client.create(&one(kind, &format!("Eigen{kind}"), "none")))).to_vec()
        };
        let (other_project, child_project) = (&world.other_project, &people.child_project);
        let other = marked(&world.stranger, other_project, &KINDS);
        name(other_project);
        let before = state(&world.stranger);
        assert!(before.len() > KINDS.len(), "{before:?}");
        // Those of the child first: what is theirs then is out of reach of those above.
        let theirs = own(&people.child);
        for (seed, client) in [(1, &people.child), (2, &people.child_person)] {
            let_loose(client, seed, &other, &theirs, other_project);
            assert_eq!(state(&world.stranger), before, "{seed}");
        }
        // A child has no users of its own.
        let kinds: Vec<&str> =
            KINDS.into_iter().filter(|kind| !matches!(*kind, "User" | "ProjectMembership")).collect();
        let below = marked(&people.child, child_project, &kinds);
        name(child_project);
        let of_child = state(&people.child);
        let (mut ours, holder) = (own(&world.admin), holder(world));
        ours.push(place(&world.admin.create(&one("User", "EigenUser", "none"))));
        for (seed, client, foreign, project) in [
            (3, &world.admin, &other, other_project),
            (4, &people.admin, &below, child_project),
            (5, &holder, &other, other_project),
        ] {
            let_loose(client, seed, foreign, &ours, project);
            assert_eq!(state(&world.stranger), before, "{seed}");
            assert_eq!(state(&people.child), of_child, "{seed}");
        }
    }
);

/// The resources of an answer, as text.
fn entries(told: &str) -> String {
    let Ok(answer) = serde_json::from_str::<Value>(told) else { return told.to_owned() };
    match answer["resourceType"].as_str() {
        Some("OperationOutcome") => String::new(),
        Some("Bundle") => answer["entry"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|entry| entries(&entry["resource"].to_string()))
            .collect(),
        _ => told.to_owned(),
    }
}
