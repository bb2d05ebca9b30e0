//! Child projects: their users are those of the pool of their root.

use serde_json::{Value, json};

use super::{admin as call, invite, invited, local, reference};
use crate::client::{Client, id};
use crate::sample::with;
use crate::world::{World, register, token};

/// A child of the world's project, and its admin.
fn child(world: &World) -> (String, Client) {
    let parent = json!({"reference": format!("Project/{}", world.project)});
    let child =
        world.super_admin.create(&json!({"resourceType": "Project", "name": "Child", "parent": parent}));
    let (client, secret) = register(&world.super_admin, &id(&child), true);
    let token = token(&world.anonymous, &client, &secret);
    (id(&child), Client::with_token(&world.server.address, &token))
}

on_both!(a_child_draws_its_users_from_the_pool_of_its_root, |world| {
    let (project, admin) = child(world);
    let first = invited(world, &local("ada@example.com"));
    let user = reference(&first, "user");
    admin.get(user).expect(404);
    let second = invite(&admin, &project, &local("ada@example.com")).expect(200).json();
    assert_eq!(second["user"], first["user"], "the user of the root, not another of the same e-mail");
    assert_ne!(second["profile"], first["profile"]);
    let seen = admin.get(user).expect(200).json();
    assert_eq!(seen["email"], "ada@example.com");
    assert!(seen["project"].is_null(), "as a guest: {seen}");
    assert_eq!(admin.found("User?email=ada@example.com"), [id(&seen)]);
    admin.put(user, &with(seen.clone(), json!({"title": "Dr"}))).refused(422, "business-rule");

    let third = invite(&admin, &project, &local("bob@example.com")).expect(200).json();
    let bob = world.admin.get(reference(&third, "user")).expect(200).json();
    assert_eq!(reference(&bob, "project"), format!("Project/{}", world.project));
    // Users of the root who are no members of the child are nobody there.
    invited(world, &local("eve@example.com"));
    assert_eq!(admin.found("User").len(), 2);
});

on_both!(only_a_super_admin_says_whose_child_a_project_is, |world| {
    let (project, admin) = child(world);
    let place = format!("Project/{project}");
    let stored: Value = admin.get(&place).expect(200).json();
    let parent = json!({"parent": {"reference": format!("Project/{}", world.other_project)}});
    admin.put(&place, &with(stored, parent)).expect(403);
});

on_both!(a_user_of_the_root_goes_with_his_last_membership_wherever_that_is, |world| {
    let (project, admin) = child(world);
    let membership = invite(&admin, &project, &local("ada@example.com")).expect(200).json();
    let user = reference(&membership, "user").to_owned();
    let other = invited(world, &with(local("ada@example.com"), json!({"upsert": true})));
    admin.delete(&format!("/admin/projects/{project}/members/{}", id(&membership))).expect(200);
    world.admin.get(&user).expect(200);
    world.admin.delete(&call(world, &format!("members/{}", id(&other)))).expect(200);
    world.admin.get(&user).expect(410);
});

on_both!(an_admin_of_a_child_made_users_of_the_child, |world| {
    let (project, admin) = child(world);
    let email = |email: &str| crate::sample::user(email);
    let home = |project: &str| json!({"project": {"reference": format!("Project/{project}")}});
    for user in [
        email("ada@example.com"),
        with(email("ada@example.com"), home(&project)),
        with(email("ada@example.com"), home(&world.project)),
    ] {
        let refused = admin.post("User", &user).refused(403, "forbidden").at("User.project");
        assert!(refused.text().contains(&format!("/admin/projects/{project}/invite")), "{}", refused.text());
        let id = uuid::Uuid::now_v7().to_string();
        // The server chooses its id, so that nobody gets as far as that.
        admin
            .put(&format!("User/{id}"), &with(user.clone(), json!({"id": id})))
            .refused(422, "business-rule")
            .at("User.id");
        let entry = json!({"request": {"method": "POST", "url": "User"}, "resource": user});
        let bundle = json!({"resourceType": "Bundle", "type": "transaction", "entry": [entry]});
        admin.post("/fhir/R4", &bundle).refused(403, "forbidden");
    }
    world
        .super_admin
        .post("User", &with(email("ada@example.com"), home(&project)))
        .refused(422, "business-rule");
    assert!(world.super_admin.found("User?email=ada@example.com").is_empty());
    invite(&admin, &project, &local("ada@example.com")).expect(200);
    assert_eq!(world.admin.found("User?email=ada@example.com").len(), 1);
});
