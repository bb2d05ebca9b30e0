//! Passwords of members, as far as an admin has to do with them.

use serde_json::json;

use super::{admin, invitation, invited, local, mailbox};
use crate::client::id;
use crate::sample::with;

const GOOD: &str = "correct horse battery staple";

on_both!(a_link_to_another_password_goes_to_the_member, |config| mailbox::into_files(config), |world| {
    let membership = invited(world, &local("ada@example.com"));
    world
        .admin
        .post(&admin(world, &format!("members/{}/resetpassword", id(&membership))), &json!({}))
        .expect(200);
    let mails = mailbox::take(world);
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].contains("To: ada@example.com"), "{}", mails[0]);
    assert_eq!(mailbox::link(&mails[0]).0, "setpassword");
    let bare =
        json!({"resourceType": "Practitioner", "firstName": "A", "lastName": "B", "externalId": "E-1"});
    let bare = invited(world, &bare);
    world.admin.post(&admin(world, &format!("members/{}/resetpassword", id(&bare))), &json!({})).expect(400);
});

on_both!(an_admin_sets_the_password_of_a_user_of_his_project_only, |world| {
    invited(world, &local("ada@example.com"));
    invited(world, &invitation("guest@example.com"));
    let set = |email: &str, password: &str| {
        world.admin.post("/admin/projects/setpassword", &json!({"email": email, "password": password}))
    };
    set("Ada@example.com", GOOD).expect(200);
    let answer = set("guest@example.com", GOOD).expect(400);
    assert!(answer.text().contains("User not found"));
    let unknown = set("nobody@example.com", GOOD).expect(400);
    assert_eq!(unknown.text(), answer.text());
    for password in ["", "short", "password1234"] {
        let answer = set("ada@example.com", password);
        assert!(matches!(answer.status, 400 | 422), "{}", answer.text());
    }
    let other = json!({"email": "ada@example.com", "password": GOOD});
    world.stranger.post("/admin/projects/setpassword", &other).expect(400);
    let forbid = json!([{"name": "adminSetPassword", "valueBoolean": false}]);
    world.admin.post(&admin(world, "settings"), &forbid).expect(200);
    set("ada@example.com", GOOD).expect(403);
});

on_both!(a_super_admin_sets_any_password, |world| {
    invited(world, &local("ada@example.com"));
    invited(world, &invitation("guest@example.com"));
    let set = |body| world.super_admin.post("/admin/super/setpassword", &body);
    set(json!({"email": "guest@example.com", "password": GOOD})).expect(200);
    set(json!({"email": "ada@example.com", "password": GOOD})).expect(400);
    set(json!({"email": "ada@example.com", "password": GOOD, "projectId": world.project})).expect(200);
    set(json!({"email": "ada@example.com", "password": GOOD, "projectId": "none"})).expect(400);
    world
        .admin
        .post("/admin/super/setpassword", &json!({"email": "ada@example.com", "password": GOOD}))
        .expect(403);
});

on_both!(an_invitation_may_bring_a_password_for_a_new_user, |world| {
    let body = with(local("ada@example.com"), json!({"password": GOOD}));
    invited(world, &body);
    for (table, rows) in world.database.dump() {
        assert!(!rows.iter().any(|row| row.contains(GOOD)), "{table}");
    }
    let kept = world.database.dump()["credential"].iter().filter(|row| row.contains("passwordHash")).count();
    assert_eq!(kept, 2, "that of the first administrator, and this one");
});

on_both!(a_factor_that_is_not_there_is_not_reset, |world| {
    let membership = invited(world, &local("ada@example.com"));
    let call = admin(world, &format!("members/{}/mfa/reset", id(&membership)));
    world.admin.post(&call, &json!({})).expect(400);
    world.admin.post(&call, &json!({"method": "smoke signals"})).expect(400).at("method");
});
