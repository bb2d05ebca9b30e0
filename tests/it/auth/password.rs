//! Passwords: how good, how long, how kept, how changed.

use serde_json::json;

use super::person::*;
use crate::sample::with;

on_both!(a_password_is_long_enough_hard_to_guess_and_free_of_rules, |world| {
    let new = |password: &str| {
        let newcomer = json!({"firstName": "Grace", "lastName": "Hopper", "projectId": "new"});
        post(world, "newuser", &with(asked(&email(), password), newcomer))
    };
    for weak in
        ["short1!", "password", "Passw0rd!", "12345678", "aaaaaaaaaaaaaaaa", "gracehopper", "grace.hopper99"]
    {
        new(weak).refused(422, "business-rule").at("password");
    }
    for good in [
        "plum violin 77 harbour",
        "только слова и пробелы",
        &"lamp ".repeat(3).replace("lamp lamp", "lamp quiet torch"),
    ] {
        new(good).expect(200);
    }
    new(&"x".repeat(1500)).refused(400, "too-long");
});

on_both!(every_byte_and_every_form_of_unicode_counts, |world| {
    let long = "a rather long sentence about nothing that goes on well beyond seventy-two bytes, indeed: ";
    let email = email();
    let newcomer = json!({"firstName": "Grace", "lastName": "Hopper", "projectId": "new"});
    let password = format!("{long}cafe\u{301}");
    post(world, "newuser", &with(asked(&email, &password), newcomer)).expect(200);
    post(world, "login", &asked(&email, &format!("{long}caf\u{e9}"))).expect(200);
    post(world, "login", &asked(&email, &format!("{long}cafe"))).refused(400, "login");
    post(world, "login", &asked(&email, &format!("{long}CAF\u{e9}"))).refused(400, "login");
    post(world, "login", &asked(&email, long)).refused(400, "login");
});

on_both!(an_imported_hash_is_verified_once_and_then_replaced, |world| {
    let hashes = [
        // Made by Python's hashlib, of `password`.
        "{SSHA}HeiQ5lPPTM3ZJzQbyR/CZiR9gIMxMjM0NTY3OA==",
    ];
    let person = person(world, json!({}));
    let kept = || {
        let store = &world.server.engine.store;
        let project = store.project_number(&world.project).expect("an answer").expect("a number");
        let row = store
            .get(project, store.kind("User").expect("a type"), &person.user)
            .expect("an answer")
            .expect("a row");
        let secrets = store.secrets(project, row.rid).expect("secrets");
        (secrets.into_iter().find(|(name, _)| name == "passwordHash").expect("a hash").1, row.version)
    };
    assert!(kept().0.starts_with("$2b$04$"));
    let before = kept().1;
    person.begin(world).expect(200);
    assert!(kept().0.starts_with("roster$"));
    // Signing in makes no version of a user.
    assert_eq!(kept().1, before);
    person.begin(world).expect(200);
    for hash in hashes {
        let user = world.super_admin.get(&format!("User/{}", person.user)).json();
        world.super_admin.update(&with(user, json!({"passwordHash": hash})));
        person.begin(world).refused(400, "login");
    }
});

on_both!(a_password_is_changed_by_whoever_knows_it, |world| {
    let person = person(world, json!({}));
    let (here, there) = (person.client(world), person.client(world));
    let next = "violet cannon 41 bridge";
    let change = |old: &str, new: &str| {
        here.post("/auth/changepassword", &json!({"oldPassword": old, "newPassword": new}))
    };
    change("wrong", next).refused(400, "login").at("oldPassword");
    change(PASSWORD, "short").refused(422, "business-rule").at("newPassword");
    change(PASSWORD, PASSWORD).refused(400, "business-rule").at("newPassword");
    change(PASSWORD, "").refused(400, "required").at("newPassword");
    change(PASSWORD, next).expect(200);
    here.get("/auth/me").expect(200);
    there.get("/auth/me").refused(401, "login");
    person.begin(world).refused(400, "login");
    post(world, "login", &with(person.asked(world), json!({"password": next}))).expect(200);
    let told = crate::auth::mail::sent(&person.email);
    assert!(told.iter().any(|mail| mail.contains("password was changed")), "{told:?}");
    world
        .admin
        .post("/auth/changepassword", &json!({"oldPassword": "x", "newPassword": next}))
        .refused(403, "forbidden");
});
