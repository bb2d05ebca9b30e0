//! The asynchronous pattern: <https://hl7.org/fhir/R4/async.html>.

use serde_json::{Value, json};

use crate::client::{Answer, Client, place};
use crate::sample::{patient, with};

fn begin(client: &Client, method: &str, at: &str, body: Option<&Value>) -> String {
    let call = client.call(method, at).header("Prefer", "respond-async");
    let answer = match body {
        Some(body) => call.json(body),
        None => call,
    };
    let answer = answer.send().expect(202);
    assert_eq!(answer.header("Preference-Applied"), Some("respond-async"));
    answer.issues();
    let status = answer.header("Content-Location").expect("a place").to_owned();
    assert!(status.starts_with("https://roster.test/fhir/R4/"), "{status}");
    status
}

/// Asks until it is done; each answer before that says how far it is.
fn wait(client: &Client, status: &str) -> Answer {
    loop {
        let answer = client.get(status);
        if answer.status == 200 {
            return answer;
        }
        let answer = answer.expect(202);
        assert!(answer.header("X-Progress").is_some() && answer.header("Retry-After").is_some());
        std::thread::yield_now();
    }
}

/// The only entry of the result.
fn result(client: &Client, status: &str) -> Value {
    let answer = wait(client, status);
    assert!(answer.header("Expires").is_some());
    let bundle = answer.json();
    assert_eq!((&bundle["resourceType"], &bundle["type"]), (&json!("Bundle"), &json!("batch-response")));
    assert_eq!(bundle["entry"].as_array().map(Vec::len), Some(1), "{bundle}");
    bundle["entry"][0].clone()
}

on_both!(a_search_is_answered_later, |world| {
    world.admin.create(&patient("Later", "B"));
    for (method, at) in [("GET", "Patient?family=later"), ("POST", "Patient/_search?family=later")] {
        let status = begin(&world.admin, method, at, None);
        for _ in 0..2 {
            let entry = result(&world.admin, &status);
            assert!(entry["response"]["status"].as_str().is_some_and(|code| code.starts_with("200")));
            assert_eq!(entry["resource"]["type"], "searchset");
            assert_eq!(entry["resource"]["entry"].as_array().map(Vec::len), Some(1));
        }
    }
});

on_both!(operations_and_batches_are_done_later, |world| {
    let empty = json!({"resourceType": "Parameters"});
    let at = place(&world.admin.create(&patient("A", "B")));
    world.admin.delete(&at).expect(204);
    let count = |entry: &Value| entry["resource"]["parameter"][0]["valueInteger"].as_u64();
    let status = begin(&world.admin, "POST", "Patient/$reindex", Some(&empty));
    assert_eq!(count(&result(&world.admin, &status)), Some(0));
    let asked = json!({"resourceType": "Parameters",
        "parameter": [{"name": "expungeDeletedResources", "valueBoolean": true}]});
    let status = begin(&world.admin, "POST", "$expunge", Some(&asked));
    assert_eq!(count(&result(&world.admin, &status)), Some(2));
    world.admin.get(&at).expect(404);
    let one = place(&world.admin.create(&patient("Whole", "B")));
    let status = begin(&world.admin, "GET", &format!("{one}/$everything"), None);
    assert_eq!(result(&world.admin, &status)["resource"]["entry"].as_array().map(Vec::len), Some(1));
    let request = json!({"method": "POST", "url": "Patient"});
    let batch = json!({"resourceType": "Bundle", "type": "batch",
        "entry": [{"resource": patient("Batched", "B"), "request": request}]});
    let status = begin(&world.admin, "POST", "", Some(&batch));
    let entry = result(&world.admin, &status);
    assert_eq!(entry["resource"]["type"], "batch-response");
    assert_eq!(world.admin.found("Patient?family=batched").len(), 1);
});

on_both!(what_is_refused_is_told_in_the_result, |world| {
    let status = begin(&world.admin, "GET", "Patient?nonsense=1", None);
    let entry = result(&world.admin, &status);
    assert!(entry["response"]["status"].as_str().is_some_and(|code| code.starts_with("400")), "{entry}");
    assert_eq!(entry["response"]["outcome"]["resourceType"], "OperationOutcome");
    let status = begin(&world.member, "GET", "Patient", None);
    let entry = result(&world.member, &status);
    assert!(entry["response"]["status"].as_str().is_some_and(|code| code.starts_with("403")), "{entry}");
    let later = |client: &Client, at: &str| client.call("GET", at).header("Prefer", "respond-async").send();
    later(&world.anonymous, "Patient").expect(401);
    later(&world.admin, "Nothing").expect(404);
});

on_both!(nobody_else_learns_of_it, |world| {
    let status = begin(&world.admin, "GET", "Patient", None);
    for client in [&world.stranger, &world.member, &world.super_admin] {
        client.get(&status).refused(404, "not-found");
        client.delete(&status).refused(404, "not-found");
    }
    world.anonymous.get(&status).expect(401);
    world.anonymous.delete(&status).expect(401);
    result(&world.admin, &status);
    for at in ["_async/none", "_async/00000000-0000-4000-8000-000000000000"] {
        world.admin.get(at).refused(404, "not-found");
        world.admin.delete(at).refused(404, "not-found");
    }
});

on_both!(it_is_given_up_on_demand, |world| {
    let status = begin(&world.admin, "POST", "$reindex", Some(&json!({"resourceType": "Parameters"})));
    world.admin.delete(&status).expect(202);
    world.admin.get(&status).refused(404, "not-found");
    world.admin.delete(&status).refused(404, "not-found");
    // So is the result of one that is done.
    let status = begin(&world.admin, "GET", "Patient", None);
    wait(&world.admin, &status);
    world.admin.delete(&status).expect(202);
    world.admin.get(&status).refused(404, "not-found");
});

on_both!(where_it_is_not_offered_the_preference_is_passed_over, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let later = |method: &str, at: &str| world.admin.call(method, at).header("Prefer", "respond-async");
    later("GET", &place(&stored)).send().expect(200);
    later("POST", "Patient").json(&patient("C", "D")).send().expect(201);
    later("PUT", &place(&stored)).json(&with(stored.clone(), json!({"active": true}))).send().expect(200);
});
