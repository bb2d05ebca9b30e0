//! Callers of every sort that a world does not have anyway: people who signed in, whoever holds a policy or has scopes, and
//! the admins of a project above and below.

use serde_json::{Value, json};

use crate::auth::person::{self, Person, and, text};
use crate::client::{Client, id, place};
use crate::world::{World, new_project, register, token};

pub struct People {
    /// A member who signed in, without a policy.
    pub member: Client,
    /// A member who signed in, and may read patients.
    pub reader: Client,
    /// An admin of the project who signed in.
    pub admin: Client,
    /// The first user, who signed in.
    pub super_admin: Client,
    /// An admin of the other project who signed in.
    pub stranger: Client,
    /// A client of the project that was given the scope to read patients.
    pub scoped: Client,
    /// Whoever signed in with that scope.
    pub narrowed: Client,
    /// The admin of a child of the project, a client and one who signed in.
    pub child: Client,
    pub child_person: Client,
    /// The project's child.
    pub child_project: String,
}

impl People {
    pub fn of(world: &World) -> Self {
        let child_project = child(world);
        let (child_client, child_secret) = register(&world.super_admin, &child_project, true);
        let (scoped, secret) = register(&world.super_admin, &world.project, true);
        let basic = |client: &str, secret: &str| {
            format!(
                "grant_type=client_credentials&client_id={client}&client_secret={secret}&scope=system/Patient.rs"
            )
        };
        let scoped = world.anonymous.call("POST", "/oauth2/token").form(&basic(&scoped, &secret)).send();
        let client = |token: &str| Client::with_token(&world.server.address, token);
        let first = person::asked("first@example.com", "a-password-of-the-first-user");
        Self {
            member: person::person(world, json!({})).client(world),
            reader: reader(world),
            admin: person::person(world, json!({"admin": true})).client(world),
            super_admin: signed_in(world, &first),
            stranger: in_project(world, &world.other_project, &world.other_project, json!({"admin": true})),
            scoped: client(text(&scoped.expect(200).json(), "access_token")),
            narrowed: narrowed(world),
            child: client(&token(&world.anonymous, &child_client, &child_secret)),
            child_person: in_project(world, &child_project, &world.project, json!({"admin": true})),
            child_project,
        }
    }
}

fn child(world: &World) -> String {
    let parent = json!({"reference": format!("Project/{}", world.project)});
    let project = new_project(&world.super_admin, "Child");
    let stored = world.super_admin.get(&format!("Project/{project}")).expect(200).json();
    world.super_admin.update(&and(stored, json!({"parent": parent})));
    project
}

fn reader(world: &World) -> Client {
    let entries = json!([{"resourceType": "Patient", "readonly": true}]);
    let policy = json!({"resourceType": "AccessPolicy", "name": "Reader", "resource": entries});
    let policy = place(&world.admin.create(&policy));
    person::person(world, json!({"accessPolicy": {"reference": policy}})).client(world)
}

fn narrowed(world: &World) -> Client {
    let person: Person = person::person(world, json!({"admin": true}));
    signed_in(world, &and(person.asked(world), json!({"scope": "openid user/Patient.rs"})))
}

/// Somebody of the pool of one project who is a member of another, or of the same.
pub fn in_project(world: &World, project: &str, pool: &str, more: Value) -> Client {
    let email = person::email();
    let user = person::user(world, &email, Some(pool));
    person::member(world, &user, project, more);
    signed_in(world, &and(person::asked(&email, person::PASSWORD), json!({"projectId": project})))
}

fn signed_in(world: &World, asked: &Value) -> Client {
    let begun = person::post(world, "login", asked).expect(200).json();
    person::client(world, &person::redeem(world, text(&begun, "code")).expect(200).json())
}

/// A patient of a project, by somebody who may make one there.
pub fn patient_of(client: &Client) -> String {
    id(&client.create(&crate::sample::patient("Coverage", "X")))
}
