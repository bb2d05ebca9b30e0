//! What an AccessPolicy allows, and that no way leads around it (`fhir/structure/AccessPolicy`).

mod admin;
mod based_on;
mod chain;
mod compartment;
mod constraint;
mod count;
mod criteria;
mod fixed;
mod hidden;
mod history;
mod isolation;
mod law;
mod least;
mod network;
mod parameter;
mod patch;
mod scope;
mod session;
mod transaction;
mod union;
mod walk;

use serde_json::{Value, json};

use crate::client::{Client, id, place};
use crate::sample::with;
use crate::world::{World, register, token};

/// A policy of the project with these entries; its reference.
pub fn policy(world: &World, entries: Value) -> String {
    policy_with(world, json!({"resource": entries}))
}

/// A policy of the project with these elements; its reference.
pub fn policy_with(world: &World, elements: Value) -> String {
    place(&world.admin.create(&with(json!({"resourceType": "AccessPolicy", "name": "Role"}), elements)))
}

/// Somebody whose membership has these elements.
pub fn member_with(world: &World, elements: Value) -> Client {
    let (client, secret) = register(&world.super_admin, &world.project, false);
    let query = format!("ProjectMembership?user=ClientApplication/{client}");
    let membership = world.super_admin.search(&query).remove(0);
    world.super_admin.update(&with(membership, elements));
    Client::with_token(&world.server.address, &token(&world.anonymous, &client, &secret))
}

/// Somebody who holds a policy with these entries.
pub fn holder(world: &World, entries: Value) -> Client {
    holder_of(world, &policy(world, entries))
}

/// Somebody who holds this policy.
pub fn holder_of(world: &World, policy: &str) -> Client {
    member_with(world, json!({"accessPolicy": {"reference": policy}}))
}

/// Two patients: of a woman, and of a man.
pub fn couple(world: &World) -> (Value, Value) {
    let one = |family: &str, given: &str, gender: &str, birth: &str| {
        world.admin.create(&json!({
            "resourceType": "Patient",
            "active": true,
            "name": [{"family": family, "given": [given]}],
            "gender": gender,
            "birthDate": birth
        }))
    };
    (one("Offen", "Anna", "female", "1980-01-02"), one("Verborgen", "Geheimnis", "male", "1977-07-07"))
}

/// The ids in order, for comparing.
pub fn ids(resources: &[&Value]) -> Vec<String> {
    let mut ids: Vec<String> = resources.iter().map(|resource| id(resource)).collect();
    ids.sort();
    ids
}

/// What a search finds, in order of the ids.
pub fn found(client: &Client, query: &str) -> Vec<String> {
    let mut ids = client.found(query);
    ids.sort();
    ids
}
