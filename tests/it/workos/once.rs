//! A POST under an idempotency key is done once, whoever sends it again.

use serde_json::json;

use super::{app, ids, refused};

on_both!(what_is_sent_again_is_answered_as_before, |world| {
    let app = app(world, "Once");
    let send = |key: &str, place: &str, email: &str| {
        let call = app.client.call("POST", place).header("Idempotency-Key", key);
        call.body("application/json", json!({"email": email}).to_string()).send()
    };
    let place = "/user_management/users";
    let first = send("one", place, "a@example.com").expect(201);
    let again = send("one", place, "a@example.com").expect(201);
    assert_eq!(first.json(), again.json());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    refused(send("one", "/user_management/magic_auth", "a@example.com"), 409, "idempotency_conflict");
    refused(send("two", place, "a@example.com"), 400, "user_creation_error");
    // A refusal is an answer, too.
    refused(send("two", place, "a@example.com"), 400, "user_creation_error");
    send("three", place, "b@example.com").expect(201);
    refused(send(&"x".repeat(256), place, "c@example.com"), 400, "invalid_idempotency_key");
    let other = super::super::app(world, "Other");
    let call = other.client.call("POST", place).header("Idempotency-Key", "one");
    let theirs =
        call.body("application/json", json!({"email": "a@example.com"}).to_string()).send().expect(201);
    assert_ne!(theirs.json()["id"], first.json()["id"]);
    assert_eq!(ids(&app.get("/user_management/users?email=a@example.com").expect(200).json()).len(), 1);
    // Whose key is gone is told nothing, not even what he was told before.
    world.super_admin.delete(&format!("ClientApplication/{}", app.keys.client_id)).expect(204);
    refused(send("one", place, "a@example.com"), 401, "unauthorized");
});
