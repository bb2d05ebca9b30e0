//! Application memberships: what a member may do in one application.

use serde_json::{Value, json};

use super::{Shop, one, record, send};
use crate::auth::person::{self, VERIFIER};
use crate::client::Client;
use crate::world::World;

const PASSWORD: &str = "violet harbour of nine plums";
const PLACE: &str = "https://app.example.com/back";

/// A program that people come through: its id and its secret.
fn application(shop: &Shop, name: &str) -> (String, String) {
    let attributes = json!({"name": name, "kind": "webapp", "redirect_uri": PLACE});
    let body = record("api_credentials", attributes, json!({}));
    let made = shop.send("POST", "api_credentials", &body).expect(201).json()["data"].clone();
    let text = |pointer: &str| made.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned();
    (text("/id"), text("/attributes/client_secret"))
}

/// A member with a password and without a policy. Gives the membership.
fn member(world: &World, shop: &Shop, email: &str) -> String {
    let invite = json!({
        "resourceType": "Practitioner", "firstName": "Mia", "lastName": "Member", "email": email,
        "password": PASSWORD, "scope": "project", "sendEmail": false
    });
    let place = format!("/admin/projects/{}/invite", shop.keys.project);
    let made = world.super_admin.post(&place, &invite).expect(200).json();
    made["id"].as_str().expect("an id").to_owned()
}

/// Signs in through a program, or through none.
fn through(world: &World, shop: &Shop, email: &str, program: Option<&(String, String)>) -> Client {
    let mut asked = person::asked(email, PASSWORD);
    asked["projectId"] = json!(shop.keys.project);
    asked["clientId"] = json!(program.map_or("", |(id, _)| id));
    let code = world.anonymous.post("/auth/login", &asked).expect(200).json();
    let (id, secret) = program.cloned().unwrap_or_default();
    let mut form = format!(
        "grant_type=authorization_code&code={}&client_id={id}&redirect_uri=&code_verifier={VERIFIER}",
        person::text(&code, "code")
    );
    if !secret.is_empty() {
        form.push_str(&format!("&client_secret={secret}"));
    }
    let tokens = world.anonymous.call("POST", "/oauth2/token").form(&form).send().expect(200).json();
    person::client(world, &tokens)
}

fn relations(client: &str, membership: &str, role: &str) -> Value {
    json!({
        "api_credential": one("api_credentials", client), "membership": one("memberships", membership),
        "role": one("roles", role)
    })
}

on_both!(a_role_in_one_application_is_had_by_whoever_comes_through_it, |world| {
    let shop = Shop::new(world, "Shop");
    let (till, desk) = (application(&shop, "Till"), application(&shop, "Desk"));
    let email = "mia@example.com";
    let membership = member(world, &shop, email);
    let policy = shop.api.create(&json!({
        "resourceType": "AccessPolicy", "name": "Clerk",
        "resource": [{ "resourceType": "Patient", "criteria": "Patient?family=%family", "readonly": true }]
    }));
    let role = policy["id"].as_str().expect("an id");
    for family in ["Rossi", "Bianchi"] {
        shop.api.create(&json!({"resourceType": "Patient", "name": [{"family": family}]}));
    }
    through(world, &shop, email, Some(&till)).get("Patient").expect(403);
    let attributes = json!({"filters": {"family": "Rossi"}, "reference": "T-1", "metadata": {"a": 1}});
    let body = record("application_memberships", attributes, relations(&till.0, &membership, role));
    let made = shop.send("POST", "application_memberships", &body).expect(201).json()["data"].clone();
    let id = made["id"].as_str().expect("an id").to_owned();
    assert_eq!(id, format!("{membership}.{}", till.0));
    let told = &made["attributes"];
    assert_eq!(
        (&told["filters"], &told["reference"], &told["metadata"]),
        (&json!({"family": "Rossi"}), &json!("T-1"), &json!({"a": 1}))
    );
    let at_the_till = through(world, &shop, email, Some(&till));
    assert_eq!(at_the_till.found("Patient").len(), 1);
    at_the_till.post("Patient", &json!({"resourceType": "Patient"})).expect(403);
    through(world, &shop, email, Some(&desk)).get("Patient").expect(403);
    through(world, &shop, email, None).get("Patient").expect(403);
    // His role in the project is not touched by it.
    assert_eq!(shop.get(&format!("memberships/{membership}/role")).expect(200).json()["data"], Value::Null);

    let place = format!("application_memberships/{id}");
    for (relation, target) in [
        ("api_credential", till.0.as_str()),
        ("membership", &membership),
        ("role", role),
        ("organization", &shop.keys.project),
    ] {
        let own = shop.get(&format!("{place}/{relation}")).expect(200).json();
        assert_eq!(own["data"]["id"], target, "{relation}");
    }
    let whole =
        shop.get(&format!("{place}?include=api_credential,membership.role,role,organization")).expect(200);
    assert_eq!(whole.json()["included"].as_array().map(Vec::len), Some(4));
    let from = shop
        .get(&format!("memberships/{membership}?include=application_memberships.role"))
        .expect(200)
        .json();
    assert_eq!(from["included"].as_array().map(Vec::len), Some(2));
    for list in ["application_memberships", &format!("memberships/{membership}/application_memberships")] {
        let list = shop.get(list).expect(200).json();
        assert_eq!((&list["meta"]["record_count"], &list["data"][0]["id"]), (&json!(1), &json!(id)));
    }
    let other = shop.get(&format!("application_memberships?filter[q][id_not_eq]={id}")).expect(200).json();
    assert_eq!(other["meta"]["record_count"], 0);

    let free = shop.api.create(&json!({
        "resourceType": "AccessPolicy", "name": "Chief", "resource": [{ "resourceType": "Patient" }]
    }));
    let free = free["id"].as_str().expect("an id");
    let change =
        record("application_memberships", json!({"filters": null}), json!({"role": one("roles", free)}));
    let changed = shop.send("PATCH", &place, &change).expect(200).json()["data"].clone();
    assert_eq!(
        (&changed["attributes"]["filters"], &changed["attributes"]["reference"]),
        (&Value::Null, &json!("T-1"))
    );
    // The session that is there has it at once.
    assert_eq!(at_the_till.found("Patient").len(), 2);
    // Whoever deletes an application takes it from its members.
    let body = record("application_memberships", json!({}), relations(&desk.0, &membership, free));
    shop.send("POST", "application_memberships", &body).expect(201);
    shop.delete(&format!("api_credentials/{}", desk.0)).expect(204);
    assert_eq!(shop.get("application_memberships").expect(200).json()["meta"]["record_count"], 1);
    shop.delete(&place).expect(204);
    at_the_till.get("Patient").expect(403);
    shop.get(&place).expect(404);
    shop.delete(&place).expect(404);
    let kept = shop.api.get(&format!("ProjectMembership/{membership}")).expect(200).json();
    assert_eq!(kept.get("application"), None);
});

on_both!(an_application_membership_that_cannot_be_is_refused, |world| {
    let (shop, other) = (Shop::new(world, "Shop"), Shop::new(world, "Other"));
    let (till, foreign) = (application(&shop, "Till").0, application(&other, "Till").0);
    let (role, foreign_role) = (shop.role("R"), other.role("R"));
    let own = shop.invite("own@example.com", &role)["id"].as_str().expect("an id").to_owned();
    let another = other.invite("other@example.com", &foreign_role)["id"].as_str().expect("an id").to_owned();
    let with = |name: &str, value: Value| {
        let mut all = relations(&till, &own, &role);
        all[name] = value;
        all
    };
    let without = |name: &str| {
        let mut all = relations(&till, &own, &role);
        all.as_object_mut().expect("an object").remove(name);
        all
    };
    let none = json!({});
    for (attributes, relations, pointer) in [
        (&none, without("api_credential"), "/data/relationships/api_credential"),
        (&none, without("membership"), "/data/relationships/membership"),
        (&none, without("role"), "/data/relationships/role"),
        (
            &none,
            with("api_credential", one("api_credentials", &foreign)),
            "/data/relationships/api_credential",
        ),
        (&none, with("membership", one("memberships", &another)), "/data/relationships/membership"),
        (&none, with("role", one("roles", &foreign_role)), "/data/relationships/role"),
        (
            &none,
            with("organization", one("organizations", &other.keys.project)),
            "/data/relationships/organization",
        ),
        (
            &none,
            with("membership_profile", one("membership_profiles", "x")),
            "/data/relationships/membership_profile",
        ),
        (
            &json!({"filters": {"a": {"b": 1}}}),
            with("role", one("roles", &role)),
            "/data/attributes/filters/a",
        ),
        (&json!({"filters": "a"}), with("role", one("roles", &role)), "/data/attributes/filters"),
        (&json!({"owner": true}), with("role", one("roles", &role)), "/data/attributes/owner"),
    ] {
        let body = record("application_memberships", attributes.clone(), relations);
        let told = shop.send("POST", "application_memberships", &body).expect(422).json();
        assert_eq!(told["errors"][0]["source"]["pointer"], pointer, "{told}");
    }
    let body = record("application_memberships", none.clone(), relations(&till, &own, &role));
    shop.send("POST", "application_memberships", &body).expect(201);
    let told = shop.send("POST", "application_memberships", &body).expect(422).json();
    assert_eq!(told["errors"][0]["source"]["pointer"], "/data/relationships/api_credential");
    let place = format!("application_memberships/{own}.{till}");
    let bare = record("application_memberships", none.clone(), json!({"role": {"data": null}}));
    shop.send("PATCH", &place, &bare).expect(422);
    let change = record("application_memberships", none, json!({}));
    other.get(&place).expect(404);
    send(&other.owner, "PATCH", &place, &change).expect(404);
    other.delete(&place).expect(404);
    shop.get("membership_profiles").expect(404);
});
