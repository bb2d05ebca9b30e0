//! Axway's Amplify platform: <https://platform.axway.com/api-docs>.

mod client;
mod isolation;
mod member;
mod org;
mod profile;
mod refusal;
pub mod routes;
mod session;
mod team;
mod user;

use serde_json::{Value, json};

use crate::client::{Answer, Client, id};
use crate::world::{Keys, World, keys};

/// A project, with its key and its owner at hand.
pub struct Platform {
    pub keys: Keys,
    /// A service account that is an administrator.
    pub api: Client,
    /// The owner, signed in.
    pub owner: Client,
}

impl Platform {
    pub fn new(world: &World, name: &str) -> Self {
        let keys = keys(world, name);
        let client = |token: &str| Client::with_token(&world.server.address, token);
        Self { api: client(&keys.api_key), owner: client(&keys.owner_token), keys }
    }

    /// Somebody without a role is made a member, and comes in with a password.
    pub fn person(&self, world: &World, email: &str, admin: bool) -> (String, Client) {
        let invite = json!({
            "resourceType": "Practitioner", "firstName": "Ada", "lastName": "Lovelace", "email": email,
            "password": PASSWORD, "scope": "project", "sendEmail": false, "membership": {"admin": admin},
        });
        let place = format!("/admin/projects/{}/invite", self.keys.project);
        let made = self.api.post(&place, &invite).expect(200).json();
        let guid = made["user"]["reference"].as_str().expect("a user").trim_start_matches("User/").to_owned();
        let answer = login(
            world,
            &json!({
                "username": email, "password": PASSWORD, "provider_guid": self.keys.project,
            }),
        );
        let token = cookie(&answer.expect(200));
        (guid, Client::with_token(&world.server.address, &token))
    }

    /// A child of the project.
    pub fn below(&self, world: &World, name: &str) -> String {
        let parent = json!({"reference": format!("Project/{}", self.keys.project)});
        id(&world.super_admin.create(&json!({"resourceType": "Project", "name": name, "parent": parent})))
    }

    pub fn policy(&self, slug: &str) -> String {
        let resource = json!([{"resourceType": "Patient"}]);
        id(&self.api.create(&json!({
            "resourceType": "AccessPolicy", "name": slug, "slug": slug, "resource": resource,
        })))
    }

    pub fn users(&self, query: &str) -> Vec<String> {
        names(&result(&self.api, &format!("/user{query}")), "email")
    }
}

pub const PASSWORD: &str = "quiet lantern over seven hills";

pub fn get(client: &Client, place: &str) -> Answer {
    client.get(&format!("/api/v1{place}"))
}

/// What a call comes to that has to succeed.
#[track_caller]
pub fn result(client: &Client, place: &str) -> Value {
    taken(get(client, place))
}

pub fn post(client: &Client, place: &str, body: &Value) -> Answer {
    client.post(&format!("/api/v1{place}"), body)
}

pub fn put(client: &Client, place: &str, body: &Value) -> Answer {
    client.put(&format!("/api/v1{place}"), body)
}

pub fn delete(client: &Client, place: &str) -> Answer {
    client.delete(&format!("/api/v1{place}"))
}

/// The result in the envelope of an answer.
#[track_caller]
pub fn taken(answer: Answer) -> Value {
    let body = answer.expect(200).json();
    assert_eq!(body["success"], true, "{body}");
    body["result"].clone()
}

/// A refusal in the platform's form; gives why.
#[track_caller]
pub fn refused(answer: Answer, status: u16) -> String {
    let answer = answer.expect(status);
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    let body = answer.json();
    assert_eq!((&body["success"], &body["code"]), (&json!(false), &json!(status)), "{body}");
    body["description"].as_str().expect("a description").to_owned()
}

/// One field of each of a list.
pub fn names(list: &Value, field: &str) -> Vec<String> {
    let list = list.as_array().expect("a list").iter();
    list.map(|one| one[field].as_str().expect(field).to_owned()).collect()
}

pub fn login(world: &World, body: &Value) -> Answer {
    post(&world.anonymous, "/auth/login", body)
}

/// What the cookie of a session holds.
#[track_caller]
pub fn cookie(answer: &Answer) -> String {
    let lines = answer.lines("set-cookie");
    let line = lines.iter().find(|line| line.starts_with("connect.sid=")).expect("a cookie");
    assert!(line.contains("HttpOnly") && line.contains("SameSite=Strict"), "{line}");
    let value = line.trim_start_matches("connect.sid=").split(';').next().expect("a value");
    value.to_owned()
}
