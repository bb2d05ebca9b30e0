//! A token of ours for one that is good for less: <https://www.rfc-editor.org/rfc/rfc8693#section-2>.

use serde_json::{Value, json};

use super::exchange::ACCESS;
use crate::client::{Answer, Client};
use crate::oauth::signer::{encoded, part};
use crate::oauth::visitor::{app, caller, practitioner, tokens};
use crate::world::{World, register};

fn narrow(world: &World, token: &str, client: &str, scope: &str) -> Answer {
    let scope = if scope.is_empty() { String::new() } else { format!("&scope={}", encoded(scope)) };
    let form = format!(
        "grant_type={}&subject_token={token}&subject_token_type={}&{client}{scope}",
        encoded("urn:ietf:params:oauth:grant-type:token-exchange"),
        encoded(ACCESS),
    );
    world.anonymous.call("POST", "/oauth2/token").form(&form).send()
}

fn token(tokens: &Value) -> &str {
    tokens["access_token"].as_str().expect("a token")
}

#[track_caller]
fn fails(answer: Answer, status: u16, error: &str) {
    let answer = answer.expect(status);
    assert_eq!(answer.json()["error"], error, "{}", answer.text());
}

on_both!(a_token_is_narrowed_and_never_widened, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let named = format!("client_id={client}");
    let given =
        tokens(world, &client, "openid fhirUser user/Patient.cruds user/Organization.rs?active=true", &email);
    let less = narrow(world, token(&given), &named, "openid user/Patient.rs").expect(200).json();
    assert_eq!(
        (&less["scope"], &less["issued_token_type"]),
        (&json!("openid user/Patient.rs"), &json!(ACCESS))
    );
    assert!(less.get("refresh_token").is_none());
    caller(world, &less).get("Patient").expect(200);
    caller(world, &less).get("Organization").expect(403);
    caller(world, &less).post("Patient", &crate::sample::patient("A", "B")).expect(403);
    let (first, second) = (part(token(&given), 1), part(token(&less), 1));
    assert_eq!(first["login_id"], second["login_id"]);
    assert!(second["exp"].as_i64() <= first["exp"].as_i64() && second["jti"] != first["jti"]);
    for more in [
        "openid user/*.rs",
        "openid email",
        "user/Patient.cruds user/Device.r",
        "user/Organization.rs",
        "user/Organization.rs?active=false",
        "system/Patient.rs",
        "patient/Patient.rs",
        "unheard-of",
        "user/Patient",
    ] {
        fails(narrow(world, token(&given), &named, more), 400, "invalid_scope");
    }
    // Words alone do not make it as good as the user.
    let words = narrow(world, token(&given), &named, "openid").expect(200).json();
    assert_eq!(words["scope"], "openid user/Patient.cruds user/Organization.rs?active=true");
    let same = narrow(world, token(&given), &named, "").expect(200).json();
    assert_eq!(same["scope"], given["scope"]);
    // From the narrower one there is no way back.
    fails(narrow(world, token(&less), &named, "user/Patient.cruds"), 400, "invalid_scope");
    narrow(world, token(&less), &named, "user/Patient.r?gender=female").expect(200);
    // A token without any is as good as its user, and so may be narrowed to anything of his.
    let whole = tokens(world, &client, "openid", &email);
    let less = narrow(world, token(&whole), &named, "user/Patient.rs").expect(200).json();
    caller(world, &less).get("Organization").expect(403);
    fails(narrow(world, token(&whole), &named, "system/*.*"), 400, "invalid_scope");
});

on_both!(a_narrowed_token_ends_with_its_session, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let given = tokens(world, &client, "openid user/Patient.rs", &email);
    let named = format!("client_id={client}");
    let less = narrow(world, token(&given), &named, "user/Patient.r").expect(200).json();
    caller(world, &given).post("/oauth2/logout", &json!({})).expect(200);
    caller(world, &less).get("Patient").refused(401, "login");
    fails(narrow(world, token(&given), &named, "user/Patient.r"), 400, "invalid_request");
    fails(narrow(world, &format!("{}x", token(&given)), &named, ""), 400, "invalid_request");
    // An id token of ours opens nothing.
    let id_token = tokens(world, &client, "openid", &email)["id_token"].as_str().expect("a token").to_owned();
    fails(narrow(world, &id_token, &named, ""), 400, "invalid_request");
});

on_both!(only_those_it_concerns_narrow_a_token, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let given = tokens(world, &client, "openid user/Patient.rs user/Organization.rs", &email);
    let other = format!("client_id={}", app(world, json!({})));
    fails(narrow(world, token(&given), &other, ""), 401, "invalid_client");
    // A client of the project that proves itself may, but passes on no more than it may ask for itself.
    let (id, secret) = register(&world.super_admin, &world.project, false);
    let proving = format!("client_id={id}&client_secret={secret}");
    narrow(world, token(&given), &proving, "user/Patient.rs").expect(200);
    let bound = app(world, json!({"secret": secret, "allowedScope": ["openid", "user/Patient.rs"]}));
    let bound = format!("client_id={bound}&client_secret={secret}");
    narrow(world, token(&given), &bound, "user/Patient.rs").expect(200);
    fails(narrow(world, token(&given), &bound, "user/Organization.rs"), 400, "invalid_scope");
    // One of another project may not.
    let (id, secret) = register(&world.super_admin, &world.other_project, true);
    let stranger = format!("client_id={id}&client_secret={secret}");
    fails(narrow(world, token(&given), &stranger, ""), 401, "invalid_client");
});

on_both!(a_client_narrows_its_own, |world| {
    let (id, secret) = register(&world.super_admin, &world.project, true);
    let own = crate::world::token(&world.anonymous, &id, &secret);
    let proving = format!("client_id={id}&client_secret={secret}");
    let less = narrow(world, &own, &proving, "system/Patient.rs").expect(200).json();
    let caller = Client::with_token(&world.server.address, token(&less));
    caller.get("Patient").expect(200);
    caller.get("Organization").expect(403);
    fails(narrow(world, &own, &proving, "user/Patient.rs"), 400, "invalid_scope");
});
