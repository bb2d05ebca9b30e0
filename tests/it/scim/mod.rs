//! SCIM 2.0 as its clients speak it (RFC 7643, 7644, 9865).

mod bulk;
mod discovery;
mod entra;
mod filter;
mod group;
mod isolation;
mod okta;
mod paging;
mod patch;
mod property;
mod refusal;
pub mod routes;
mod session;
mod user;

use serde_json::{Value, json};

use crate::client::{Answer, Call, Client};
use crate::world::{Keys, World, keys};

pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Whoever holds the SCIM key of a project.
pub struct Scim {
    pub client: Client,
    pub keys: Keys,
}

impl Scim {
    /// Of a new project.
    pub fn of(world: &World) -> Self {
        let keys = keys(world, "Directory");
        Self { client: Client::with_token(&world.server.address, &keys.scim_token), keys }
    }

    fn call(&self, method: &str, place: &str) -> Call {
        self.client.call(method, &format!("/scim/v2{place}"))
    }

    pub fn get(&self, place: &str) -> Answer {
        self.call("GET", &place.replace(' ', "%20").replace('"', "%22")).send()
    }

    pub fn send(&self, method: &str, place: &str, body: &Value) -> Answer {
        self.call(method, place).body("application/scim+json", body.to_string()).send()
    }

    pub fn delete(&self, place: &str) -> Answer {
        self.call("DELETE", place).send()
    }

    pub fn create(&self, place: &str, body: &Value) -> Value {
        self.send("POST", place, body).expect(201).json()
    }

    /// A user of this name, with more to him.
    pub fn user(&self, name: &str, more: &Value) -> Value {
        let mut user = json!({ "schemas": [USER], "userName": name });
        for (name, value) in more.as_object().expect("attributes") {
            user[name] = value.clone();
        }
        self.create("/Users", &user)
    }

    pub fn group(&self, name: &str, members: &[&Value]) -> Value {
        let members: Vec<Value> = members.iter().map(|member| json!({ "value": member["id"] })).collect();
        self.create("/Groups", &json!({ "schemas": [GROUP], "displayName": name, "members": members }))
    }

    pub fn patch(&self, place: &str, operations: Value) -> Answer {
        self.send("PATCH", place, &json!({ "schemas": [PATCH], "Operations": operations }))
    }

    /// The names of the users that a filter finds, in order.
    pub fn found(&self, filter: &str) -> Vec<String> {
        let asked = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter, "count": 1000,
            "sortBy": "userName"
        });
        let list = self.send("POST", "/Users/.search", &asked).expect(200).json();
        let users = list["Resources"].as_array().expect("a list");
        assert_eq!(list["totalResults"], users.len(), "{list}");
        users.iter().map(|user| text(user, "userName").to_owned()).collect()
    }
}

pub fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// The place of a resource below the base.
pub fn place(resource: &Value) -> String {
    let kind = resource["meta"]["resourceType"].as_str().expect("a resource");
    format!("/{kind}s/{}", text(resource, "id"))
}

/// Fails unless it is a refusal of SCIM with this status and word.
#[track_caller]
pub fn refused(answer: Answer, status: u16, word: Option<&str>) -> Value {
    let answer = answer.expect(status);
    assert_eq!(
        answer.header("Content-Type"),
        Some("application/scim+json; charset=utf-8"),
        "{}",
        answer.text()
    );
    let error = answer.json();
    assert_eq!(error["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]), "{error}");
    assert_eq!(error["status"], status.to_string(), "{error}");
    assert_eq!(error["scimType"].as_str(), word, "{error}");
    assert!(error["detail"].is_string(), "{error}");
    error
}
