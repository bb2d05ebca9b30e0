//! A key is good for the users and groups of its project and for no others.

use serde_json::json;

use super::{Scim, USER, place, refused, text};

on_both!(another_project_is_not_there, |world| {
    let (here, there) = (Scim::of(world), Scim::of(world));
    let user = here.user(
        "shared@example.com",
        &json!({ "externalId": "same", "emails": [{ "value": "shared@example.com" }] }),
    );
    let group = here.group("Shared", &[&user]);
    for place in [place(&user), place(&group)] {
        refused(there.get(&place), 404, None);
        refused(there.send("PUT", &place, &json!({ "userName": "x", "displayName": "x" })), 404, None);
        refused(
            there.patch(&place, json!([{ "op": "replace", "path": "externalId", "value": "x" }])),
            404,
            None,
        );
        refused(there.delete(&place), 404, None);
        here.get(&place).expect(200);
    }
    for filter in [
        "userName eq \"shared@example.com\"",
        "externalId eq \"same\"",
        "emails.value co \"shared\"",
        "groups pr",
    ] {
        assert!(there.found(filter).is_empty(), "{filter}");
    }
    assert!(there.found(&format!("id eq \"{}\"", text(&user, "id"))).is_empty());
    assert_eq!(there.get("/Groups").json()["totalResults"], 0);
    let member = json!({ "displayName": "G", "members": [{ "value": user["id"] }] });
    refused(there.send("POST", "/Groups", &member), 400, Some("invalidValue"));
    // The same name may be there as well, and is another user. An id of the client's means nothing.
    let mut sent = json!({ "schemas": [USER], "userName": "shared@example.com", "externalId": "same" });
    sent["id"] = user["id"].clone();
    let other = there.create("/Users", &sent);
    assert_ne!(other["id"], user["id"]);
    assert_eq!(here.get(&place(&user)).json(), here.get(&place(&user)).expect(200).json());
});

on_both!(guests_and_clients_are_none_of_the_directory, |world| {
    let scim = Scim::of(world);
    let guest = world
        .super_admin
        .create(&json!({ "resourceType": "User", "email": "guest.of.scim@example.com", "firstName": "G" }));
    world.super_admin.create(&json!({
        "resourceType": "ProjectMembership", "project": { "reference": format!("Project/{}", scim.keys.project) },
        "user": { "reference": format!("User/{}", text(&guest, "id")) }, "userName": "guest"
    }));
    refused(scim.get(&format!("/Users/{}", text(&guest, "id"))), 404, None);
    assert!(scim.found("name.givenName eq \"g\"").is_empty());
    assert_eq!(scim.get("/Users").json()["totalResults"], 1, "the owner");
    let member = json!({ "displayName": "G", "members": [{ "value": guest["id"] }] });
    refused(scim.send("POST", "/Groups", &member), 400, Some("invalidValue"));
});

on_both!(the_owner_is_not_locked_out, |world| {
    let scim = Scim::of(world);
    let owner = format!("userName eq \"{}\"", scim.keys.owner_email);
    let owner = scim.get(&format!("/Users?filter={owner}")).json()["Resources"][0].clone();
    let mut project = world.super_admin.get(&format!("Project/{}", scim.keys.project)).expect(200).json();
    project["owner"] = json!({ "reference": format!("User/{}", text(&owner, "id")) });
    world.super_admin.update(&project);
    refused(scim.delete(&place(&owner)), 403, None);
    refused(
        scim.patch(&place(&owner), json!([{ "op": "replace", "value": { "active": false } }])),
        403,
        None,
    );
    assert_eq!(scim.get(&place(&owner)).expect(200).json()["active"], true);
});
