//! batch (<https://hl7.org/fhir/R4/http.html#transaction>): requests that have nothing to do with each other.

use serde_json::{Value, json};

use crate::client::{Answer, Client, id, place};
use crate::sample::{patient, user};

pub fn bundle(kind: &str, entries: &Value) -> Value {
    json!({"resourceType": "Bundle", "type": kind, "entry": entries})
}

fn batch(client: &Client, entries: &Value) -> Vec<Value> {
    let answer = client.post("", &bundle("batch", entries)).expect(200).json();
    assert_eq!(answer["type"], "batch-response");
    answer["entry"].as_array().cloned().unwrap_or_default()
}

pub fn status(entry: &Value) -> &str {
    entry["response"]["status"].as_str().expect("a status").split(' ').next().expect("a code")
}

pub fn get(url: &str) -> Value {
    json!({"request": {"method": "GET", "url": url}})
}

pub fn post(url: &str, resource: &Value) -> Value {
    json!({"request": {"method": "POST", "url": url}, "resource": resource})
}

on_both!(each_entry_is_answered_in_its_place_and_fails_alone, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let mut changed = stored.clone();
    changed["active"] = json!(true);
    let entries = batch(
        &world.admin,
        &json!([
            get(&place(&stored)),
            post("Patient", &json!({"resourceType": "Patient", "gender": "purple"})),
            post("Patient", &patient("New", "Nina")),
            {"request": {"method": "PUT", "url": place(&stored), "ifMatch": "W/\"1\""}, "resource": changed},
            {"request": {"method": "PUT", "url": place(&stored), "ifMatch": "W/\"9\""}, "resource": changed},
            get("Patient/none"),
            get("NoSuchType"),
            get("Patient?family=new"),
            {"request": {"method": "DELETE", "url": "Patient/none"}},
            {"request": {"method": "GET", "url": place(&stored), "ifNoneMatch": "W/\"2\""}},
            {"request": {"method": "HEAD", "url": place(&stored)}},
            {"request": {"method": "POST", "url": "Patient", "ifNoneExist": "family=new"},
                "resource": patient("New", "Nina")},
            get(&format!("{}/_history/1", place(&stored))),
            get("metadata"),
        ]),
    );
    let told: Vec<&str> = entries.iter().map(status).collect();
    assert_eq!(told[..11], ["200", "422", "201", "200", "412", "404", "404", "200", "204", "304", "200"]);
    // Creates of a batch have no order among themselves.
    assert!(matches!(told[11], "200" | "201"), "{told:?}");
    assert_eq!(told[12..], ["200", "200"]);
    assert_eq!(entries[0]["resource"]["active"], true, "reads come last");
    assert_eq!(entries[0]["response"]["etag"], "W/\"2\"");
    assert!(entries[0]["response"]["lastModified"].is_string());
    assert_eq!(entries[1]["response"]["outcome"]["issue"][0]["code"], "code-invalid");
    assert!(entries[2]["response"]["location"].as_str().expect("a place").contains("/_history/1"));
    assert_eq!(entries[7]["resource"]["resourceType"], "Bundle");
});

on_both!(an_empty_batch_is_answered_by_an_empty_one, |world| {
    assert_eq!(batch(&world.admin, &json!([get("Patient")])).len(), 1);
    for kind in ["batch", "transaction"] {
        let answer =
            world.admin.post("", &json!({"resourceType": "Bundle", "type": kind})).expect(200).json();
        assert_eq!(answer["type"], format!("{kind}-response"));
        assert!(answer.get("entry").is_none());
    }
});

on_both!(what_is_no_batch_is_refused_whole, |world| {
    let refused = |body: &Value, statuses: &[u16]| -> Answer {
        let answer = world.admin.post("", body);
        assert!(statuses.contains(&answer.status), "{body}: {}", answer.text());
        answer.issues();
        answer
    };
    refused(&bundle("collection", &json!([{"resource": patient("A", "B")}])), &[400, 422]);
    refused(&bundle("searchset", &json!([{"resource": patient("A", "B")}])), &[400, 422]);
    refused(&json!({"resourceType": "Bundle"}), &[400, 422]);
    refused(&bundle("batch", &json!([{"request": {"method": "FETCH", "url": "Patient"}}])), &[400, 422]);
    refused(
        &bundle("batch", &json!([{"request": {"method": "GET", "url": "Patient"}, "surprise": 1}])),
        &[422],
    );
    refused(&bundle("batch", &json!({})), &[400, 422]);
    refused(&patient("A", "B"), &[400]);
    assert_eq!(world.admin.found("Patient").len(), 0);
    world.anonymous.post("", &bundle("batch", &json!([get("Patient")]))).expect(401);
});

on_both!(a_bundle_within_and_an_address_elsewhere_fail_alone, |world| {
    let inner = bundle("batch", &json!([get("Patient")]));
    let entries = batch(
        &world.admin,
        &json!([
            post("/", &inner),
            get("https://elsewhere.example/fhir/Patient"),
            get("https://roster.test/fhir/R4/Patient"),
            get("/Patient?_count=1"),
            {"resource": patient("A", "B")},
        ]),
    );
    let told: Vec<&str> = entries.iter().map(status).collect();
    assert_eq!(told, ["501", "400", "200", "200", "400"]);
});

on_both!(every_entry_is_bound_by_what_its_caller_may, |world| {
    let theirs = world.stranger.create(&patient("Theirs", "X"));
    let mine = batch(&world.admin, &json!([get(&place(&theirs)), get("Patient?family=theirs")]));
    assert_eq!(status(&mine[0]), "404");
    assert!(mine[1]["resource"].get("entry").is_none());
    let members =
        batch(&world.member, &json!([post("Patient", &patient("A", "B")), get("User?email=x@y.z")]));
    assert_eq!(members.iter().map(status).collect::<Vec<_>>(), ["403", "403"]);
});

on_both!(prefer_holds_for_every_entry, |world| {
    let body = bundle("batch", &json!([post("User", &user("ada@example.com"))]));
    let call = world.admin.call("POST", "").header("Prefer", "return=minimal").json(&body);
    let answer = call.send().expect(200).json();
    assert_eq!(status(&answer["entry"][0]), "201");
    assert!(answer["entry"][0].get("resource").is_none());
});

on_both!(a_hundred_creates_in_a_batch_are_all_done, |world| {
    let entries: Vec<Value> = (0..100).map(|n| post("Patient", &patient("Many", &format!("N{n}")))).collect();
    let done = batch(&world.admin, &json!(entries));
    assert!(done.iter().all(|entry| status(entry) == "201"));
    let mut ids: Vec<String> = done.iter().map(|entry| id(&entry["resource"])).collect();
    assert_eq!(done[42]["resource"]["name"][0]["given"][0], "N42");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 100);
});
