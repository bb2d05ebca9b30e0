//! Members: listed, read, changed and removed.

use serde_json::{Value, json};

use super::{admin, invitation, invited, local, reference};
use crate::auth::person::{client, member, person, post, redeem, refresh, text};
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

on_both!(members_are_sought_by_what_is_shown_of_guests, |world| {
    let own = invited(world, &local("ada@own.example"));
    let guest = invited(world, &with(invitation("eve@guest.example"), json!({"firstName": "Eve"})));
    let found = |query: &str| world.admin.found(&admin(world, &format!("members?{query}")));
    for (query, expected) in [
        ("user:User.email=eve@guest.example", vec![id(&guest)]),
        ("user:User.email=ada@own.example", vec![id(&own)]),
        ("user:User.given=eve&profile-type=Practitioner", vec![id(&guest)]),
        ("_filter=user:User.email%20co%20%22.example%22&_sort=_id", vec![id(&own), id(&guest)]),
        ("_filter=not%20(user:User.email%20co%20%22guest%22)&profile-type=Practitioner", vec![id(&own)]),
    ] {
        assert_eq!(found(query), expected, "{query}");
        let counted = world.admin.get(&admin(world, &format!("members?{query}&_summary=count"))).expect(200);
        assert_eq!(counted.json()["total"], expected.len(), "{query}");
    }
    // Nobody is found by what an admin does not see of a guest.
    world.super_admin.update(&with(
        world.super_admin.get(reference(&guest, "user")).expect(200).json(),
        json!({"timezone": "Europe/Rome", "externalId": "G-1"}),
    ));
    assert!(found("user:User.external-id=G-1").is_empty());
    // Who is no member any more is no guest.
    world.admin.delete(&place(&guest)).expect(204);
    assert!(found("user:User.email=eve@guest.example").is_empty());
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

on_both!(the_default_policy_stayed_when_somebody_became_an_admin, |world| {
    let policy =
        |name: &str| place(&world.admin.create(&json!({"resourceType": "AccessPolicy", "name": name})));
    let (plain, of_admins, extra) = (policy("Plain"), policy("Admins"), policy("Extra"));
    let given = |policy: &str| json!({"policy": {"reference": policy}});
    let set = |defaults: Value| {
        let project = world.admin.get(&format!("Project/{}", world.project)).expect(200).json();
        world.admin.update(&with(project, json!({"defaultAccessPolicies": defaults})));
    };
    let of = |kind: &str, policy: &str| json!({"profileType": kind, "accessPolicy": {"reference": policy}});
    set(json!([of("Practitioner", &plain), of("Admin", &of_admins)]));
    let call = |membership: &Value| admin(world, &format!("members/{}", id(membership)));
    let become_admin = |membership: &Value, admin: bool| {
        let body = with(membership.clone(), json!({"admin": admin}));
        world.admin.post(&call(membership), &body).expect(200).json()
    };
    let ada = invited(world, &local("ada@example.com"));
    assert_eq!(ada["access"], json!([given(&plain)]));
    let above = become_admin(&ada, true);
    assert_eq!(above["access"], json!([given(&of_admins)]));
    assert_eq!(become_admin(&above, false)["access"], json!([given(&plain)]));

    // By a patch, too; what was given besides stays.
    let both = json!([given(&extra), given(&plain)]);
    let bob = invited(world, &with(local("bob@example.com"), json!({"access": both})));
    let patch = json!([{"op": "add", "path": "/admin", "value": true}]).to_string();
    let bob = world.admin.call("PATCH", &place(&bob)).body("application/json-patch+json", patch).send();
    assert_eq!(bob.expect(200).json()["access"], json!([given(&extra), given(&of_admins)]));
    // What is said along with it holds.
    let eve = invited(world, &local("eve@example.com"));
    let eve = world.admin.update(&with(eve, json!({"admin": true, "access": [given(&extra)]})));
    assert_eq!(become_admin(&eve, false)["access"], json!([given(&extra)]));

    // Where admins have no default, they have all.
    set(json!([of("Practitioner", &plain)]));
    let kim = become_admin(&invited(world, &local("kim@example.com")), true);
    assert!(kim.get("access").is_none(), "{kim}");
    assert_eq!(become_admin(&kim, false)["access"], json!([given(&plain)]));
});

on_both!(a_deleted_membership_left_its_user_and_sessions_behind, |world| {
    let delete = |membership: &Value, how: &str| {
        let place = place(membership);
        let bundle = |kind: &str| {
            let entry = json!({"request": {"method": "DELETE", "url": place}});
            let bundle = json!({"resourceType": "Bundle", "type": kind, "entry": [entry]});
            world.admin.post("/fhir/R4", &bundle).expect(200)
        };
        match how {
            "alone" => drop(world.admin.delete(&place).expect(204)),
            "on condition" => {
                drop(world.admin.delete(&format!("ProjectMembership?_id={}", id(membership))).expect(204))
            }
            how => drop(bundle(how)),
        }
    };
    for how in ["alone", "on condition", "batch", "transaction"] {
        let first = person(world, json!({}));
        let second = member(world, &first.user, &world.project, json!({}));
        let user = format!("User/{}", first.user);
        let begun = first.begin(world).expect(200).json();
        let chosen = json!({"login": begun["login"], "profile": first.membership["id"]});
        let code = post(world, "profile", &chosen).expect(200).json();
        let tokens = redeem(world, text(&code, "code")).expect(200).json();
        let session = client(world, &tokens);
        session.get("/auth/me").expect(200);
        delete(&first.membership, how);
        session.get("/auth/me").refused(401, "login");
        refresh(world, text(&tokens, "refresh_token")).expect(400);
        let login = world.admin.search(&format!("Login?user={user}&granted=true")).remove(0);
        assert!(login["revoked"] == true && login["endedAt"].is_string(), "{how}: {login}");
        // Nor does it come back with the membership.
        world.admin.get(&user).expect(200);
        world.super_admin.put(&place(&first.membership), &first.membership).expect(201);
        session.get("/auth/me").refused(401, "login");
        delete(&first.membership, how);
        world.admin.get(&user).expect(200);
        delete(&second, how);
        world.admin.get(&user).expect(410);
        world.admin.create(&crate::sample::user(&first.email));
    }
});

on_both!(
    a_user_whose_memberships_go_together_goes_too,
    |config| config.conditional_delete_many = true,
    |world| {
        let first = person(world, json!({}));
        member(world, &first.user, &world.project, json!({}));
        let user = format!("User/{}", first.user);
        let before = world.admin.found("AuditEvent?subtype=delete").len();
        world.admin.delete(&format!("ProjectMembership?user={user}")).expect(204);
        world.admin.get(&user).expect(410);
        let acts = world.admin.found("AuditEvent?subtype=delete");
        assert_eq!(acts.len(), before + 1, "one act");
        assert_eq!(world.admin.found(&format!("AuditEvent?subtype=delete&entity={user}")).len(), 1);
        // Who is given another in the same transaction stays.
        let second = person(world, json!({}));
        let other = with(second.membership.clone(), json!({"id": null, "meta": null}));
        let other: Value = other
            .as_object()
            .expect("an object")
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let bundle = json!({"resourceType": "Bundle", "type": "transaction", "entry": [
            {"request": {"method": "DELETE", "url": place(&second.membership)}},
            {"request": {"method": "POST", "url": "ProjectMembership"}, "resource": other},
        ]});
        world.admin.post("/fhir/R4", &bundle).expect(200);
        world.admin.get(&format!("User/{}", second.user)).expect(200);
    }
);

on_both!(neither_the_owner_nor_oneself_is_deleted_by_fhir, |world| {
    let owner = person(world, json!({}));
    let project = world.super_admin.get(&format!("Project/{}", world.project)).expect(200).json();
    let owned = json!({"owner": {"reference": format!("User/{}", owner.user)}});
    world.super_admin.update(&with(project, owned));
    world.admin.delete(&place(&owner.membership)).refused(400, "business-rule");
    let own = world.admin.search("ProjectMembership?admin=true").remove(0);
    world.admin.delete(&place(&own)).refused(400, "business-rule");
    world.admin.get(&place(&owner.membership)).expect(200);
    world.admin.get(&place(&own)).expect(200);
});
