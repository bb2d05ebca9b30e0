//! What people change of their own record without a policy.

use serde_json::{Value, json};

use super::person::*;
use crate::client::Client;
use crate::sample::with;
use crate::world::World;

/// Whatever is his own to say.
fn mine() -> Value {
    json!({
        "firstName": "Augusta", "lastName": "King", "displayName": "Ada", "title": "Countess",
        "telecom": [{"system": "phone", "value": "+44 1"}], "photo": {"url": "https://example.com/ada.png"},
        "preferredLanguage": ["en", "fr"], "timezone": "Europe/London",
    })
}

fn patch(client: &Client, place: &str, operation: Value) -> crate::client::Answer {
    client.call("PATCH", place).body("application/json-patch+json", json!([operation]).to_string()).send()
}

/// Holds somebody to his own record.
fn hold(world: &World, client: &Client, user: &str) {
    let place = format!("User/{user}");
    let own = client.get(&place).expect(200).json();
    let changed = client.put(&place, &with(own.clone(), mine())).expect(200).json();
    for (name, value) in mine().as_object().expect("elements") {
        assert_eq!(&changed[name], value, "{name}");
    }
    assert_eq!((&changed["email"], &changed["project"]), (&own["email"], &own["project"]));
    let title =
        patch(client, &place, json!({"op": "replace", "path": "/title", "value": "Lady"})).expect(200);
    assert_eq!(title.json()["title"], "Lady");
    patch(client, &place, json!({"op": "remove", "path": "/photo"})).expect(200);
    let stored = client.get(&place).expect(200).json();
    for (name, value) in [
        ("email", json!("other@example.com")),
        ("emailVerified", json!(true)),
        ("active", json!(false)),
        ("externalId", json!("x-1")),
        ("mfaRequired", json!(false)),
        ("mfaMethod", json!(["email"])),
        ("mfaEnrolled", json!(true)),
        ("admin", json!(true)),
        ("passwordHash", json!("$2b$04$BqBONbSxA/aYH0FL2Lm1sOPlg2P5Mair6zp1JEKvp8UXPiACVfHEm")),
        ("identifier", json!([{"value": "1"}])),
        ("metadata", json!([{"name": "a", "valueString": "b"}])),
        ("extension", json!([{"url": "https://example.com", "valueString": "b"}])),
        ("project", json!({"reference": format!("Project/{}", world.other_project)})),
        ("meta", json!({"tag": [{"code": "vip"}]})),
    ] {
        let answer = client.put(&place, &with(stored.clone(), json!({name: value})));
        answer.refused(403, "forbidden").at(&format!("User.{name}"));
    }
    patch(client, &place, json!({"op": "remove", "path": "/email"}))
        .refused(403, "forbidden")
        .at("User.email");
    let tag = json!({"resourceType": "Parameters", "parameter": [{"name": "meta", "valueMeta": {"tag": [{"code": "vip"}]}}]});
    client.post(&format!("{place}/$meta-add"), &tag).refused(403, "forbidden");
    let transaction = json!({"resourceType": "Bundle", "type": "transaction", "entry": [
        {"request": {"method": "PUT", "url": place}, "resource": with(stored.clone(), json!({"active": false}))},
    ]});
    client.post("/fhir/R4", &transaction).expect(403);
    client.delete(&place).expect(403);
    assert_eq!(client.get(&place).expect(200).json(), stored);
}

on_both!(a_member_without_a_policy_changes_a_little_of_himself, |world| {
    let person = person(world, json!({}));
    hold(world, &person.client(world), &person.user);
});

on_both!(a_member_from_the_pool_of_the_server_does_so_too, |world| {
    let email = email();
    let user = user(world, &email, None);
    member(world, &user, &world.project, json!({}));
    let code = post(world, "login", &and(asked(&email, PASSWORD), json!({"projectId": world.project})));
    let tokens = redeem(world, text(&code.expect(200).json(), "code")).expect(200).json();
    hold(world, &client(world, &tokens), &user);
});

on_both!(an_admin_from_the_pool_of_the_server_is_no_admin_of_it, |world| {
    let email = email();
    let user = user(world, &email, None);
    member(world, &user, &world.project, json!({"admin": true}));
    let code = post(world, "login", &and(asked(&email, PASSWORD), json!({"projectId": world.project})));
    let tokens = redeem(world, text(&code.expect(200).json(), "code")).expect(200).json();
    let (client, place) = (client(world, &tokens), format!("User/{user}"));
    let own = client.get(&place).expect(200).json();
    client.put(&place, &with(own.clone(), json!({"title": "Countess"}))).expect(200);
    client
        .put(&place, &with(own, json!({"email": "other@example.com"})))
        .refused(403, "forbidden")
        .at("User.email");
    client.delete(&place);
    world.super_admin.get(&place).expect(200);
});

on_both!(nobody_else_is_changed_or_told_of, |world| {
    let (person, other) = (person(world, json!({})), person(world, json!({})));
    let client = person.client(world);
    let place = format!("User/{}", other.user);
    let stored = world.admin.get(&place).expect(200).json();
    let changed = with(stored.clone(), json!({"title": "Dr"}));
    let there = client.put(&place, &changed).status;
    let nowhere = "018f2b6c-3f01-7b20-9d3e-6a1c0f4e2b01";
    let absent =
        client.put(&format!("User/{nowhere}"), &with(changed.clone(), json!({"id": nowhere}))).status;
    assert!(matches!(there, 403 | 404), "{there}");
    assert_eq!(absent, 403);
    client.put(&format!("User?email={}", other.email), &changed).refused(403, "forbidden");
    client.get("User").refused(403, "forbidden");
    assert_eq!(world.admin.get(&place).expect(200).json(), stored);
});

on_both!(a_policy_that_speaks_of_users_has_the_say, |world| {
    let policy = |entry: Value| {
        let policy = json!({"resourceType": "AccessPolicy", "name": "Role", "resource": [entry]});
        json!({"accessPolicy": {"reference": crate::client::place(&world.admin.create(&policy))}})
    };
    let put = |person: &Person, more: Value| {
        let (client, place) = (person.client(world), format!("User/{}", person.user));
        let own = client.get(&place).expect(200).json();
        client.put(&place, &with(own, more)).status
    };
    let reader = person(world, policy(json!({"resourceType": "User", "readonly": true})));
    assert_eq!(put(&reader, json!({"title": "Dr"})), 403);
    let writer = person(world, policy(json!({"resourceType": "User", "criteria": "User?active:not=false"})));
    assert_eq!(put(&writer, json!({"externalId": "x-1"})), 200);
    // One that does not takes nothing away.
    let other = person(world, policy(json!({"resourceType": "Patient"})));
    assert_eq!(put(&other, json!({"title": "Dr"})), 200);
    assert_eq!(put(&other, json!({"externalId": "x-2"})), 403);
});

on_both!(a_token_for_less_changes_nothing_of_it, |world| {
    let person = person(world, json!({}));
    let asked = with(person.asked(world), json!({"scope": "openid user/User.rs"}));
    let code = post(world, "login", &asked).expect(200).json();
    let client = client(world, &redeem(world, text(&code, "code")).expect(200).json());
    let place = format!("User/{}", person.user);
    let own = client.get(&place).expect(200).json();
    client.put(&place, &with(own, json!({"title": "Dr"}))).refused(403, "forbidden");
});
