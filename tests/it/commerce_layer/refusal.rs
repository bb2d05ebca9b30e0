//! Errors in the words of JSON:API, and the walls between organizations.

use serde_json::json;

use super::{MEDIA, Shop, one, record, send};
use crate::client::Client;

on_both!(each_error_is_an_error_object, |world| {
    let shop = Shop::new(world, "Shop");
    for (place, status, code) in [
        ("memberships/none", 404, "RECORD_NOT_FOUND"),
        ("shoes", 404, "RECORD_NOT_FOUND"),
        ("user?shoe=1", 400, "PARAM_NOT_ALLOWED"),
        ("roles/none/memberships", 404, "RECORD_NOT_FOUND"),
        ("permissions/none", 404, "RECORD_NOT_FOUND"),
        ("membership_profiles", 404, "RECORD_NOT_FOUND"),
    ] {
        let answer = shop.get(place).expect(status);
        assert_eq!(answer.header("Content-Type"), Some(MEDIA));
        let told = answer.json();
        assert_eq!(
            (&told["errors"][0]["code"], &told["errors"][0]["status"]),
            (&json!(code), &json!(status.to_string())),
            "{place}"
        );
        assert!(told["errors"][0]["title"].is_string() && told["errors"][0]["detail"].is_string());
    }
    let wrong = shop.owner.call("PUT", "/api/roles").send().expect(405);
    assert_eq!(wrong.json()["errors"][0]["code"], "METHOD_NOT_ALLOWED");
    assert!(wrong.header("Allow").is_some());
    let nobody = world.anonymous.get("/api/user").expect(401);
    assert_eq!(nobody.json()["errors"][0]["code"], "INVALID_TOKEN");
    world.super_admin.get("/api/user").expect(403);
    for (accept, status) in [
        ("application/vnd.api+json", 200),
        ("*/*", 200),
        ("application/*;q=0.1", 200),
        ("text/html, application/vnd.api+json;q=0.9", 200),
        ("application/vnd.api+json; ext=x", 406),
        ("text/html", 406),
    ] {
        let answer = shop.owner.call("GET", "/api/user").header("Accept", accept).send().expect(status);
        assert_eq!(answer.header("Content-Type"), Some(MEDIA), "{accept}");
    }
    let body = record("roles", json!({"name": "X"}), json!({})).to_string();
    for media in ["application/json", "application/vnd.api+json; charset=utf-8", "text/plain"] {
        let told = shop.owner.call("POST", "/api/roles").body(media, body.clone()).send().expect(415).json();
        assert_eq!(told["errors"][0]["code"], "UNSUPPORTED_MEDIA_TYPE");
    }
    for (body, status) in [
        ("", 400),
        ("{", 400),
        ("[]", 400),
        ("{}", 400),
        ("{\"data\":[]}", 400),
        ("{\"data\":{\"type\":\"shoes\"}}", 409),
        ("{\"data\":{\"type\":\"roles\",\"id\":\"mine\"}}", 400),
        ("{\"data\":{\"type\":\"roles\",\"attributes\":7}}", 422),
        ("{\"data\":{\"type\":\"roles\",\"shoes\":{}}}", 422),
    ] {
        shop.owner.call("POST", "/api/roles").body(MEDIA, body).send().expect(status);
    }
});

on_both!(an_organization_is_closed_to_others, |world| {
    let (shop, other) = (Shop::new(world, "Shop"), Shop::new(world, "Other"));
    let role = shop.role("R");
    let member = shop.invite("a@example.com", &role);
    let member = member["id"].as_str().expect("an id");
    let client = &shop.keys.client_id;
    for place in [
        format!("memberships/{member}"),
        format!("memberships/{member}/role"),
        format!("memberships/{member}/versions"),
        format!("versions/memberships-{member}-1"),
        format!("roles/{role}"),
        format!("roles/{role}/memberships"),
        format!("organizations/{}", shop.keys.project),
        format!("organizations/{}/roles", shop.keys.project),
        format!("api_credentials/{client}"),
    ] {
        other.get(&place).expect(404);
    }
    other.delete(&format!("memberships/{member}")).expect(404);
    other.delete(&format!("api_credentials/{client}")).expect(404);
    let change = record("roles", json!({"name": "Stolen"}), json!({}));
    other.send("PATCH", &format!("roles/{role}"), &change).expect(404);
    let change = record("organizations", json!({"name": "Stolen"}), json!({}));
    other.send("PATCH", &format!("organizations/{}", shop.keys.project), &change).expect(404);
    assert_eq!(other.emails(""), [other.keys.owner_email.as_str()]);
});

on_both!(a_member_invites_nobody, |world| {
    let shop = Shop::new(world, "Shop");
    let role = shop.role("R");
    let (client, secret) = crate::world::register(&world.super_admin, &shop.keys.project, false);
    let member = Client::with_token(&world.server.address, &format!("sk_{client}_{secret}"));
    let relations = json!({"role": one("roles", &role)});
    send(
        &member,
        "POST",
        "memberships",
        &record("memberships", json!({"user_email": "x@example.com"}), relations),
    )
    .expect(403);
    let body = record("api_credentials", json!({"name": "X", "kind": "integration"}), json!({}));
    send(&member, "POST", "api_credentials", &body).expect(403);
    send(&member, "POST", "roles", &record("roles", json!({"name": "X"}), json!({}))).expect(403);
    member.get("/api/memberships").expect(403);
});
