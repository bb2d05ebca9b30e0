//! Organizations are child projects; their members, roles and domains.

use serde_json::json;

use super::{app, ids, refused};

on_both!(an_organization_is_a_child_project, |world| {
    let app = app(world, "Organizations");
    let one = app.post(
        "/organizations",
        json!({"name": "One", "external_id": "one", "metadata": {"a": "b"}, "domain_data": [{"domain": "One.example", "state": "verified"}]}),
    );
    let one = one.expect(201).json();
    assert_eq!(one["domains"][0]["domain"], "one.example");
    assert_eq!(one["domains"][0]["organization_id"], one["id"]);
    let stored = world.super_admin.search("Project?name=One");
    assert_eq!(stored[0]["parent"]["reference"], format!("Project/{}", app.keys.project));
    let two = app.organization("Two");
    let three = app.organization("Three");
    let place = format!("/organizations/{}", one["id"].as_str().expect("an id"));
    assert_eq!(app.get(&place).expect(200).json(), one);
    assert_eq!(app.get("/organizations/external_id/one").expect(200).json()["id"], one["id"]);
    let order = [&three, &two, &one].map(|one| one["id"].as_str().expect("an id").to_owned());
    assert_eq!(ids(&app.get("/organizations").expect(200).json()), order);
    let page = app.get("/organizations?limit=2").expect(200).json();
    assert_eq!(ids(&page), order[..2]);
    assert_eq!(page["list_metadata"], json!({"before": null, "after": order[1]}));
    let back = app.get(&format!("/organizations?limit=1&before={}", order[2])).expect(200).json();
    assert_eq!(ids(&back), order[1..2]);
    assert_eq!(ids(&app.get("/organizations?search=thr").expect(200).json()), order[..1]);
    assert_eq!(ids(&app.get("/organizations?domains=one.example").expect(200).json()), order[2..]);
    refused(
        app.post("/organizations", json!({"name": "x", "external_id": "one"})),
        400,
        "external_id_already_used",
    );
    let taken = json!({"name": "x", "domain_data": [{"domain": "one.example", "state": "pending"}]});
    refused(app.post("/organizations", taken), 400, "domain_already_used");
    app.client.delete(&place).expect(204);
    refused(app.get(&place), 404, "entity_not_found");
    app.post("/organizations", json!({"name": "x", "external_id": "one"})).expect(201);
});

on_both!(members_have_roles_of_the_project_or_of_the_organization, |world| {
    let app = app(world, "Organizations");
    let (user, home) = (app.user(json!({"email": "a@example.com"})), app.organization("Acme"));
    let (user_id, home_id) = (user["id"].as_str().expect("an id"), home["id"].as_str().expect("an id"));
    let member = app.member(&user, &home);
    assert_eq!(member["role"], json!({"slug": "member"}));
    assert_eq!(member["user"]["id"], user["id"]);
    let body = json!({"user_id": user_id, "organization_id": home_id});
    refused(
        app.post("/user_management/organization_memberships", body),
        400,
        "user_already_organization_member",
    );
    let place =
        format!("/user_management/organization_memberships/{}", member["id"].as_str().expect("an id"));
    // A wrong value of a membership, as WorkOS has it; of an invitation it makes a bad request.
    refused(app.put(&place, json!({"role_slug": "none"})), 422, "invalid_role");
    refused(app.put(&place, json!({"role_slugs": []})), 422, "invalid_request_parameters");
    let invitation = json!({"email": "b@example.com", "organization_id": home_id, "role_slug": "none"});
    refused(app.post("/user_management/invitations", invitation), 400, "invalid_role");
    app.post("/authorization/permissions", json!({"slug": "run", "name": "Run"})).expect(201);
    refused(
        app.post("/authorization/permissions", json!({"slug": "run", "name": "x"})),
        409,
        "permission_slug_conflict",
    );
    app.post("/authorization/roles", json!({"slug": "boss", "name": "Boss"})).expect(201);
    refused(
        app.post("/authorization/roles", json!({"slug": "boss", "name": "x"})),
        409,
        "role_slug_conflict",
    );
    refused(
        app.put("/authorization/roles/boss/permissions", json!({"permissions": ["none"]})),
        400,
        "invalid_permission",
    );
    app.put("/authorization/roles/boss/permissions", json!({"permissions": ["run"]})).expect(200);
    let own = format!("/authorization/organizations/{home_id}/roles");
    app.post(&own, json!({"name": "Night watch"})).expect(201);
    let both = app.put(&place, json!({"role_slugs": ["boss", "org-night-watch"]})).expect(200).json();
    assert_eq!(both["roles"], json!([{"slug": "boss"}, {"slug": "org-night-watch"}]));
    refused(app.client.delete(&format!("{own}/org-night-watch")), 409, "role_in_use");
    app.put(&place, json!({"role_slug": "boss"})).expect(200);
    app.client.delete(&format!("{own}/org-night-watch")).expect(204);
    app.client.delete("/authorization/permissions/run").expect(204);
    assert_eq!(app.get("/authorization/roles/boss").expect(200).json()["permissions"], json!([]));
    let list = |query: &str| {
        ids(&app.get(&format!("/user_management/organization_memberships?{query}")).expect(200).json())
    };
    assert_eq!(app.put(&format!("{place}/deactivate"), json!({})).expect(200).json()["status"], "inactive");
    assert!(list(&format!("user_id={user_id}")).is_empty());
    assert_eq!(list(&format!("organization_id={home_id}&statuses=active,inactive")).len(), 1);
    assert_eq!(list(&format!("organization_id={home_id}&statuses[]=inactive")).len(), 1);
    assert_eq!(app.put(&format!("{place}/reactivate"), json!({})).expect(200).json()["status"], "active");
    assert_eq!(list(&format!("user_id={user_id}")).len(), 1);
    assert_eq!(
        ids(&app.get(&format!("/user_management/users?organization_id={home_id}")).expect(200).json()),
        [user_id]
    );
    let none = app.get("/user_management/organization_memberships");
    refused(none, 400, "missing_user_id_or_organization_id");
    app.client.delete(&place).expect(204);
    assert!(list(&format!("user_id={user_id}")).is_empty());
    app.get(&format!("/user_management/users/{user_id}")).expect(200);
});
