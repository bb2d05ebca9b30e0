//! What somebody does at random, to his own and to what is another project's.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::sample::with;

/// In every resource of the other project.
pub const MARK: &str = "Fremdwort";
pub const KINDS: [&str; 8] = [
    "Patient",
    "Practitioner",
    "RelatedPerson",
    "Organization",
    "User",
    "ProjectMembership",
    "ClientApplication",
    "AccessPolicy",
];

pub fn one(kind: &str, name: &str, target: &str) -> Value {
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

#[derive(Debug, Clone)]
pub struct Step {
    pub verb: usize,
    kind: usize,
    target: usize,
    other: usize,
    pub query: usize,
}

pub fn step() -> impl Strategy<Value = Step> {
    (0..20_usize, 0..KINDS.len(), any::<usize>(), any::<usize>(), 0..12_usize)
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

pub fn run(client: &Client, step: &Step, foreign: &[String], own: &[String], project: &str) -> Answer {
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
        15 => match step.query % 4 {
            0 => client.post(&format!("{target}/$update-email"), &json!({"email": "eigen@example.com"})),
            1 => client.post(&format!("{target}/$rescope"), &json!({"scope": "server"})),
            2 => client.post(&format!("{target}/$rotate-secret"), &json!({})),
            _ => client.get(&format!("{target}/$status")),
        },
        16 => {
            let admin = format!("/admin/projects/{project}");
            let member = format!("{admin}/members/{target_id}");
            match step.query {
                0 => client.get(&admin),
                1 => client.post(&format!("{admin}/settings"), &json!([{"name": "mfaRequired", "valueBoolean": true}])),
                2 => client.post(&format!("{admin}/secrets"), &json!([{"name": "smtpHost", "valueString": "x"}])),
                3 => client.post(&format!("{admin}/sites"), &json!([])),
                4 => client.post(&format!("{admin}/client"), &json!({"name": "Eigen"})),
                5 => {
                    let invite = json!({"resourceType": "Practitioner", "firstName": "E", "lastName": "Eigen",
                        "email": "eigen@example.com", "sendEmail": false});
                    client.post(&format!("{admin}/invite"), &invite)
                }
                6 => client.get(&format!("{admin}/members")),
                7 => client.get(&member),
                8 => client.post(&member, &whole),
                9 => client.delete(&member),
                10 => client.post(&format!("{member}/resetpassword"), &json!({})),
                _ => client.post(&format!("{member}/mfa/reset"), &json!({"method": "totp"})),
            }
        }
        17 => match step.query % 3 {
            0 => client.post("/auth/revoke", &json!({"loginId": target_id})),
            1 => client.post("/admin/projects/setpassword", &json!({"email": "fremdwort@example.com", "password": "plum violin 77 harbour"})),
            _ => client.post("/admin/super/setpassword", &json!({"email": "fremdwort@example.com", "password": "plum violin 77 harbour", "projectId": project})),
        },
        18 => {
            let place = format!("{any_kind}?{}", query(step, target_id));
            let patch = json!([{"op": "add", "path": "/active", "value": false}]).to_string();
            match step.query % 2 {
                0 => client.call("PATCH", &place).body("application/json-patch+json", patch).send(),
                _ => {
                    let call = client.call("POST", any_kind).header("If-None-Exist", &query(step, target_id));
                    call.json(&one(any_kind, "Eigen", other_id)).send()
                }
            }
        }
        _ => {
            let meta = json!([{"name": "meta", "valueMeta": {"tag": [{"system": "urn:x", "code": "y"}]}}]);
            client.post(
                &format!("{target}/$meta-add"),
                &json!({"resourceType": "Parameters", "parameter": meta}),
            )
        }
    }
}
