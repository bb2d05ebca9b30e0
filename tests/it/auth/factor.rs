//! Second factors.

use serde_json::json;

use super::person::*;
use crate::auth::mail::sent;
use crate::sample::with;
use crate::world::World;

/// Somebody with an app.
fn enrolled(world: &World) -> (Person, String, Vec<String>) {
    let person = person(world, json!({}));
    let (uri, codes) = enroll(&person.client(world));
    (person, uri, codes)
}

fn verify(world: &World, login: &str, token: &str) -> crate::client::Answer {
    post(world, "mfa/verify", &json!({"login": login, "token": token}))
}

on_both!(a_password_is_not_enough_where_there_is_a_second_factor, |world| {
    let (person, uri, _) = enrolled(world);
    let begun = person.begin(world).expect(200).json();
    assert_eq!(begun["mfaRequired"], true);
    assert_eq!(begun["mfaMethods"], json!(["totp"]));
    assert!(begun.get("code").is_none() && begun.get("memberships").is_none(), "{begun}");
    let login = text(&begun, "login");
    assert_eq!(world.anonymous.get(&format!("/auth/login/{login}")).expect(200).json()["mfaRequired"], true);
    post(world, "profile", &json!({"login": login, "profile": person.membership["id"]})).expect(200).json()["mfaRequired"]
        .as_bool()
        .expect("the factor comes first");
    verify(world, login, "000000").refused(400, "login").at("token");
    verify(world, login, "").refused(400, "required");
    let done = verify(world, login, &totp(&uri, 0)).expect(200).json();
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    assert_eq!(client(world, &tokens).get("/auth/me").expect(200).json()["security"]["mfaEnrolled"], true);
});

on_both!(a_code_of_the_app_is_taken_once, |world| {
    let (person, uri, _) = enrolled(world);
    let code = totp(&uri, 0);
    let (first, second) = (person.begin(world).expect(200).json(), person.begin(world).expect(200).json());
    verify(world, text(&first, "login"), &code).expect(200);
    verify(world, text(&second, "login"), &code).refused(400, "login");
    verify(world, text(&second, "login"), &totp(&uri, 9)).refused(400, "login");
});

on_both!(of_many_who_come_with_one_code_one_gets_in, |world| {
    let (person, uri, _) = enrolled(world);
    let logins: Vec<String> =
        (0..4).map(|_| text(&person.begin(world).expect(200).json(), "login").to_owned()).collect();
    let code = totp(&uri, 0);
    let let_in = std::thread::scope(|scope| {
        let tries: Vec<_> =
            logins.iter().map(|login| scope.spawn(|| verify(world, login, &code).status)).collect();
        tries.into_iter().filter_map(|one| one.join().ok()).filter(|status| *status == 200).count()
    });
    assert_eq!(let_in, 1);
});

on_both!(a_recovery_code_is_good_once_and_shown_once, |world| {
    let (person, _, codes) = enrolled(world);
    assert_eq!(codes.len(), 10);
    let begun = person.begin(world).expect(200).json();
    let done = verify(world, text(&begun, "login"), &codes[0].to_uppercase()).expect(200).json();
    let client = client(world, &redeem(world, text(&done, "code")).expect(200).json());
    let status = client.get("/auth/mfa/status").expect(200);
    assert_eq!(status.json()["recoveryCodes"], 9);
    assert!(codes.iter().all(|code| !status.text().contains(code)));
    let begun = person.begin(world).expect(200).json();
    verify(world, text(&begun, "login"), &codes[0]).refused(400, "login");
    verify(world, text(&begun, "login"), &codes[1]).expect(200);
});

on_both!(a_seed_is_nowhere_to_be_seen, |world| {
    let (person, uri, _) = enrolled(world);
    let seed = uri.split("secret=").nth(1).and_then(|rest| rest.split('&').next()).expect("a seed");
    for place in [format!("User/{}", person.user), format!("User/{}/_history", person.user)] {
        for caller in [&world.super_admin, &world.admin] {
            let answer = caller.get(&place).expect(200).text();
            assert!(!answer.contains(seed) && !answer.contains("mfaSecret"), "{answer}");
        }
    }
    let row = world.server.engine.store.kind("User").expect("a type");
    let project =
        world.server.engine.store.project_number(&world.project).expect("an answer").expect("a number");
    let row = world.server.engine.store.get(project, row, &person.user).expect("an answer").expect("a row");
    for (name, value) in world.server.engine.store.secrets(row.project, row.rid).expect("secrets") {
        assert!(!value.contains(seed), "{name} is kept in plain text");
    }
});

on_both!(a_factor_that_is_required_is_set_up_on_the_way_in, |world| {
    let person = person(world, json!({}));
    let project = world.super_admin.get(&format!("Project/{}", world.project)).json();
    let setting = json!({"setting": [{"name": "mfaRequired", "valueBoolean": true}]});
    world.super_admin.update(&with(project, setting));
    let begun = person.begin(world).expect(200).json();
    assert_eq!(begun["mfaEnrollRequired"], true);
    assert!(text(&begun, "enrollQrCode").starts_with("data:image/svg+xml"), "{begun}");
    let (login, uri) = (text(&begun, "login"), text(&begun, "enrollUri"));
    post(world, "mfa/login-enroll", &json!({"login": login, "token": "123"})).refused(400, "login");
    let done =
        post(world, "mfa/login-enroll", &json!({"login": login, "token": totp(uri, 0)})).expect(200).json();
    assert_eq!(done["recoveryCodes"].as_array().map(Vec::len), Some(10));
    let client = client(world, &redeem(world, text(&done, "code")).expect(200).json());
    let code = json!({"token": done["recoveryCodes"][0]});
    client.post("/auth/mfa/disable", &code).refused(400, "business-rule").at("method");
    client.get("/auth/mfa/status").expect(200);
});

on_both!(a_factor_is_taken_away_by_whoever_proves_himself_by_it, |world| {
    let (person, _, codes) = enrolled(world);
    let begun = person.begin(world).expect(200).json();
    let done = verify(world, text(&begun, "login"), &codes[0]).expect(200).json();
    let client = client(world, &redeem(world, text(&done, "code")).expect(200).json());
    client.post("/auth/mfa/disable", &json!({"token": "000000"})).refused(400, "login");
    client.post("/auth/mfa/disable", &json!({"token": codes[1]})).expect(200);
    client.get("/auth/me").expect(200);
    assert!(person.begin(world).expect(200).json()["code"].is_string());
    client.post("/auth/mfa/disable", &json!({"token": codes[2]})).refused(400, "business-rule");
});

on_both!(setting_up_a_factor_ends_the_other_sessions_and_keeps_this_one, |world| {
    let person = person(world, json!({}));
    let (here, there) = (person.client(world), person.client(world));
    let (uri, _) = enroll(&here);
    there.get("/auth/me").refused(401, "login");
    here.get("/auth/me").expect(200);
    here.post("/auth/mfa/enroll", &json!({"token": totp(&uri, 0)})).refused(400, "business-rule");
    let told = sent(&person.email);
    assert!(told.iter().any(|mail| mail.contains("How you sign in was changed")), "{told:?}");
});

on_both!(
    a_factor_is_changed_a_moment_after_a_sign_in_or_with_the_password,
    |config| config.sign_in.fresh_sign_in = -1,
    |world| {
        // Every sign-in is long ago.
        let person = person(world, json!({}));
        let client = person.client(world);
        let uri = text(&client.get("/auth/mfa/status").expect(200).json(), "enrollUri").to_owned();
        let with_code = |more| with(json!({"token": totp(&uri, -1)}), more);
        let _ =
            client.post("/auth/mfa/enroll", &with_code(json!({"password": "wrong"}))).refused(400, "login");
        client.post("/auth/mfa/enroll", &with_code(json!({"password": PASSWORD}))).expect(200);
    }
);

on_both!(an_admin_resets_the_factor_of_whoever_lost_it, |world| {
    let (person, ..) = enrolled(world);
    let place =
        format!("/admin/projects/{}/members/{}/mfa/reset", world.project, text(&person.membership, "id"));
    world.admin.post(&place, &json!({})).expect(200);
    assert!(person.begin(world).expect(200).json()["code"].is_string());
});

on_both!(a_code_by_mail_is_a_second_factor, |world| {
    let person = person(world, json!({}));
    let client = person.client(world);
    client.call("POST", "/auth/mfa/send-email-challenge").json(&json!({})).send().expect(200);
    let code = crate::auth::mail::code(&person.email);
    client.post("/auth/mfa/enroll", &json!({"method": "email", "token": "000000"})).refused(400, "login");
    client.post("/auth/mfa/enroll", &json!({"method": "email", "token": code})).expect(200);
    let begun = person.begin(world).expect(200).json();
    assert_eq!(begun["mfaMethods"], json!(["email"]));
    assert!(!text(&begun, "email").contains(&person.email), "{begun}");
    let login = text(&begun, "login");
    verify(world, login, &code).refused(400, "login");
    post(world, "mfa/send-email", &json!({"login": login})).expect(200);
    let code = crate::auth::mail::code(&person.email);
    let other = person.begin(world).expect(200).json();
    verify(world, text(&other, "login"), &code).refused(400, "login");
    let done = verify(world, login, &code).expect(200).json();
    redeem(world, text(&done, "code")).expect(200);
});
