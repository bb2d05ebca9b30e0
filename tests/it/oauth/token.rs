//! The client credentials grant: <https://www.rfc-editor.org/rfc/rfc6749#section-4.4>, used as
//! <https://www.rfc-editor.org/rfc/rfc6750> says.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::client::{Answer, Client, place};
use crate::sample::{patient, with};
use crate::server::{BOOTSTRAP_CLIENT, BOOTSTRAP_SECRET};
use crate::world::{World, register};

fn ask(world: &World, form: &str) -> Answer {
    world.anonymous.call("POST", "/oauth2/token").form(form).send()
}

fn basic(world: &World, client: &str, secret: &str) -> Answer {
    let basic = BASE64_STANDARD.encode(format!("{client}:{secret}"));
    let call =
        world.anonymous.call("POST", "/oauth2/token").header("Authorization", &format!("Basic {basic}"));
    call.form("grant_type=client_credentials").send()
}

#[track_caller]
fn fails(answer: Answer, status: u16, error: &str) {
    let answer = answer.expect(status);
    assert_eq!(answer.json()["error"], error, "{}", answer.text());
    assert!(answer.json().get("access_token").is_none());
}

on_both!(a_client_gets_a_token_by_either_way_to_name_itself, |world| {
    let (client, secret) = register(&world.super_admin, &world.project, true);
    let in_body = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
    for answer in [basic(world, &client, &secret), ask(world, &in_body)] {
        let answer = answer.expect(200);
        assert_eq!(answer.header("Cache-Control"), Some("no-store"));
        let token = answer.json();
        assert_eq!(token["token_type"].as_str().map(str::to_lowercase).as_deref(), Some("bearer"));
        assert!(token["expires_in"].as_u64().is_some_and(|seconds| seconds > 0));
        let caller =
            Client::with_token(&world.server.address, token["access_token"].as_str().expect("a token"));
        caller.get("Patient").expect(200);
    }
});

on_both!(a_token_is_a_signed_jwt_of_es256, |world| {
    let header = world.admin.token().split('.').next().expect("a header");
    let header: Value =
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).expect("base64")).expect("JSON");
    assert_eq!(header["alg"], "ES256");
    assert!(header["kid"].is_string());
    assert_eq!(world.admin.token().split('.').count(), 3);
});

on_both!(a_wrong_secret_and_an_unknown_client_are_told_alike, |world| {
    let (client, _) = register(&world.super_admin, &world.project, true);
    let wrong = basic(world, &client, "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wr");
    let unknown = basic(world, "0190aaaa-0000-7000-8000-000000000000", "wrong");
    assert_eq!(wrong.json(), unknown.json());
    assert!(wrong.header("WWW-Authenticate").is_some());
    fails(wrong, 401, "invalid_client");
    fails(unknown, 401, "invalid_client");
});

on_both!(what_is_no_token_request_is_refused_by_its_name, |world| {
    let credentials = format!("client_id={BOOTSTRAP_CLIENT}&client_secret={BOOTSTRAP_SECRET}");
    fails(ask(world, &credentials), 400, "invalid_request");
    fails(ask(world, &format!("{credentials}&grant_type=password")), 400, "unsupported_grant_type");
    fails(ask(world, &format!("{credentials}&grant_type=implicit")), 400, "unsupported_grant_type");
    fails(ask(world, "grant_type=client_credentials"), 401, "invalid_client");
    fails(
        ask(world, &format!("grant_type=client_credentials&client_id={BOOTSTRAP_CLIENT}")),
        401,
        "invalid_client",
    );
    let twice = format!("{credentials}&grant_type=client_credentials&grant_type=client_credentials");
    fails(ask(world, &twice), 400, "invalid_request");
    let answer = world
        .anonymous
        .call("POST", "/oauth2/token")
        .json(&json!({"grant_type": "client_credentials"}))
        .send();
    assert!(matches!(answer.status, 400 | 415), "{}", answer.status);
    assert_eq!(world.anonymous.get("/oauth2/token").status, 405);
});

on_both!(a_client_that_is_no_member_gets_no_token, |world| {
    let secret = "a-secret-of-a-test-client-as-long-as-they-get";
    let lonely = world.super_admin.create(&json!({
        "resourceType": "ClientApplication", "meta": {"project": world.project}, "name": "Lonely", "secret": secret
    }));
    fails(basic(world, lonely["id"].as_str().expect("an id"), secret), 401, "invalid_client");
});

on_both!(a_membership_that_is_not_active_opens_nothing, |world| {
    let (client, secret) = register(&world.super_admin, &world.project, true);
    let query = format!("ProjectMembership?user=ClientApplication/{client}");
    let membership = world.super_admin.search(&query).remove(0);
    world.super_admin.update(&with(membership, json!({"active": false})));
    let answer = basic(world, &client, &secret);
    assert!(matches!(answer.status, 400 | 401), "{}", answer.text());
});

on_both!(a_token_ends_with_its_membership, |world| {
    let (client, secret) = register(&world.super_admin, &world.project, true);
    let token = basic(world, &client, &secret).expect(200).json();
    let caller = Client::with_token(&world.server.address, token["access_token"].as_str().expect("a token"));
    caller.get("Patient").expect(200);
    let membership =
        world.super_admin.search(&format!("ProjectMembership?user=ClientApplication/{client}")).remove(0);
    world.super_admin.delete(&place(&membership)).expect(204);
    caller.get("Patient").refused(401, "login");
});

on_both!(a_secret_is_shown_to_nobody, |world| {
    let (client, secret) = register(&world.super_admin, &world.project, true);
    for caller in [&world.super_admin, &world.admin] {
        let text = caller.get(&format!("ClientApplication/{client}")).expect(200).text();
        assert!(!text.contains(&secret), "{text}");
    }
});

on_both!(only_a_true_token_opens_the_door, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let token = world.admin.token().to_owned();
    let parts: Vec<&str> = token.split('.').collect();
    let none = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let hs256 = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let flipped = format!("{}{}", if parts[2].starts_with('A') { 'B' } else { 'A' }, &parts[2][1..]);
    for forged in [
        String::new(),
        "nonsense".to_owned(),
        "a.b.c".to_owned(),
        format!("{none}.{}.", parts[1]),
        format!("{hs256}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.{flipped}", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{token}x"),
        "x".repeat(7000),
    ] {
        let answer = Client::with_token(&world.server.address, &forged).get(&place(&stored));
        assert!(
            answer.header("WWW-Authenticate").is_some_and(|told| told.starts_with("Bearer")),
            "{forged:.60}"
        );
        answer.refused(401, "login");
    }
});

on_both!(a_token_is_taken_from_its_header_only, |world| {
    let token = world.admin.token();
    let anonymous = &world.anonymous;
    anonymous.get(&format!("Patient?access_token={token}")).expect(401);
    anonymous.call("GET", "Patient").header("Cookie", &format!("access_token={token}")).send().expect(401);
    anonymous.call("GET", "Patient").header("Authorization", token).send().expect(401);
    // The scheme is a word without case.
    anonymous.call("GET", "Patient").header("Authorization", &format!("bearer {token}")).send().expect(200);
});

on_both!(a_token_survives_a_restart, |world| {
    let again = crate::server::Server::start(&world.database.url, |_| {});
    Client::with_token(&again.address, world.admin.token()).get("Patient").expect(200);
});
