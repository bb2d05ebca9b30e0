//! The calls of `/admin`, and what goes with them: mail, the record of acts, projects.

mod audit;
mod caller;
mod child;
mod client;
pub mod command;
mod import;
mod invite;
mod killed;
mod mail;
pub mod mailbox;
mod mailed;
mod member;
mod operation;
mod password;
mod project;
mod race;
mod smtp;

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::world::World;

/// An invitation of a practitioner.
fn invitation(email: &str) -> Value {
    json!({
        "resourceType": "Practitioner", "firstName": "Ada", "lastName": "Lovelace", "email": email, "sendEmail": false
    })
}

/// The same, of a user of the project's own.
fn local(email: &str) -> Value {
    crate::sample::with(invitation(email), json!({"scope": "project"}))
}

fn invite(client: &Client, project: &str, body: &Value) -> Answer {
    client.post(&format!("/admin/projects/{project}/invite"), body)
}

/// Invited by the admin of the world's project: the membership.
fn invited(world: &World, body: &Value) -> Value {
    invite(&world.admin, &world.project, body).expect(200).json()
}

fn reference<'v>(resource: &'v Value, element: &str) -> &'v str {
    resource[element]["reference"].as_str().expect("a reference")
}

/// The call of `/admin` about the world's project.
fn admin(world: &World, rest: &str) -> String {
    format!("/admin/projects/{}/{rest}", world.project)
}
