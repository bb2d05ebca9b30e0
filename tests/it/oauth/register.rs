//! Clients that register themselves: <https://www.rfc-editor.org/rfc/rfc7591>, <https://www.rfc-editor.org/rfc/rfc7592>.

use roster::config::Registration;
use serde_json::{Value, json};

use super::visitor::{REDIRECT, Visitor, practitioner, request};
use crate::client::Client;

fn said() -> Value {
    json!({"client_name": "App", "redirect_uris": [REDIRECT], "scope": "openid user/Patient.rs"})
}

on_both!(an_admin_registers_a_client, |config| config.oauth.registration = Registration::Token, |world| {
    world.anonymous.post("/oauth2/register", &said()).expect(401);
    world.member.post("/oauth2/register", &said()).expect(403);
    let answer = world.admin.post("/oauth2/register", &said()).expect(201);
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    let told = answer.json();
    let (id, secret) =
        (told["client_id"].as_str().expect("an id"), told["client_secret"].as_str().expect("a secret"));
    assert_eq!(told["token_endpoint_auth_method"], "client_secret_basic");
    let own = Client::with_token(
        &world.server.address,
        told["registration_access_token"].as_str().expect("a token"),
    );
    let place = format!("/oauth2/register/{id}");
    let read = own.get(&place).expect(200).json();
    assert_eq!((&read["client_name"], &read["scope"]), (&told["client_name"], &told["scope"]));
    // Neither is shown to anybody again.
    let record = world.super_admin.get(&format!("ClientApplication/{id}")).expect(200).text();
    assert!(!record.contains(secret) && !record.contains(own.token()) && read.get("client_secret").is_none());
    world.admin.get(&place).expect(401);

    let mut changed = said();
    changed["client_id"] = json!(id);
    changed["client_name"] = json!("Another name");
    assert_eq!(own.put(&place, &changed).expect(200).json()["client_name"], "Another name");
    changed["client_id"] = json!("another");
    assert_eq!(own.put(&place, &changed).expect(400).json()["error"], "invalid_request");

    let email = practitioner(world);
    assert_eq!(Visitor::default().sign_in(world, &request(id, json!({})), &email).title(), "Allow access?");
    own.delete(&place).expect(204);
    own.get(&place).expect(401);
    assert_eq!(Visitor::default().open(world, &request(id, json!({}))).0.status, 400);
});

on_both!(
    what_is_no_client_is_not_registered,
    |config| config.oauth.registration = Registration::Token,
    |world| {
        for (more, error) in [
            (json!({"redirect_uris": []}), "invalid_redirect_uri"),
            (json!({"redirect_uris": ["http://app.example/"]}), "invalid_redirect_uri"),
            (json!({"redirect_uris": ["javascript:alert(1)"]}), "invalid_redirect_uri"),
            (json!({"redirect_uris": ["https://app.example/#x"]}), "invalid_redirect_uri"),
            (json!({"redirect_uris": "https://app.example/"}), "invalid_client_metadata"),
            (json!({"grant_types": ["password"]}), "invalid_client_metadata"),
            (json!({"grant_types": ["implicit"]}), "invalid_client_metadata"),
            (json!({"response_types": ["token"]}), "invalid_client_metadata"),
            (json!({"token_endpoint_auth_method": "private_key_jwt"}), "invalid_client_metadata"),
            (json!({"token_endpoint_auth_method": "tls_client_auth"}), "invalid_client_metadata"),
            (json!({"scope": "patient/x"}), "invalid_client_metadata"),
            (json!({"client_name": 7}), "invalid_client_metadata"),
            (
                json!({"jwks": {"keys": []}, "jwks_uri": "https://app.example/keys"}),
                "invalid_client_metadata",
            ),
        ] {
            let answer =
                world.admin.post("/oauth2/register", &crate::sample::with(said(), more.clone())).expect(400);
            assert_eq!(answer.json()["error"], error, "{more}");
        }
        let answer =
            world.admin.call("POST", "/oauth2/register").body("application/json", "[1").send().expect(400);
        assert_eq!(answer.json()["error"], "invalid_client_metadata");
    }
);

on_both!(nobody_registers_where_that_is_off, |world| {
    world.anonymous.post("/oauth2/register", &said()).expect(404);
    world.admin.post("/oauth2/register", &said()).expect(404);
});
