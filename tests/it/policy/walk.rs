//! Every interaction of the server as the holder of every kind of policy: nothing of what the policy hides comes back,
//! and nothing that it protects is another thing afterwards. A route that is not in the table fails the test.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{couple, holder_of, policy_with};
use crate::client::{Answer, Client, id};
use crate::coverage::declared;
use crate::sample::with;
use crate::world::World;

/// Method, route, and places to call; `{id}` is one patient and then the other.
const WALK: &[(&str, &str, &[&str])] = &[
    ("GET", "", &["/fhir/R4", "/fhir/R4?_type=Patient&_total=accurate", "/fhir/R4?_summary=count"]),
    ("BATCH", "", &["/fhir/R4"]),
    ("TRANSACTION", "", &["/fhir/R4"]),
    ("GET", "/", &["/fhir/R4/?_type=Patient,RelatedPerson"]),
    ("BATCH", "/", &["/fhir/R4/"]),
    ("GET", "/_history", &["_history", "_history?_count=1"]),
    ("FORM", "/_search", &["_search", "_search?_type=Patient&_summary=count"]),
    (
        "GET",
        "/{type}",
        &[
            "Patient?_total=accurate",
            "Patient?_summary=count",
            "Patient?_count=1",
            "Patient?family=Verb",
            "Patient?family:contains=erborg",
            "Patient?_sort=family",
            "Patient?_sort=-birthdate",
            "Patient?birthdate=1980",
            "Patient?birthdate:missing=false",
            "Patient?_content=Geheimnis&_total=accurate",
            "Patient?_filter=birthdate%20eq%201980",
            "Patient?_has:RelatedPerson:patient:name=Base",
            "Patient?_revinclude=RelatedPerson:patient",
            "Patient?_id={id}&_elements=birthDate,name",
            "Patient?_contained=true&family=Verb",
            "Patient?_contained=both&family=Verb",
            "RelatedPerson?patient.family=Verb&_total=accurate",
            "RelatedPerson?patient:Patient.family=Verb&_summary=count",
            "RelatedPerson?_filter=patient.family%20sw%20Verb",
            "RelatedPerson?patient.birthdate=1980&_total=accurate",
            "RelatedPerson?_filter=not(patient.birthdate%20gt%201980)",
            "Organization?_has:Patient:organization:family=Verb&_total=accurate",
            "Organization?_has:Patient:organization:birthdate=1980&_total=accurate",
            "RelatedPerson?_include=RelatedPerson:patient",
            "RelatedPerson?_include=*&_revinclude=*",
            "Organization?_revinclude:iterate=Patient:organization",
        ],
    ),
    ("POST", "/{type}", &["Patient"]),
    ("IF-NONE-EXIST", "/{type}", &["Patient"]),
    ("PUT", "/{type}", &["Patient?_id={id}", "Patient?family=Verb", "Patient?birthdate=1980"]),
    ("PATCH", "/{type}", &["Patient?_id={id}", "Patient?family=Verb", "Patient?birthdate=1980"]),
    ("DELETE", "/{type}", &["Patient?family=Verb"]),
    ("FORM", "/{type}/_search", &["Patient/_search", "Patient/_search?family=Verb&_total=accurate"]),
    ("GET", "/{type}/_history", &["Patient/_history", "Patient/_history?_count=1"]),
    (
        "GET",
        "/{type}/{id}",
        &["Patient/{id}", "Patient/{id}?_elements=birthDate", "Patient/{id}?_summary=true"],
    ),
    ("HEAD", "/{type}/{id}", &["Patient/{id}"]),
    ("PUT", "/{type}/{id}", &["Patient/{id}", "Patient/new-one"]),
    ("PATCH", "/{type}/{id}", &["Patient/{id}"]),
    ("DELETE", "/{type}/{id}", &["Patient/{id}"]),
    ("GET", "/{type}/{id}/_history", &["Patient/{id}/_history"]),
    ("GET", "/{type}/{id}/_history/{version}", &["Patient/{id}/_history/1", "Patient/{id}/_history/2"]),
    ("GET", "/{type}/{id}/{kind}", &["Patient/{id}/RelatedPerson", "Patient/{id}/*", "Patient/{id}/Patient"]),
    ("FORM", "/{type}/{id}/{kind}/_search", &["Patient/{id}/*/_search", "Patient/{id}/Patient/_search"]),
    ("GET", "/$meta", &["$meta"]),
    ("GET", "/{type}/$meta", &["Patient/$meta"]),
    ("GET", "/{type}/{id}/$meta", &["Patient/{id}/$meta"]),
    ("GET", "/{type}/{id}/_history/{version}/$meta", &["Patient/{id}/_history/1/$meta"]),
    ("LABEL", "/{type}/{id}/$meta-add", &["Patient/{id}/$meta-add"]),
    ("LABEL", "/{type}/{id}/$meta-delete", &["Patient/{id}/$meta-delete"]),
    ("LABEL", "/{type}/{id}/_history/{version}/$meta-add", &["Patient/{id}/_history/1/$meta-add"]),
    ("LABEL", "/{type}/{id}/_history/{version}/$meta-delete", &["Patient/{id}/_history/1/$meta-delete"]),
    ("GET", "/Patient/$everything", &["Patient/$everything", "Patient/$everything?start=1979-01-01"]),
    ("GET", "/Patient/{id}/$everything", &["Patient/{id}/$everything"]),
    ("EXPUNGE", "/$expunge", &["$expunge"]),
    ("EXPUNGE", "/{type}/$expunge", &["Patient/$expunge"]),
    ("EXPUNGE", "/{type}/{id}/$expunge", &["Patient/{id}/$expunge"]),
    ("POST", "/$reindex", &["$reindex"]),
    ("POST", "/{type}/$reindex", &["Patient/$reindex"]),
    ("POST", "/{type}/{id}/$reindex", &["Patient/{id}/$reindex"]),
    (
        "GET",
        "/$graphql",
        &[
            "$graphql?query=%7BPatientList%7Bid%20birthDate%20name%7Bfamily%7D%7D%7D",
            "$graphql?query=%7BPatientList(family:%22Verb%22)%7Bid%7D%7D",
            "$graphql?query=%7BPatientConnection%7Bcount%20edges%7Bresource%7Bid%20birthDate%7D%7D%7D%7D",
            "$graphql?query=%7BPatient(id:%22{id}%22)%7Bid%20birthDate%20name%7Bfamily%7D%7D%7D",
            "$graphql?query=%7BRelatedPersonList%7Bpatient%7Bresource%7B...on%20Patient%7BbirthDate%20name%7Bfamily%7D%7D%7D%7D%7D%7D",
        ],
    ),
    ("GET", "/{type}/{id}/$graphql", &["Patient/{id}/$graphql?query=%7BbirthDate%20name%7Bfamily%7D%7D"]),
    ("POST", "/{type}/$validate", &["Patient/$validate", "Patient/$validate?mode=create"]),
    ("GET", "/{type}/{id}/$validate", &["Patient/{id}/$validate"]),
    (
        "POST",
        "/{type}/{id}/$validate",
        &["Patient/{id}/$validate?mode=update", "Patient/{id}/$validate?mode=delete"],
    ),
    ("GET", "/SearchParameter/{id}/$status", &["SearchParameter/{id}/$status"]),
];

/// Routes that show nothing of what is stored, or that have a test of their own.
const OTHERS: [&str; 12] = [
    "/.well-known/",
    "/README.md",
    "/_async/",
    "/admin/",
    "/auth/",
    "/emailpassword",
    "/healthz",
    "/metadata",
    "/oauth2/",
    "/readyz",
    "/setpassword",
    "/websocket",
];
/// Operations on types that a policy has to name.
const ADMINISTRATION: [&str; 5] =
    ["/User/", "/Project/", "/ProjectMembership/", "/ClientApplication/", "/AccessPolicy/"];

#[test]
fn every_route_is_walked() {
    let walked: BTreeSet<&str> = WALK.iter().map(|(_, route, _)| *route).collect();
    let is_other = |route: &str| {
        let begins = |start: &&&str| route.starts_with(**start);
        OTHERS.iter().any(|start| begins(&start)) || ADMINISTRATION.iter().any(|start| begins(&start))
    };
    let missing: Vec<String> =
        declared().into_iter().filter(|route| !walked.contains(route.as_str()) && !is_other(route)).collect();
    assert!(missing.is_empty(), "no policy was put to these routes: {missing:?}");
}

/// A kind of policy, and what must hold whatever its holder does.
struct Kind {
    /// What it says of patients; everything else may be read.
    entry: Value,
    /// The man is hidden from its holder.
    no_man: bool,
    /// Dates of birth are.
    no_birth: bool,
    /// Whether a patient may be there afterwards that was not there before, or is another.
    lawful: fn(&Value) -> bool,
    /// Places that answer the holder, about the woman.
    open: &'static [&'static str],
}

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
fn calls(client: &Client, method: &str, place: &str, patient_id: &str) -> Vec<Answer> {
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

/// Whether an answer is the result of a search that found something.
fn is_found(told: &str) -> bool {
    let Ok(bundle) = serde_json::from_str::<Value>(told) else { return false };
    let matches = bundle["entry"]
        .as_array()
        .is_some_and(|entries| entries.iter().any(|entry| entry["search"]["mode"] == "match"));
    bundle["type"] == "searchset" && (matches || bundle["total"].as_u64().is_some_and(|total| total > 0))
}

/// Puts a kind of policy to every route.
fn walk(world: &World, kind: &Kind) {
    let organization = world.admin.create(&json!({"resourceType": "Organization", "name": "Haus"}));
    let (woman, man) = couple(world);
    let at = json!({"managingOrganization": {"reference": format!("Organization/{}", id(&organization))}});
    let (mut woman, man) = (world.admin.update(&with(woman, at.clone())), world.admin.update(&with(man, at)));
    for patient in [&woman, &man] {
        world.admin.create(&json!({
            "resourceType": "RelatedPerson", "name": [{"family": "Base"}],
            "patient": {"reference": format!("Patient/{}", id(patient))},
            "contained": [{
                "resourceType": "Patient", "id": "c", "name": [{"family": "Inner"}],
                "link": [{"other": {"reference": "#"}, "type": "seealso"}]
            }]
        }));
    }
    let reading = json!({"resourceType": "RelatedPerson", "readonly": true});
    let other = json!({"resourceType": "Organization", "readonly": true});
    let mut patient = kind.entry.clone();
    if let Some(about) = patient.get_mut("compartment") {
        *about = json!({"reference": format!("Patient/{}", id(&woman))});
    }
    let holder = holder_of(world, &policy_with(world, json!({"resource": [patient, reading, other]})));
    let (woman_id, man_id) = (id(&woman), id(&man));
    let mut faults = Vec::new();
    for place in kind.open {
        let answer = holder.get(&place.replace("{id}", &id(&woman)));
        if answer.status != 200 {
            faults.push(format!("GET {place}: {}", answer.text()));
        }
    }
    for (method, _, places) in WALK {
        for (place, about) in places.iter().flat_map(|place| [(place, &woman_id), (place, &man_id)]) {
            for answer in calls(&holder, method, place, about) {
                let told = answer.text();
                let about = format!("{method} {place}: {} {told}", answer.status);
                if answer.status >= 500 {
                    faults.push(format!("a fault: {about}"));
                }
                if kind.no_man && (told.contains("Verborgen") || told.contains("1977-07-07")) {
                    faults.push(format!("shows the man: {about}"));
                }
                if kind.no_birth && (told.contains("1980-01-02") || told.contains("1977-07-07")) {
                    faults.push(format!("shows a date of birth: {about}"));
                }
                let asks_of_man = ["Verb", "erborg", "Geheimnis"].iter().any(|name| place.contains(name));
                let asks_birth = place.contains("1980") || place.contains("birthdate:missing");
                if is_found(&told) && ((kind.no_man && asks_of_man) || (kind.no_birth && asks_birth)) {
                    faults.push(format!("finds by what is hidden: {about}"));
                }
            }
            if kind.no_man {
                let now = world.super_admin.get(&format!("Patient/{}", id(&man)));
                if now.status != 200 || now.json() != man {
                    faults.push(format!("{method} {place}: the man is not what he was: {}", now.text()));
                    return assert!(faults.is_empty(), "\n{}", faults.join("\n"));
                }
            }
            let now = world.super_admin.get(&format!("Patient/{}", id(&woman)));
            if now.status == 200 && now.json()["meta"]["versionId"] != woman["meta"]["versionId"] {
                let now = now.json();
                if !(kind.lawful)(&now) {
                    faults.push(format!("{method} {place}: nobody may make this of the woman: {now}"));
                }
            }
            if now.status != 200 || now.json() != woman {
                let again = world.super_admin.put(&format!("Patient/{}", id(&woman)), &woman);
                woman = again.json();
            }
        }
    }
    for patient in world.super_admin.search("Patient?_count=1000") {
        if patient != man && patient != woman && !(kind.lawful)(&patient) {
            faults.push(format!("nobody may make this: {patient}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

const READING: &[&str] = &[
    "Patient",
    "Patient/{id}",
    "Patient/{id}/_history",
    "Patient/{id}/_history/1",
    "Patient/_history",
    "_history",
    "Patient/{id}/$everything",
    "Patient/{id}/$meta",
    "Patient/$meta",
    "RelatedPerson?_include=RelatedPerson:patient",
];

on_both!(nothing_is_said_of_the_type, |world| {
    let entry = json!({"resourceType": "Practitioner"});
    walk(world, &Kind { entry, no_man: true, no_birth: true, lawful: |_| false, open: &["Practitioner"] });
});

on_both!(only_what_a_search_finds, |world| {
    let entry = json!({"resourceType": "Patient", "criteria": "Patient?gender=female"});
    let lawful = |patient: &Value| patient["gender"] == "female";
    walk(world, &Kind { entry, no_man: true, no_birth: false, lawful, open: READING });
});

on_both!(only_what_a_chain_finds, |world| {
    let entry = json!({
        "resourceType": "Patient", "criteria": "Patient?organization.name=Haus&gender=female", "interaction":
        ["read", "vread", "history", "search", "update", "create"]
    });
    let lawful = |patient: &Value| patient["gender"] == "female";
    walk(
        world,
        &Kind {
            entry,
            no_man: true,
            no_birth: false,
            lawful,
            open: &["Patient", "Patient/{id}", "Patient/{id}/_history/2", "Patient/_history"],
        },
    );
});

on_both!(only_what_is_in_a_compartment, |world| {
    let entry = json!({"resourceType": "Patient", "compartment": true});
    walk(world, &Kind { entry, no_man: true, no_birth: false, lawful: |_| true, open: READING });
});

on_both!(only_to_be_read, |world| {
    let entry = json!({"resourceType": "Patient", "readonly": true, "criteria": "Patient?gender=female"});
    walk(world, &Kind { entry, no_man: true, no_birth: false, lawful: |_| false, open: READING });
});

on_both!(only_some_interactions, |world| {
    let entry =
        json!({"resourceType": "Patient", "interaction": ["search"], "criteria": "Patient?gender=female"});
    walk(world, &Kind { entry, no_man: true, no_birth: false, lawful: |_| false, open: &["Patient"] });
});

on_both!(only_to_be_created, |world| {
    let entry = json!({"resourceType": "Patient", "interaction": ["create"]});
    let lawful = |patient: &Value| patient["name"][0]["family"] == "Neu";
    walk(world, &Kind { entry, no_man: true, no_birth: true, lawful, open: &["Organization"] });
});

on_both!(an_element_is_hidden, |world| {
    let entry = json!({"resourceType": "Patient", "hiddenFields": ["birthDate"]});
    let lawful = |patient: &Value| {
        patient["deceasedDateTime"].is_null()
            && matches!(patient["birthDate"].as_str(), None | Some("1980-01-02" | "1977-07-07"))
    };
    walk(world, &Kind { entry, no_man: false, no_birth: true, lawful, open: READING });
});

on_both!(an_element_is_fixed, |world| {
    let entry = json!({"resourceType": "Patient", "readonlyFields": ["birthDate"]});
    let lawful =
        |patient: &Value| matches!(patient["birthDate"].as_str(), None | Some("1980-01-02" | "1977-07-07"));
    walk(world, &Kind { entry, no_man: false, no_birth: false, lawful, open: READING });
});

on_both!(a_write_is_bound_to_a_constraint, |world| {
    let constraint = json!([{"language": "text/fhirpath", "expression": "%after.active = true"}]);
    let entry = json!({"resourceType": "Patient", "writeConstraint": constraint});
    let lawful = |patient: &Value| patient["active"] == true;
    walk(world, &Kind { entry, no_man: false, no_birth: false, lawful, open: READING });
});

on_both!(a_policy_of_an_admin_bounds_what_is_no_administration, |world| {
    let operations = declared()
        .into_iter()
        .filter(|route| ADMINISTRATION.iter().any(|start| route.starts_with(start)) && route.contains('$'));
    let holder = crate::policy::holder(world, json!([{"resourceType": "*"}]));
    for route in operations {
        let place = route.trim_start_matches('/').replace("{id}", "00000000-0000-7000-8000-000000000001");
        for answer in
            [holder.call("GET", &place).send(), holder.post(&place, &json!({"resourceType": "Parameters"}))]
        {
            assert!((400..500).contains(&answer.status), "{place}: {}", answer.text());
        }
    }
});
