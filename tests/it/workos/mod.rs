//! The dialect of WorkOS, over HTTP. What its own SDKs are put through is in `tests/clients`.

mod authenticate;
mod code;
mod device;
mod domain;
mod event;
mod isolation;
mod once;
mod organization;
mod refusal;
pub mod routes;
mod user;

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::world::{Keys, World, keys};

pub const PASSWORD: &str = "plum violin 77 harbour";

/// An application and its project.
pub struct App {
    pub keys: Keys,
    pub client: Client,
}

pub fn app(world: &World, name: &str) -> App {
    let keys = keys(world, name);
    App { client: Client::with_token(&world.server.address, &keys.api_key), keys }
}

impl App {
    pub fn get(&self, place: &str) -> Answer {
        self.client.get(place)
    }

    pub fn post(&self, place: &str, body: Value) -> Answer {
        self.client.call("POST", place).body("application/json", body.to_string()).send()
    }

    pub fn put(&self, place: &str, body: Value) -> Answer {
        self.client.call("PUT", place).body("application/json", body.to_string()).send()
    }

    pub fn user(&self, body: Value) -> Value {
        self.post("/user_management/users", body).expect(201).json()
    }

    pub fn organization(&self, name: &str) -> Value {
        self.post("/organizations", json!({"name": name})).expect(201).json()
    }

    pub fn member(&self, user: &Value, organization: &Value) -> Value {
        let body = json!({"user_id": user["id"], "organization_id": organization["id"]});
        self.post("/user_management/organization_memberships", body).expect(201).json()
    }

    /// `/user_management/authenticate` with this client's id and secret.
    pub fn authenticate(&self, mut body: Value) -> Answer {
        body["client_id"] = self.keys.client_id.as_str().into();
        body["client_secret"] = self.keys.api_key.as_str().into();

        self.post("/user_management/authenticate", body)
    }

    pub fn sign_in(&self, email: &str) -> Answer {
        self.authenticate(json!({"grant_type": "password", "email": email, "password": PASSWORD}))
    }
}

/// The ids on a page.
pub fn ids(page: &Value) -> Vec<String> {
    let data = page["data"].as_array().expect("a list");
    data.iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect()
}

#[track_caller]
pub fn refused(answer: Answer, status: u16, code: &str) -> Value {
    let body = answer.expect(status).json();
    assert!(body["code"] == code || body["error"] == code, "{code}: {body}");
    assert!(body.get("resourceType").is_none(), "{body}");
    body
}

/// What a token says, unproved.
pub fn claims(token: &Value) -> Value {
    crate::auth::person::claims(token.as_str().expect("a token"))
}
