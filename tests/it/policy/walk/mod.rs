//! Every interaction of the server as the holder of every kind of policy: nothing of what the policy hides comes back,
//! and nothing that it protects is another thing afterwards. A route that is not in the table fails the test.

mod call;
mod table;

use serde_json::{Value, json};

use super::{couple, holder_of, policy_with};
use crate::client::id;
use crate::sample::with;
use crate::world::World;
use call::calls;
use table::WALK;

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

on_both!(operations_of_administration, |world| {
    let holder = crate::policy::holder(world, json!([{"resourceType": "*"}]));
    for route in table::declared().into_iter().filter(|route| table::is_administration(route)) {
        let place = route.trim_start_matches('/').replace("{id}", "00000000-0000-7000-8000-000000000001");
        let parameters = json!({"resourceType": "Parameters"});
        for answer in [holder.get(&place), holder.post(&place, &parameters)] {
            assert!((400..500).contains(&answer.status), "{place}: {}", answer.text());
        }
    }
});
