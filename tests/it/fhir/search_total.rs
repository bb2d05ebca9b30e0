//! Totals (<https://hl7.org/fhir/R4/search.html#total>) are known by heart until something is written: they are right after
//! every write nevertheless, whatever it is, and on every server.

use serde_json::{Value, json};

use crate::client::{Client, id, place};
use crate::database::Engine;
use crate::parameter::{defined, parameter, settled};
use crate::sample::{patient, with};
use crate::server::Server;
use crate::world::World;

const QUESTIONS: [&str; 14] = [
    "Patient",
    "Patient?gender=female",
    "Patient?gender:not=female",
    "Patient?family=lovelace&gender:not=male",
    "Patient?family:exact=Lovelace&gender=female",
    "Patient?gender=female,male&active:missing=true",
    "Patient?_tag=told",
    "Patient?_id:not=nobody",
    "Patient?organization.name=alpha",
    "Patient?organization.name=alpha&gender:not=male",
    "Organization?_has:Patient:organization:family=lovelace",
    "User",
    "User?email:contains=example",
    "ProjectMembership?profile-type:not=ClientApplication&admin:not=true",
];

/// Every total says how many there are, in each of its ways.
#[track_caller]
fn all_right(clients: &[&Client], after: &str) {
    for question in QUESTIONS {
        let join = if question.contains('?') { '&' } else { '?' };
        for client in clients {
            let whole = client.get(&format!("{question}{join}_count=100&_total=accurate")).expect(200);
            let there = whole.resources().len();
            assert_eq!(whole.json()["total"], there, "{question} after {after}");
            for how in ["_count=0", "_summary=count", "_count=1&_total=estimate"] {
                let told = client.get(&format!("{question}{join}{how}")).expect(200).json();
                assert_eq!(told["total"], there, "{question} by {how} after {after}");
            }
        }
    }
}

fn invitation(world: &World, scope: &str, email: &str) -> Value {
    let asked = json!({
        "resourceType": "Practitioner", "firstName": "Ada", "lastName": "Lovelace", "email": email, "scope": scope,
        "sendEmail": false
    });
    world.admin.post(&format!("/admin/projects/{}/invite", world.project), &asked).expect(200).json()
}

/// Every sort of write, and the totals after each.
fn walk(world: &World, clients: &[&Client]) {
    let admin = &world.admin;
    all_right(clients, "nothing");
    let alpha = admin.create(&json!({"resourceType": "Organization", "name": "Alpha"}));
    let of_alpha = json!({
        "gender": "female", "managingOrganization": {"reference": place(&alpha)}
    });
    let ada = admin.create(&with(patient("Lovelace", "Ada"), of_alpha.clone()));
    all_right(clients, "a create");
    let eve = admin.create(&with(patient("Lovelace", "Eve"), of_alpha));
    all_right(clients, "a second one");
    let ada = admin.update(&with(ada, json!({"gender": "male", "active": true})));
    all_right(clients, "an update");
    let tagged = json!({"resourceType": "Parameters", "parameter": [
        {"name": "meta", "valueMeta": {"tag": [{"code": "told"}]}}
    ]});
    admin.post(&format!("{}/$meta-add", place(&ada)), &tagged).expect(200);
    all_right(clients, "a label that makes no version");
    admin.update(&with(alpha, json!({"name": "Beta"})));
    all_right(clients, "a change of what a chain leads to");
    let entries: Vec<Value> = (0..3)
        .map(|_| json!({"resource": patient("Bundled", "Bob"), "request": {"method": "POST", "url": "Patient"}}))
        .collect();
    admin.post("", &json!({"resourceType": "Bundle", "type": "transaction", "entry": entries})).expect(200);
    all_right(clients, "a transaction");
    admin.delete(&place(&eve)).expect(204);
    all_right(clients, "a delete");
    let everything = json!({"resourceType": "Parameters", "parameter": [
        {"name": "expungeEverything", "valueBoolean": true}
    ]});
    admin.post(&format!("{}/$expunge", place(&ada)), &everything).expect(200);
    all_right(clients, "an expunge");
    invitation(world, "project", "own@example.com");
    all_right(clients, "an invitation");
    let guest = invitation(world, "server", "guest@example.com");
    all_right(clients, "an invitation of a guest");
    admin.delete(&format!("ProjectMembership/{}", id(&guest))).expect(204);
    all_right(clients, "the leave of a guest");
}

on_both!(a_total_is_right_after_every_write, |world| walk(world, &[&world.admin]));

#[test]
fn a_total_is_right_after_what_another_server_writes() {
    let world = &World::with(Engine::Postgres, |_| {});
    let other = &Server::start(&world.database.url, |_| {});
    let there = Client::with_token(&other.address, world.admin.token());
    walk(world, &[&world.admin, &there]);
}

on_both!(a_total_is_right_when_a_parameter_comes_and_goes, |world| {
    let admin = &world.admin;
    admin.create(&with(patient("Lovelace", "Ada"), json!({"address": [{"city": "Leiden"}]})));
    let asked = "Patient?town=leiden&_total=accurate";
    let town = defined(admin, &parameter("Patient", "town", "string", "Patient.address.city"));
    let total = || admin.get(asked).expect(200).json()["total"].clone();
    assert_eq!(total(), 1);
    let other = with(town, json!({"expression": "Patient.address.line"}));
    settled(admin, &admin.update(&other), "active");
    assert_eq!(total(), 0);
});
