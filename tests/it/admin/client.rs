//! A client that an admin makes.

use serde_json::json;

use super::admin;
use crate::client::{Client, id};
use crate::world::token;

on_both!(a_new_client_shows_its_secret_once_and_can_sign_in, |world| {
    let body = json!({"name": "Backend", "description": "d", "redirectUri": "https://app.example.com/back"});
    let answer = world.admin.post(&admin(world, "client"), &body).expect(201);
    let made = answer.json();
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert!(secret.len() >= 32);
    let read = world.admin.get(&format!("ClientApplication/{}", id(&made))).expect(200);
    assert!(!read.text().contains(&secret));
    assert_eq!(read.json()["redirectUris"], json!(["https://app.example.com/back"]));
    let token = token(&world.anonymous, &id(&made), &secret);
    let client = Client::with_token(&world.server.address, &token);
    // It has the least there is until it is given more.
    client.get("Patient").expect(403);
    client.get(&format!("ClientApplication/{}", id(&made))).expect(200);
    for body in [
        json!({}),
        json!({"name": "x", "nonsense": 1}),
        json!({"name": "x", "accessPolicy": {"reference": "AccessPolicy/none"}}),
    ] {
        world.admin.post(&admin(world, "client"), &body).expect(400);
    }
});
