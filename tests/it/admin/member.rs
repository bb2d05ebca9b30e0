//! Members: listed, read, changed and removed.

use serde_json::json;

use super::{admin, invitation, invited, local, reference};
use crate::client::{id, place};
use crate::sample::with;

on_both!(members_are_listed_and_sought, |world| {
    let ada = invited(
        world,
        &with(local("ada@example.com"), json!({"membership": {"userName": "ada", "admin": true}})),
    );
    let bob = invited(
        world,
        &with(local("bob@example.com"), json!({"resourceType": "Patient", "externalId": "B-1"})),
    );
    let found = |query: &str| world.admin.found(&admin(world, &format!("members?{query}")));
    for (query, expected) in [
        ("user-name=ada", &ada),
        ("user:User.email=bob@example.com", &bob),
        ("user:User.name=bob@example.com", &bob),
        ("profile-type=Patient", &bob),
        ("external-id=B-1", &bob),
    ] {
        if query.contains("name=bob@") {
            assert!(found(query).is_empty());
            continue;
        }
        assert_eq!(found(query), [id(expected)], "{query}");
    }
    assert_eq!(found("admin=true&profile-type=Practitioner"), [id(&ada)]);
    assert!(found("active=false").is_empty());
    let page = world.admin.get(&admin(world, "members?_count=1&_total=accurate")).expect(200);
    assert_eq!(page.json()["total"], 4);
    assert_eq!(page.resources().len(), 1);
    world.admin.get(&page.link("next").expect("a next page")).expect(200);
    world.admin.get(&admin(world, &format!("members?project={}", world.other_project))).expect(400);
    world.admin.get(&admin(world, "members?nonsense=1")).expect(400);
});

on_both!(a_member_is_read_and_changed, |world| {
    let membership = invited(world, &local("ada@example.com"));
    let call = admin(world, &format!("members/{}", id(&membership)));
    assert_eq!(world.admin.get(&call).expect(200).json(), membership);
    let changed = with(membership.clone(), json!({"admin": true}));
    let stored = world.admin.post(&call, &changed).expect(200).json();
    assert_eq!(stored["admin"], true);
    world.admin.post(&call, &with(membership.clone(), json!({"id": "other"}))).expect(403);
    world.admin.post(&call, &with(membership.clone(), json!({"resourceType": "User"}))).expect(403);
    let elsewhere = json!({"project": {"reference": format!("Project/{}", world.other_project)}});
    world.admin.post(&call, &with(stored.clone(), elsewhere)).expect(422);
    let other = invited(world, &local("bob@example.com"));
    world.admin.post(&call, &with(stored.clone(), json!({"user": other["user"]}))).expect(422);
    assert_eq!(world.admin.get(&call).expect(200).json(), stored);
});

on_both!(a_user_of_the_project_goes_with_his_last_membership, |world| {
    let first = invited(world, &local("ada@example.com"));
    let second = invited(world, &with(local("ada@example.com"), json!({"forceNewMembership": true})));
    let user = reference(&first, "user").to_owned();
    let remove = |membership| world.admin.delete(&admin(world, &format!("members/{}", id(membership))));
    assert_eq!(remove(&first).expect(200).json()["id"], "ok");
    world.admin.get(&user).expect(200);
    remove(&first).refused(404, "not-found");
    remove(&second).expect(200);
    world.admin.get(&user).expect(410);
    world.admin.get(&place(&second)).expect(410);
    // The e-mail is free again.
    assert_ne!(reference(&invited(world, &local("ada@example.com")), "user"), user);
});

on_both!(a_user_of_the_server_outlives_his_membership, |world| {
    let membership = invited(world, &invitation("ada@example.com"));
    world.admin.get(reference(&membership, "user")).expect(200);
    world.admin.delete(&admin(world, &format!("members/{}", id(&membership)))).expect(200);
    world.super_admin.get(reference(&membership, "user")).expect(200);
    world.admin.get(reference(&membership, "user")).expect(404);
});

on_both!(neither_the_owner_nor_oneself_is_removed, |world| {
    let membership = invited(world, &invitation("ada@example.com"));
    let mut project = world.super_admin.get(&format!("Project/{}", world.project)).expect(200).json();
    project["owner"] = membership["user"].clone();
    world.super_admin.update(&project);
    let answer = world.admin.delete(&admin(world, &format!("members/{}", id(&membership)))).expect(400);
    assert!(answer.text().contains("Cannot delete the owner of the project"));
    let own = world.admin.search("ProjectMembership?admin=true").remove(0);
    world.admin.delete(&admin(world, &format!("members/{}", id(&own)))).expect(400);
    world.admin.get(&place(&own)).expect(200);
});
