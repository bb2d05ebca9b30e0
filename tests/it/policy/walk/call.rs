//! What is sent to a place: whatever its method takes, lawful and not.

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::sample::with;

fn bodies(patient_id: Option<&str>) -> Vec<Value> {
    let one = |active: bool, gender: &str| {
        let body = json!({
            "resourceType": "Patient", "active": active, "gender": gender,
            "name": [{"family": "Neu"}], "birthDate": "2001-01-01"
        });
        match patient_id {
            Some(id) => with(body, json!({"id": id})),
            None => body,
        }
    };
    vec![one(true, "male"), one(false, "female"), one(true, "female")]
}

fn patches() -> Vec<Value> {
    vec![
        json!([{"op": "replace", "path": "/gender", "value": "male"}]),
        json!([{"op": "replace", "path": "/active", "value": false}]),
        json!([{"op": "add", "path": "/birthDate", "value": "2001-01-01"}]),
        json!([{"op": "test", "path": "/birthDate", "value": "1980-01-02"}, {"op": "add", "path": "/active", "value": true}]),
        json!([{"op": "copy", "from": "/birthDate", "path": "/deceasedDateTime"}]),
        json!([{"op": "remove", "path": "/birthDate"}]),
    ]
}

fn entries(method: &str, place: &str) -> Vec<Value> {
    let one = |request: Value, resource: Option<Value>| match resource {
        Some(resource) => json!({"request": request, "resource": resource}),
        None => json!({"request": request}),
    };
    let mut all = Vec::new();
    for body in bodies(None) {
        all.push(one(json!({"method": "POST", "url": "Patient"}), Some(body)));
    }
    let target = place.trim_start_matches("Patient/");
    for body in bodies(Some(target)) {
        all.push(one(json!({"method": "PUT", "url": place}), Some(body)));
    }
    let patch = json!({"resourceType": "Parameters", "parameter": [{"name": "operation", "part": [
        {"name": "type", "valueCode": "replace"}, {"name": "path", "valueString": "Patient.gender"},
        {"name": "value", "valueCode": "male"}]}]});
    all.push(one(json!({"method": "PATCH", "url": place}), Some(patch)));
    all.push(one(json!({"method": "DELETE", "url": place}), None));
    all.push(one(json!({"method": "GET", "url": place}), None));
    all.push(one(json!({"method": "GET", "url": "Patient?family=Verb"}), None));
    if method == "BATCH" {
        all.push(one(json!({"method": "GET", "url": format!("{place}/_history")}), None));
    }
    all
}

/// All that is sent to a place.
pub fn calls(client: &Client, method: &str, place: &str, patient_id: &str) -> Vec<Answer> {
    let place = place.replace("{id}", patient_id);
    let send = |method: &str, body: Option<&Value>| match body {
        Some(body) => client.call(method, &place).json(body).send(),
        None => client.call(method, &place).send(),
    };
    let bundle =
        |kind: &str, entry: Vec<Value>| json!({"resourceType": "Bundle", "type": kind, "entry": entry});
    let target = format!("Patient/{patient_id}");
    match method {
        "FORM" => vec![client.call("POST", &place).form("").send()],
        "BATCH" => vec![send("POST", Some(&bundle("batch", entries(method, &target))))],
        "TRANSACTION" => {
            let each = entries(method, &target).into_iter();
            each.map(|entry| send("POST", Some(&bundle("transaction", vec![entry])))).collect()
        }
        "IF-NONE-EXIST" => {
            let call = |query: &str| client.call("POST", &place).header("If-None-Exist", query);
            let queries = ["family=Verb", "birthdate=1980"];
            queries.into_iter().map(|query| call(query).json(&bodies(None)[0]).send()).collect()
        }
        "POST" if place.ends_with("$reindex") => vec![send("POST", None)],
        "POST" if place.contains("$validate") => {
            bodies(Some(patient_id)).iter().map(|body| send("POST", Some(body))).collect()
        }
        "POST" => bodies(None).iter().map(|body| send("POST", Some(body))).collect(),
        "PUT" => {
            let named =
                if place.starts_with("Patient/") { place.trim_start_matches("Patient/") } else { patient_id };
            bodies(Some(named)).iter().map(|body| send("PUT", Some(body))).collect()
        }
        "PATCH" => {
            let media = "application/json-patch+json";
            let call = |patch: &Value| client.call("PATCH", &place).body(media, patch.to_string()).send();
            patches().iter().map(call).collect()
        }
        "LABEL" => {
            let meta = json!({"tag": [{"system": "urn:x", "code": "new"}]});
            let body =
                json!({"resourceType": "Parameters", "parameter": [{"name": "meta", "valueMeta": meta}]});
            vec![send("POST", Some(&body))]
        }
        "EXPUNGE" => {
            let all = json!([{"name": "expungeEverything", "valueBoolean": true}]);
            vec![send("POST", Some(&json!({"resourceType": "Parameters", "parameter": all})))]
        }
        method => vec![send(method, None)],
    }
}
