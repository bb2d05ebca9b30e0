//! Pools of users: an e-mail address or an external id is there once in a pool, and in any number of pools.

use serde_json::json;

use crate::client::{id, place};
use crate::sample::{user, with};

on_both!(the_same_address_lives_in_two_projects, |world| {
    let here = world.admin.create(&user("ada@example.com"));
    let there = world.stranger.create(&user("ada@example.com"));
    let server = world.super_admin.create(&user("ada@example.com"));
    assert_eq!(world.admin.found("User?email=ada@example.com"), [id(&here)]);
    assert_eq!(world.stranger.found("User?email=ada@example.com"), [id(&there)]);
    let mut all = world.super_admin.found("User?email=ada@example.com");
    all.sort();
    let mut expected = [id(&here), id(&there), id(&server)];
    expected.sort();
    assert_eq!(all, expected);
    for admin in [&world.admin, &world.stranger] {
        admin.post("User", &user("ada@example.com")).refused(409, "duplicate").at("User.email");
    }
    world.super_admin.post("User", &user("ADA@example.com")).refused(409, "duplicate").at("User.email");
});

on_both!(a_super_admin_chooses_the_pool, |world| {
    let project = json!({"reference": format!("Project/{}", world.project)});
    let stored = world.super_admin.create(&with(user("ada@example.com"), json!({"project": project})));
    assert_eq!(world.admin.get(&place(&stored)).expect(200).json()["project"], project);
    world.admin.post("User", &user("ada@example.com")).refused(409, "duplicate").at("User.email");
});

on_both!(an_admin_cannot_write_into_a_pool_of_others, |world| {
    for project in [&world.other_project, "018f2b6c-0000-7000-8000-000000000000"] {
        let project = json!({"project": {"reference": format!("Project/{project}")}});
        let answer = world.admin.post("User", &with(user("ada@example.com"), project));
        if answer.status == 201 {
            // Taken, but into his own pool.
            assert_eq!(answer.json()["project"]["reference"], format!("Project/{}", world.project));
        } else {
            assert!((400..500).contains(&answer.status), "{}", answer.text());
        }
        assert!(world.stranger.found("User").is_empty());
    }
    let meta = json!({"meta": {"project": world.other_project}});
    let answer = world.admin.post("User", &with(user("grace@example.com"), meta));
    assert!(answer.status < 500);
    assert!(world.stranger.found("User").is_empty());
});

on_both!(an_address_differs_by_its_accents_and_not_by_its_case_or_form, |world| {
    world.admin.create(&user("jose@example.com"));
    world.admin.create(&user("jos\u{e9}@example.com"));
    world.admin.post("User", &user("jose\u{301}@example.com")).refused(409, "duplicate");
    world.admin.post("User", &user("JOS\u{c9}@example.com")).refused(409, "duplicate");
});

on_both!(a_user_does_not_move_to_another_pool, |world| {
    let stored = world.admin.create(&user("ada@example.com"));
    let there = json!({"project": {"reference": format!("Project/{}", world.other_project)}});
    let answer = world.admin.put(&place(&stored), &with(stored.clone(), there));
    assert!(answer.status < 500, "{}", answer.text());
    assert!(world.stranger.found("User").is_empty());
    assert_eq!(world.admin.found("User"), [id(&stored)]);
});
