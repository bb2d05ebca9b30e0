//! Whoever is put to sleep or taken away is signed out at once, and stays so.

use serde_json::{Value, json};

use super::{Scim, place};
use crate::auth::person;
use crate::client::Client;
use crate::world::World;

const PASSWORD: &str = "a harbour of seven plums";

/// A token of somebody who signs in.
fn token(world: &World, scim: &Scim, email: &str) -> Option<String> {
    let mut asked = person::asked(email, PASSWORD);
    asked["projectId"] = json!(scim.keys.project);
    let code = world.anonymous.post("/auth/login", &asked);
    if code.status != 200 {
        return None;
    }
    let form = format!(
        "grant_type=authorization_code&code={}&client_id=&redirect_uri=&code_verifier={}",
        person::text(&code.json(), "code"),
        person::VERIFIER
    );
    let tokens: Value = world.anonymous.call("POST", "/oauth2/token").form(&form).send().expect(200).json();
    Some(person::text(&tokens, "access_token").to_owned())
}

on_both!(deactivation_ends_sessions_for_good, |world| {
    let scim = Scim::of(world);
    let email = json!([{ "value": "sleeper@example.com", "primary": true }]);
    let user = scim.user("sleeper@example.com", &json!({ "password": PASSWORD, "emails": email }));
    let first = token(world, &scim, "sleeper@example.com").expect("a token");
    let alive = |token: &str| Client::with_token(&world.server.address, token).get("/auth/me").status;
    assert_eq!(alive(&first), 200);
    let turn = |active: bool| {
        scim.patch(&place(&user), json!([{ "op": "replace", "value": { "active": active } }])).expect(200)
    };
    turn(false);
    assert_eq!(alive(&first), 401);
    assert!(token(world, &scim, "sleeper@example.com").is_none());
    assert_eq!(scim.get(&place(&user)).expect(200).json()["active"], false);
    turn(true);
    assert_eq!(alive(&first), 401, "the old session stays ended");
    let second = token(world, &scim, "sleeper@example.com").expect("a token");
    assert_eq!(alive(&second), 200);
    scim.delete(&place(&user)).expect(204);
    assert_eq!(alive(&second), 401);
    assert!(token(world, &scim, "sleeper@example.com").is_none());
});

on_both!(who_has_no_address_signs_in_with_a_name_that_is_one, |world| {
    let scim = Scim::of(world);
    let user = scim.user("named@example.com", &json!({ "password": PASSWORD }));
    assert!(user.get("emails").is_none());
    assert!(scim.found("emails.value eq \"named@example.com\"").is_empty());
    assert!(token(world, &scim, "named@example.com").is_some());
});

on_both!(a_membership_that_sleeps_is_a_user_who_does, |world| {
    let scim = Scim::of(world);
    let user = scim.user("member", &json!({}));
    let mut membership = scim.client.search("ProjectMembership?user-name=member").remove(0);
    membership["active"] = json!(false);
    scim.client.update(&membership);
    let shown = scim.get(&place(&user)).expect(200);
    assert_eq!(shown.json()["active"], false);
    assert_ne!(shown.json()["meta"]["version"], user["meta"]["version"]);
    assert_eq!(scim.found("active eq false"), ["member"]);
    scim.patch(&place(&user), json!([{ "op": "replace", "path": "active", "value": true }])).expect(200);
    assert!(scim.found("active eq false").is_empty());
    assert_eq!(scim.client.search("ProjectMembership?user-name=member&active=true").len(), 1);
});
