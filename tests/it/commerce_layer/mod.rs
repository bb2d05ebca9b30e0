//! Commerce Layer's Provisioning API: <https://docs.commercelayer.io/provisioning>, in JSON:API 1.0.

mod application;
mod filter;
mod membership;
mod others;
mod page;
mod permission;
mod refusal;
pub mod routes;
mod user;
mod version;

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::world::{Keys, World, keys};

pub const MEDIA: &str = "application/vnd.api+json";

/// A project, its owner and its key.
pub struct Shop {
    pub keys: Keys,
    /// A person, who is an admin.
    pub owner: Client,
    /// A client, which is an admin.
    pub api: Client,
}

impl Shop {
    pub fn new(world: &World, name: &str) -> Self {
        let keys = keys(world, name);
        let client = |token: &str| Client::with_token(&world.server.address, token);
        Self { owner: client(&keys.owner_token), api: client(&keys.api_key), keys }
    }

    pub fn get(&self, rest: &str) -> Answer {
        self.owner.get(&format!("/api/{rest}"))
    }

    pub fn send(&self, method: &str, rest: &str, body: &Value) -> Answer {
        send(&self.owner, method, rest, body)
    }

    pub fn delete(&self, rest: &str) -> Answer {
        self.owner.delete(&format!("/api/{rest}"))
    }

    /// A new role. Gives its id.
    pub fn role(&self, name: &str) -> String {
        let answer =
            self.send("POST", "roles", &record("roles", json!({"name": name}), json!({}))).expect(201);
        answer.json()["data"]["id"].as_str().expect("an id").to_owned()
    }

    /// A client that has a role.
    pub fn holder(&self, world: &World, role: &str) -> Client {
        let relations = json!({"role": one("roles", role)});
        let body = record("api_credentials", json!({"name": "Holder", "kind": "integration"}), relations);
        let made = self.send("POST", "api_credentials", &body).expect(201).json()["data"].clone();
        let text = |pointer: &str| made.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned();
        let key = format!("sk_{}_{}", text("/id"), text("/attributes/client_secret"));
        Client::with_token(&world.server.address, &key)
    }

    /// Somebody who is invited. Gives the membership.
    pub fn invite(&self, email: &str, role: &str) -> Value {
        let relations =
            json!({"role": one("roles", role), "organization": one("organizations", &self.keys.project)});
        let body = record("memberships", json!({"user_email": email}), relations);
        self.send("POST", "memberships", &body).expect(201).json()["data"].clone()
    }

    /// The e-mails of the memberships that a query finds, in their order.
    pub fn emails(&self, query: &str) -> Vec<String> {
        let page = self.get(&format!("memberships?page[size]=25&{query}")).expect(200).json();
        let data = page["data"].as_array().expect("a list").clone();
        assert_eq!(page["meta"]["record_count"], data.len(), "{query}");
        data.iter()
            .map(|one| one["attributes"]["user_email"].as_str().expect("an e-mail").to_owned())
            .collect()
    }
}

pub fn send(client: &Client, method: &str, rest: &str, body: &Value) -> Answer {
    client.call(method, &format!("/api/{rest}")).body(MEDIA, body.to_string()).send()
}

/// A document of one record.
pub fn record(kind: &str, attributes: Value, relationships: Value) -> Value {
    json!({"data": {"type": kind, "attributes": attributes, "relationships": relationships}})
}

/// A relation to one.
pub fn one(kind: &str, id: &str) -> Value {
    json!({"data": {"type": kind, "id": id}})
}
