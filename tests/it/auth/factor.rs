//! Second factors.

use serde_json::{Value, json};

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

on_both!(a_factor_that_a_membership_requires_is_set_up_before_its_tokens, |world| {
    let person = person(world, json!({"mfaRequired": true}));
    member(world, &person.user, &world.project, json!({}));
    let chosen = |login: &str, membership: &Value| {
        post(world, "profile", &json!({"login": login, "profile": membership["id"]})).expect(200).json()
    };
    let begun = person.begin(world).expect(200).json();
    let free =
        begun["memberships"].as_array().expect("two").iter().find(|one| one["id"] != person.membership["id"]);
    // As the other member he needs none.
    let tokens = redeem(world, text(&chosen(text(&begun, "login"), free.expect("another")), "code"));
    let other = client(world, &tokens.expect(200).json());
    other.get("/auth/me").expect(200);
    let begun = person.begin(world).expect(200).json();
    let due = chosen(text(&begun, "login"), &person.membership);
    assert!(due["mfaEnrollRequired"] == true && due.get("code").is_none(), "{due}");
    let (login, uri) = (text(&due, "login"), text(&due, "enrollUri"));
    let done =
        post(world, "mfa/login-enroll", &json!({"login": login, "token": totp(uri, 0)})).expect(200).json();
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    let me = client(world, &tokens).get("/auth/me").expect(200).json();
    assert_eq!(
        (&me["membership"]["id"], &me["membership"]["mfaRequired"]),
        (&person.membership["id"], &json!(true))
    );
    assert_eq!(client(world, &tokens).get("/auth/mfa/status").expect(200).json()["mfaRequired"], true);
    let code = json!({"token": done["recoveryCodes"][0]});
    client(world, &tokens).post("/auth/mfa/disable", &code).refused(400, "business-rule").at("method");
});

on_both!(an_invitation_requires_a_factor_of_who_was_there_already, |world| {
    let (email, elsewhere) = (email(), json!({"reference": format!("Project/{}", world.other_project)}));
    let user = user(world, &email, None);
    member(world, &user, &world.other_project, json!({"project": elsewhere}));
    let invitation = json!({
        "resourceType": "Practitioner", "firstName": "Ada", "lastName": "Lovelace", "email": email,
        "sendEmail": false, "mfaRequired": true,
    });
    let place = format!("/admin/projects/{}/invite", world.project);
    let membership = world.admin.post(&place, &invitation).expect(200).json();
    assert_eq!(membership["mfaRequired"], true);
    assert!(world.super_admin.get(&format!("User/{user}")).expect(200).json().get("mfaRequired").is_none());
    let begin = |project: &str| {
        post(world, "login", &and(asked(&email, PASSWORD), json!({"projectId": project}))).expect(200).json()
    };
    assert_eq!(begin(&world.project)["mfaEnrollRequired"], true);
    assert!(begin(&world.other_project)["code"].is_string());
    let upsert = and(invitation, json!({"upsert": true, "mfaRequired": false}));
    assert_eq!(world.admin.post(&place, &upsert).expect(200).json()["mfaRequired"], false);
    assert!(begin(&world.project)["code"].is_string());
});

on_both!(a_session_without_the_factor_that_is_required_by_now_is_not_refreshed, |world| {
    let person = person(world, json!({}));
    let tokens = person.tokens(world);
    world.admin.update(&with(person.membership.clone(), json!({"mfaRequired": true})));
    let refused = refresh(world, text(&tokens, "refresh_token")).expect(400).json();
    assert_eq!(refused["error"], "invalid_grant");
    world.admin.update(&with(person.membership.clone(), json!({"mfaRequired": false})));
    refresh(world, text(&tokens, "refresh_token")).expect(200);
});

on_both!(a_reset_of_a_factor_and_its_record_are_one, |world| {
    let (person, ..) = enrolled(world);
    let place =
        format!("/admin/projects/{}/members/{}/mfa/reset", world.project, text(&person.membership, "id"));
    let acts = || world.admin.search("AuditEvent?subtype=reset-factor");
    world.admin.post(&place, &json!({"method": "email"})).refused(400, "business-rule");
    assert!(acts().is_empty(), "what was refused is no act");
    world.admin.post(&place, &json!({})).expect(200);
    assert_eq!(acts().len(), 1);
    let act = acts().remove(0);
    assert_eq!(act["entity"][0]["what"]["reference"], format!("User/{}", person.user));
    assert!(text(&act["agent"][0]["who"], "reference").starts_with("ClientApplication/"), "{act}");
});
