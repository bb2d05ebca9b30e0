//! Tokens with the right signature and the wrong claims: <https://www.rfc-editor.org/rfc/rfc7519#section-4.1>.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use p256::SecretKey;
use p256::pkcs8::EncodePrivateKey;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::sample::with;
use crate::world::World;

fn part(token: &str, number: usize) -> Value {
    let text = token.split('.').nth(number).expect("a part");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64")).expect("JSON")
}

/// The admin's token with other claims and another type, signed by the server's own key.
fn signed(world: &World, claims: &Value, typ: &str) -> String {
    let token = world.admin.token();
    let private = world.database.lines("SELECT value AS line FROM credential WHERE name = 'd'").remove(0);
    let private = BASE64_URL_SAFE_NO_PAD.decode(private).expect("base64");
    let private = SecretKey::from_slice(&private).expect("a key").to_pkcs8_der().expect("a key");
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some(typ.to_owned());
    header.kid = part(token, 0)["kid"].as_str().map(str::to_owned);
    let claims = with(part(token, 1), claims.clone());
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ec_der(private.as_bytes())).expect("a token")
}

fn call(world: &World, token: &str) -> Answer {
    Client::with_token(&world.server.address, token).get("Patient")
}

on_both!(a_token_is_good_between_its_times_and_here_only, |world| {
    let now = part(world.admin.token(), 1)["iat"].as_i64().expect("a time");
    let mut fresh = 0;
    // Each is another token, so that none is known by heart.
    let mut with_claims = |claims: Value| {
        fresh += 1;
        signed(world, &with(claims, json!({"jti": format!("fresh-{fresh}")})), "at+jwt")
    };
    call(world, &with_claims(json!({}))).expect(200);
    call(world, &with_claims(json!({"nbf": now - 60}))).expect(200);
    call(world, &with_claims(json!({"nbf": now + 3000}))).refused(401, "login");
    call(world, &with_claims(json!({"exp": now - 1}))).refused(401, "expired");
    call(world, &with_claims(json!({"exp": null}))).refused(401, "login");
    call(world, &with_claims(json!({"iss": "https://other.example"}))).refused(401, "login");
    call(world, &with_claims(json!({"sub": null}))).refused(401, "login");
    call(world, &with_claims(json!({"login_id": "0190aaaa-0000-7000-8000-000000000000"})))
        .refused(401, "login");
    call(world, &with_claims(json!({"project": world.other_project}))).refused(401, "login");
});

on_both!(a_token_for_something_else_opens_nothing, |world| {
    call(world, &signed(world, &json!({"jti": "a"}), "JWT")).refused(401, "login");
    call(world, &signed(world, &json!({"jti": "b"}), "logout+jwt")).refused(401, "login");
});
