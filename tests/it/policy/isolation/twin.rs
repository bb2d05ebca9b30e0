//! What is another project's is answered as if nobody had it: whatever is called, the answer is the one that an id gets
//! which nobody ever had.

use serde_json::{Value, json};
use uuid::Uuid;

use super::step::{KINDS, one};
use super::{holder, marked};
use crate::client::{Answer, Client};
use crate::coverage::table;
use crate::people::People;
use crate::sample::with;

/// Status and issues, without the ids that were asked for.
fn told(answer: &Answer, asked: &[&str]) -> (u16, Vec<(String, String)>) {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let issues = body["issue"].as_array().cloned().unwrap_or_default();
    let said = |issue: &Value| {
        let mut text = issue["details"]["text"].as_str().unwrap_or_default().to_owned();
        for id in asked {
            text = text.replace(id, "ID");
        }
        (issue["code"].to_string(), text)
    };
    (answer.status, issues.iter().map(said).collect())
}

/// What is sent to a place about a resource of this type and id.
fn send(client: &Client, method: &str, place: &str, kind: &str, id: &str) -> Answer {
    let call = client.call(method, place);
    let body = with(one(kind, "Eigen", id), json!({"id": id}));
    match method {
        "POST" if place.ends_with("_search") => call.form("").send(),
        "PATCH" => {
            let patch = json!([{"op": "add", "path": "/active", "value": false}]).to_string();
            call.body("application/json-patch+json", patch).send()
        }
        "POST" | "PUT" => call.json(&body).send(),
        _ => call.send(),
    }
}

/// Places that name an id, of the table of all routes: for each type.
fn places(kind: &str) -> Vec<(&'static str, String)> {
    let of_id = table().filter(|(_, _, place, _)| place.contains("Patient/{id}"));
    let mut all: Vec<(&str, String)> = of_id
        .map(|(method, _, place, _)| (*method, place.replace("Patient/", &format!("{kind}/"))))
        .collect();
    all.push(("DELETE", format!("{kind}/{{id}}")));
    all.push(("POST", format!("{kind}/{{id}}/$update-email")));
    all.push(("POST", format!("{kind}/{{id}}/$rescope")));
    all.push(("POST", format!("{kind}/{{id}}/$rotate-secret")));
    all.push(("GET", format!("{kind}?_id={{id}}&_summary=count")));
    all.push(("GET", "Patient?_has:RelatedPerson:patient:_id={id}".to_string()));
    all.push(("GET", "Patient/{id}/RelatedPerson?_summary=count".to_string()));
    all
}

on_both!(
    a_foreign_id_is_answered_as_one_that_nobody_has,
    |config| (config.sign_in.login_rate, config.sign_in.auth_rate) = (0, 0),
    |world| {
        let people = People::of(world);
        let foreign = marked(&world.stranger, &world.other_project, &KINDS);
        let holder = holder(world);
        let callers = [
            ("a member", &people.member),
            ("an admin", &people.admin),
            ("a holder", &holder),
            ("a client", &world.admin),
            ("an admin of the child", &people.child_person),
        ];
        let mut faults = Vec::new();
        for (kind, foreign) in KINDS.iter().zip(&foreign) {
            let there = foreign.split_once('/').expect("a place").1;
            let nowhere = Uuid::now_v7().to_string();
            let asked = [there, nowhere.as_str()];
            for (method, place) in places(kind) {
                for (who, client) in callers {
                    let answers = asked.map(|id| send(client, method, &place.replace("{id}", id), kind, id));
                    let [there, nowhere] = answers.map(|answer| told(&answer, &asked));
                    if there != nowhere {
                        faults
                            .push(format!("{method} {place} by {who}: {there:?}, and of nobody {nowhere:?}"));
                    }
                }
            }
        }
        assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    }
);

on_both!(
    a_foreign_project_is_answered_as_one_that_there_is_not,
    |config| (config.sign_in.login_rate, config.sign_in.auth_rate) = (0, 0),
    |world| {
        let people = People::of(world);
        let foreign = marked(&world.stranger, &world.other_project, &KINDS);
        let member = foreign.iter().find_map(|place| place.strip_prefix("ProjectMembership/")).expect("one");
        let nowhere = Uuid::now_v7().to_string();
        let mut faults = Vec::new();
        let callers = [
            ("a member", &people.member),
            ("an admin", &people.admin),
            ("the child's", &people.child_person),
        ];
        let mut compare = |what: &str, call: &dyn Fn(&Client, &str) -> Answer| {
            for (who, client) in callers {
                let asked = [world.other_project.as_str(), nowhere.as_str()];
                let [there, nowhere] = asked.map(|project| told(&call(client, project), &asked));
                if there != nowhere {
                    faults.push(format!("{what} by {who}: {there:?}, and of none {nowhere:?}"));
                }
            }
        };
        for (method, _, place, _) in
            table().filter(|(_, _, place, _)| place.starts_with("/admin/projects/none"))
        {
            compare(&format!("{method} {place}"), &|client, project| {
                let place = place.replacen("none", project, 1).replace("none", member);
                send(client, method, &place, "ProjectMembership", member)
            });
        }
        // Whatever says which project it is to be in, and whatever refers to one.
        compare("a patient in it", &|client, project| {
            let meta = json!({"meta": {"project": project}});
            client.post("Patient", &with(one("Patient", "Eigen", "none"), meta))
        });
        compare("a user in it", &|client, project| {
            let project = json!({"project": {"reference": format!("Project/{project}")}});
            client.post("User", &with(one("User", &format!("E{}", Uuid::new_v4().simple()), "none"), project))
        });
        compare("users of it", &|client, project| client.get(&format!("User?project=Project/{project}")));
        compare("a clone of it", &|client, project| {
            client.post(&format!("Project/{project}/$clone"), &json!({"resourceType": "Parameters"}))
        });
        assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    }
);

on_both!(a_reference_to_what_is_foreign_is_taken_as_one_to_what_is_not_there, |world| {
    let foreign = marked(&world.stranger, &world.other_project, &KINDS);
    let id_of = |kind: &str| {
        let place = foreign.iter().find_map(|place| place.strip_prefix(kind)?.strip_prefix('/'));
        place.expect("one of each").to_owned()
    };
    for (kind, element, target) in [
        ("RelatedPerson", "patient", "Patient"),
        ("Patient", "managingOrganization", "Organization"),
        ("ProjectMembership", "user", "User"),
        ("ProjectMembership", "user", "ClientApplication"),
        ("ProjectMembership", "profile", "Patient"),
        ("ProjectMembership", "accessPolicy", "AccessPolicy"),
    ] {
        let (there, nowhere) = (id_of(target), Uuid::now_v7().to_string());
        let asked = [there.as_str(), nowhere.as_str()];
        let [there, nowhere] = asked.map(|id| {
            let reference = json!({(element): {"reference": format!("{target}/{id}")}});
            told(&world.admin.post(kind, &with(one(kind, "Eigen", "none"), reference)), &asked)
        });
        assert_eq!(there, nowhere, "{kind}.{element} of {target}");
    }
});
