//! Truto's unified user directory: <https://truto.one/docs/api-reference/unified-user-directory-api>.

mod answer;
mod filter;
mod others;
mod refusal;
pub mod routes;
mod write;

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::world::{Keys, World, keys};

/// A project, and its key in hand.
pub struct Account {
    pub keys: Keys,
    pub api: Client,
}

impl Account {
    pub fn new(world: &World, name: &str) -> Self {
        let keys = keys(world, name);
        let api = Client::with_token(&world.server.address, &keys.api_key);
        Self { keys, api }
    }

    /// The address of something in the directory, in this account.
    pub fn place(&self, rest: &str) -> String {
        let separator = if rest.contains('?') { '&' } else { '?' };
        format!("/unified/user-directory/{rest}{separator}integrated_account_id={}", self.keys.project)
    }

    pub fn get(&self, rest: &str) -> Answer {
        self.api.get(&self.place(rest))
    }

    pub fn post(&self, rest: &str, body: &Value) -> Answer {
        self.api.post(&self.place(rest), body)
    }

    pub fn patch(&self, rest: &str, body: &Value) -> Answer {
        self.api.call("PATCH", &self.place(rest)).json(body).send()
    }

    pub fn delete(&self, rest: &str) -> Answer {
        self.api.delete(&self.place(rest))
    }

    /// A new user with these fields besides an e-mail.
    pub fn user(&self, email: &str, more: Value) -> Value {
        let body = crate::sample::with(json!({"emails": [{"email": email, "is_primary": true}]}), more);
        self.post("users", &body).expect(201).json()
    }

    /// The first e-mails of what is listed, in order.
    pub fn emails(&self, query: &str) -> Vec<String> {
        let page = self.get(&format!("users?{query}")).expect(200).json();
        let users = page["result"].as_array().expect("a list").clone();
        users.iter().map(|user| user["emails"][0]["email"].as_str().expect("an e-mail").to_owned()).collect()
    }
}
