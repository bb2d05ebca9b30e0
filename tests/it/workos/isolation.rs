//! One project's key opens nothing of another's: not by reading, listing, writing, nor by what is handed to people.

use serde_json::{Value, json};

use super::{PASSWORD, app, claims, ids, refused};

on_both!(another_project_is_not_there, |world| {
    let (one, other) = (app(world, "One"), app(world, "Other"));
    let user = one.user(json!({"email": "a@example.com", "external_id": "x-1", "password": PASSWORD}));
    let home = one.organization("Acme");
    let member = one.member(&user, &home);
    let session = one.sign_in("a@example.com").expect(200).json();
    let invitation =
        one.post("/user_management/invitations", json!({"email": "b@example.com"})).expect(201).json();
    let magic = one.post("/user_management/magic_auth", json!({"email": "a@example.com"})).expect(201).json();
    let reset =
        one.post("/user_management/password_reset", json!({"email": "a@example.com"})).expect(201).json();
    let domain = json!({"domain": "acme.example", "organization_id": home["id"]});
    let domain = one.post("/organization_domains", domain).expect(201).json();
    let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
    for place in [
        format!("/user_management/users/{}", id(&user)),
        "/user_management/users/external_id/x-1".to_owned(),
        format!("/user_management/users/{}/sessions", id(&user)),
        format!("/user_management/users/{}/auth_factors", id(&user)),
        format!("/user_management/users/{}/identities", id(&user)),
        format!("/organizations/{}", id(&home)),
        format!("/organizations/{}/roles", id(&home)),
        format!("/organization_domains/{}", id(&domain)),
        format!("/user_management/organization_memberships/{}", id(&member)),
        format!("/user_management/organization_memberships?user_id={}", id(&user)),
        format!("/user_management/organization_memberships?organization_id={}", id(&home)),
        format!("/user_management/invitations/{}", id(&invitation)),
        format!("/user_management/invitations/by_token/{}", invitation["token"].as_str().expect("a token")),
        format!("/user_management/magic_auth/{}", id(&magic)),
        format!("/user_management/password_reset/{}", id(&reset)),
    ] {
        one.get(&place).expect(200);
        refused(other.get(&place), 404, "entity_not_found");
    }
    let token = json!({"token": reset["password_reset_token"], "new_password": "orange tuba 41 meadow"});
    refused(other.post("/user_management/password_reset/confirm", token), 404, "entity_not_found");
    let sid = claims(&session["access_token"])["sid"].clone();
    refused(
        other.post("/user_management/sessions/revoke", json!({"session_id": sid})),
        404,
        "entity_not_found",
    );
    let body = json!({"user_id": user["id"], "organization_id": home["id"]});
    refused(other.post("/user_management/organization_memberships", body), 404, "entity_not_found");
    refused(other.client.delete(&format!("/user_management/users/{}", id(&user))), 404, "entity_not_found");
    refused(other.client.delete(&format!("/organizations/{}", id(&home))), 404, "entity_not_found");
    assert!(ids(&other.get("/user_management/users?email=a@example.com").expect(200).json()).is_empty());
    assert!(ids(&other.get("/organizations").expect(200).json()).is_empty());
    assert!(ids(&other.get("/user_management/invitations").expect(200).json()).is_empty());
    assert!(ids(&other.get("/organizations?domains=acme.example").expect(200).json()).is_empty());
    // The same names are free there.
    other.user(json!({"email": "a@example.com", "external_id": "x-1"}));
    let same = json!({"name": "Acme", "domain_data": [{"domain": "acme.example", "state": "verified"}]});
    other.post("/organizations", same).expect(201);
});
