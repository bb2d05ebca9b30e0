//! Sessions end at once, whoever ends them and however.

use serde_json::{Value, json};

use super::person::*;
use crate::client::{Client, place};
use crate::sample::with;
use crate::world::World;

fn ends(world: &World, how: impl Fn(&Person, &Client)) {
    let person = person(world, json!({}));
    let tokens = person.tokens(world);
    let client = client(world, &tokens);
    client.get("/auth/me").expect(200);
    how(&person, &client);
    client.get("/auth/me").refused(401, "login");
    client.get(&format!("User/{}", person.user)).refused(401, "login");
    assert_eq!(refresh(world, text(&tokens, "refresh_token")).status, 400);
}

fn change(world: &World, resource: &str, more: Value) {
    let stored = world.super_admin.get(resource).expect(200).json();
    world.super_admin.update(&with(stored, more));
}

on_both!(a_user_who_is_put_to_sleep_is_out, |world| {
    ends(world, |person, _| change(world, &format!("User/{}", person.user), json!({"active": false})));
});

on_both!(a_user_who_is_deleted_is_out, |world| {
    ends(world, |person, _| {
        world.super_admin.delete(&format!("User/{}", person.user)).expect(204);
    });
});

on_both!(a_membership_that_sleeps_or_is_gone_lets_nobody_in, |world| {
    ends(world, |person, _| change(world, &place(&person.membership), json!({"active": false})));
    ends(world, |person, _| {
        world.super_admin.delete(&place(&person.membership)).expect(204);
    });
});

on_both!(a_password_that_a_super_admin_writes_ends_the_sessions, |world| {
    ends(world, |person, _| {
        change(
            world,
            &format!("User/{}", person.user),
            json!({"passwordHash": "{SSHA}MDEyMzQ1Njc4OWFiY2RlZmdoaWpzYWx0"}),
        )
    });
});

on_both!(a_project_that_sleeps_lets_nobody_in, |world| {
    ends(world, |_, _| change(world, &format!("Project/{}", world.project), json!({"active": false})));
});

on_both!(a_session_is_ended_by_its_owner_and_by_his_admin, |world| {
    let person = person(world, json!({}));
    let (first, second) = (person.client(world), person.client(world));
    let me = first.get("/auth/me").expect(200).json();
    let sessions = me["security"]["sessions"].as_array().expect("sessions");
    assert_eq!(sessions.len(), 2, "{me}");
    let other = text(&claims(second.token()), "login_id").to_owned();
    first.post("/auth/revoke", &json!({"loginId": other})).expect(200);
    second.get("/auth/me").refused(401, "login");
    let own = text(&claims(first.token()), "login_id").to_owned();
    // Nobody else: not another user, not a member, not the admin of another project.
    let neighbour = self::person(world, json!({})).client(world);
    for stranger in [&neighbour, &world.stranger, &world.member] {
        stranger.post("/auth/revoke", &json!({"loginId": own})).refused(404, "not-found");
    }
    first.get("/auth/me").expect(200);
    first.post("/auth/revoke", &json!({})).refused(400, "required");
    world.admin.post("/auth/revoke", &json!({"loginId": own})).expect(200);
    first.get("/auth/me").refused(401, "login");
    world.admin.post("/auth/revoke", &json!({"loginId": own})).expect(200);
});

on_both!(what_changes_a_user_otherwise_leaves_him_in, |world| {
    let person = person(world, json!({}));
    let client = person.client(world);
    change(world, &format!("User/{}", person.user), json!({"title": "Dr."}));
    client.get("/auth/me").expect(200);
});

on_both!(rank_and_rights_of_a_user_are_those_of_his_membership, |world| {
    let member = person(world, json!({})).client(world);
    member.get("Patient").expect(403);
    member.get(&format!("Project/{}", world.project)).expect(200);
    let admin = person(world, json!({"admin": true})).client(world);
    admin.get("Patient").expect(200);
    admin.get(&format!("Project/{}", world.other_project)).expect(404);
    let policy = world.admin.create(&json!({
        "resourceType": "AccessPolicy", "name": "Reader", "resource": [{"resourceType": "Patient", "readonly": true}],
    }));
    let reader = person(world, json!({"accessPolicy": {"reference": place(&policy)}})).client(world);
    reader.get("Patient").expect(200);
    reader.post("Patient", &json!({"resourceType": "Patient"})).expect(403);
    reader.get("Practitioner").expect(403);
});

on_both!(a_client_may_show_its_secret_with_each_request, |world| {
    let (client, secret) = crate::world::register(&world.super_admin, &world.project, true);
    let call = |secret: &str| {
        let basic = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, format!("{client}:{secret}"));
        world.anonymous.call("GET", "Patient").header("Authorization", &format!("Basic {basic}")).send()
    };
    call(&secret).expect(200);
    call(&secret).expect(200);
    call("wrong-wrong-wrong-wrong").refused(401, "login");
    call("").refused(401, "login");
    let off = world.super_admin.get(&format!("ClientApplication/{client}")).json();
    world.super_admin.update(&with(off, json!({"status": "off"})));
    call(&secret).refused(401, "login");
});

on_both!(a_sign_in_and_its_end_are_recorded_and_so_is_a_failure, |world| {
    let person = person(world, json!({}));
    let client = person.client(world);
    client.post("/auth/revoke", &json!({"loginId": text(&claims(client.token()), "login_id")})).expect(200);
    let records = world.admin.search(&format!("AuditEvent?agent=User/{}", person.user));
    let what: Vec<&str> = records.iter().filter_map(|one| one["subtype"][0]["code"].as_str()).collect();
    assert!(what.contains(&"login") && what.contains(&"logout"), "{what:?}");
    assert!(world.stranger.found(&format!("AuditEvent?agent=User/{}", person.user)).is_empty());
});
