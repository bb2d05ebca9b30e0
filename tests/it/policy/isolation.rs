//! Two projects, and whatever the admin of one does at random: nothing of the other is read, counted or changed.
//! `ROSTER_FUZZ=N` does N times as much.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::client::{Answer, Client, id, place};
use crate::sample::with;
use crate::world::World;

/// Operations of one run on one database.
const OPERATIONS: u32 = 1_000;
/// In every resource of the other project.
const MARK: &str = "Fremdwort";
const KINDS: [&str; 8] = [
    "Patient",
    "Practitioner",
    "RelatedPerson",
    "Organization",
    "User",
    "ProjectMembership",
    "ClientApplication",
    "AccessPolicy",
];

fn one(kind: &str, name: &str, target: &str) -> Value {
    match kind {
        "Patient" => json!({"resourceType": kind, "name": [{"family": name}], "gender": "female",
            "managingOrganization": {"reference": format!("Organization/{target}")}}),
        "Practitioner" => json!({"resourceType": kind, "name": [{"family": name}]}),
        "RelatedPerson" => json!({"resourceType": kind, "name": [{"family": name}],
            "patient": {"reference": format!("Patient/{target}")}}),
        "Organization" => json!({"resourceType": kind, "name": name}),
        "User" => {
            json!({"resourceType": kind, "lastName": name, "firstName": name, "email": format!("{}@example.com", name.to_lowercase())})
        }
        "ProjectMembership" => json!({"resourceType": kind, "user": {"reference": format!("User/{target}")},
            "profile": {"reference": format!("Patient/{target}")}, "admin": true}),
        "ClientApplication" => json!({"resourceType": kind, "name": name}),
        _ => json!({"resourceType": "AccessPolicy", "name": name, "resource": [{"resourceType": "*"}]}),
    }
}

/// What a project has, by an admin of all.
fn state(world: &World, project: &str) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for kind in KINDS.iter().copied().chain(["Project"]) {
        for one in world.super_admin.search(&format!("{kind}?_count=1000")) {
            let of = one["meta"]["project"].as_str().or_else(|| one["project"]["reference"].as_str());
            let mine = of.is_some_and(|of| of.ends_with(project)) || one["id"] == project;
            if mine || one.to_string().contains(MARK) {
                all.insert(place(&one), one);
            }
        }
    }
    all
}

#[derive(Debug, Clone)]
struct Step {
    verb: usize,
    kind: usize,
    target: usize,
    other: usize,
    query: usize,
}

fn step() -> impl Strategy<Value = Step> {
    (0..16_usize, 0..KINDS.len(), any::<usize>(), any::<usize>(), 0..12_usize)
        .prop_map(|(verb, kind, target, other, query)| Step { verb, kind, target, other, query })
}

/// A search, or the condition of one, that may well be about the other project.
fn query(step: &Step, target: &str) -> String {
    match step.query {
        0 => format!("_id={target}"),
        1 => "_total=accurate".to_owned(),
        2 => "_summary=count".to_owned(),
        3 => format!("_content={MARK}"),
        4 => format!("_filter=_id%20eq%20{target}"),
        5 => format!("_has:RelatedPerson:patient:name={MARK}"),
        6 => format!("name={MARK}"),
        7 => format!("organization.name={MARK}"),
        8 => "_include=*&_revinclude=*".to_owned(),
        9 => format!("patient={target}"),
        10 => "_sort=-_lastUpdated&_count=50".to_owned(),
        _ => format!("project={target}"),
    }
}

fn run(client: &Client, step: &Step, foreign: &[String], own: &[String], project: &str) -> Answer {
    let all: Vec<&String> = foreign.iter().chain(own).collect();
    let target = all[step.target % all.len()].clone();
    let other = all[step.other % all.len()].clone();
    let (kind, target_id) = target.split_once('/').expect("a place");
    let other_id = other.split_once('/').expect("a place").1;
    let any_kind = KINDS[step.kind];
    let whole = with(one(kind, "Eigen", other_id), json!({"id": target_id}));
    let placed = with(one(any_kind, "Eigen", other_id), json!({"meta": {"project": project}}));
    let bundle = |kind: &str, entry: Value| json!({"resourceType": "Bundle", "type": kind, "entry": entry});
    match step.verb {
        0 => client.get(&target),
        1 => client.get(&format!("{target}/_history")),
        2 => client.get(&format!("{target}/_history/1")),
        3 => client.put(&target, &whole),
        4 => {
            let patch = json!([{"op": "add", "path": "/active", "value": false}]).to_string();
            client.call("PATCH", &target).body("application/json-patch+json", patch).send()
        }
        5 => client.delete(&target),
        6 => client.post(any_kind, &one(any_kind, "Eigen", other_id)),
        7 => client.post(any_kind, &placed),
        8 => client.get(&format!("{any_kind}?{}", query(step, target_id))),
        9 => client.get(&format!("Patient/{target_id}/{any_kind}?{}", query(step, other_id))),
        10 => client.call("DELETE", &format!("{any_kind}?{}", query(step, target_id))).send(),
        11 => {
            client.put(&format!("{any_kind}?{}", query(step, target_id)), &one(any_kind, "Eigen", other_id))
        }
        12 => {
            let entry = json!([
                {"request": {"method": "PUT", "url": target}, "resource": whole},
                {"request": {"method": "GET", "url": other}}
            ]);
            client.post("", &bundle("transaction", entry))
        }
        13 => {
            let entry = json!([
                {"request": {"method": "DELETE", "url": target}},
                {"request": {"method": "GET", "url": format!("{any_kind}?{}", query(step, other_id))}}
            ]);
            client.post("", &bundle("batch", entry))
        }
        14 => match step.query {
            0 => client.get("_history?_count=50"),
            1 => client.get(&format!("{any_kind}/_history?_count=50")),
            2 => client.get(&format!("Patient/{target_id}/$everything")),
            3 => client.get("$meta"),
            4 => client.get(&format!("{target}/$graphql?query=%7Bid%7D")),
            5 => client.get(&format!("$graphql?query=%7B{kind}(id:%22{target_id}%22)%7Bid%7D%7D")),
            6 => client.get(&format!("/fhir/R4?_content={MARK}")),
            7 => client.post(&format!("{kind}/$validate"), &whole),
            8 => client.get(&format!("{target}/$validate")),
            9 => client.call("POST", &format!("{target}/$reindex")).send(),
            10 => {
                let all = json!([{"name": "expungeEverything", "valueBoolean": true}]);
                let all = json!({"resourceType": "Parameters", "parameter": all});
                client.post(&format!("{target}/$expunge"), &all)
            }
            _ => client.get("Patient/$everything"),
        },
        _ => {
            let meta = json!([{"name": "meta", "valueMeta": {"tag": [{"system": "urn:x", "code": "y"}]}}]);
            client.post(
                &format!("{target}/$meta-add"),
                &json!({"resourceType": "Parameters", "parameter": meta}),
            )
        }
    }
}

on_both!(nothing_of_another_project_is_read_counted_or_changed, |world| {
    let mut foreign: Vec<String> = Vec::new();
    let mut last = BTreeMap::new();
    for kind in KINDS {
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
        let made = world.stranger.create(&made);
        last.insert(kind, id(&made));
        foreign.push(place(&made));
    }
    foreign.push(format!("Project/{}", world.other_project));
    let mut own: Vec<String> = Vec::new();
    for kind in ["Patient", "Organization", "User", "AccessPolicy"] {
        own.push(place(&world.admin.create(&one(kind, &format!("Eigen{kind}"), "none"))));
    }
    let before = state(world, &world.other_project);
    assert!(before.len() > KINDS.len(), "{before:?}");
    let times: u32 = std::env::var("ROSTER_FUZZ").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let config = Config {
        cases: OPERATIONS * times,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Config::default()
    };
    let mut runner = match times {
        1 => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
        _ => TestRunner::new(config),
    };
    let ran = runner.run(&step(), |step| {
        let answer = run(&world.admin, &step, &foreign, &own, &world.other_project);
        prop_assert!(answer.status < 500 || answer.status == 501, "{answer:.2000?}");
        let told = answer.text();
        // What is asked for comes back in links and in refusals, and nowhere else.
        let resources = entries(&told);
        prop_assert!(!resources.contains(MARK), "{step:?}: {told:.2000}");
        for place in &foreign {
            let id = place.split_once('/').expect("a place").1;
            let shown = format!("\"id\":\"{id}\",\"meta\":{{\"project\":\"{}\"", world.other_project);
            prop_assert!(!resources.contains(&shown), "{step:?}: {told:.2000}");
        }
        let asks_of_mark = matches!(step.verb, 8) && matches!(step.query, 3 | 5 | 6 | 7);
        let total = serde_json::from_str::<Value>(&told).ok().and_then(|told| told["total"].as_u64());
        prop_assert!(!(asks_of_mark && total.is_some_and(|total| total > 0)), "{step:?}: {told:.2000}");
        Ok(())
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
    assert_eq!(state(world, &world.other_project), before);
});

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
