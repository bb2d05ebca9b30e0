//! Inviting a person, with every option there is.

use serde_json::{Value, json};

use super::{invitation, invite, invited, local, reference};
use crate::client::{id, place};
use crate::sample::with;

on_both!(an_invited_person_has_a_user_a_profile_and_a_membership, |world| {
    let membership = invited(world, &invitation("Ada@Example.com"));
    assert_eq!(membership["resourceType"], "ProjectMembership");
    assert_eq!(membership["active"], true);
    assert_eq!(reference(&membership, "project"), format!("Project/{}", world.project));
    assert!(reference(&membership, "invitedBy").starts_with("ClientApplication/"));
    let user = world.super_admin.get(reference(&membership, "user")).expect(200).json();
    assert_eq!((&user["email"], &user["emailVerified"]), (&json!("ada@example.com"), &json!(false)));
    assert!(user["project"].is_null(), "a practitioner with an e-mail is a user of the server: {user}");
    let profile = world.admin.get(reference(&membership, "profile")).expect(200).json();
    assert_eq!(profile["name"][0]["family"], "Lovelace");
    assert_eq!(profile["telecom"][0]["value"], "ada@example.com");
});

on_both!(what_is_missing_is_told_all_at_once, |world| {
    let answer = invite(&world.admin, &world.project, &json!({})).refused(400, "required");
    let texts = answer.text();
    for (text, _) in [
        ("Resource type is required", "resourceType"),
        ("First name is required", "firstName"),
        ("Last name is required", "lastName"),
        ("Either email or externalId is required", "email"),
    ] {
        assert!(texts.contains(text), "{texts}");
    }
    answer.at("resourceType").at("firstName").at("lastName").at("email");
});

on_both!(bad_invitations_change_nothing, |world| {
    let before = world.super_admin.get("User?_summary=count").expect(200).json()["total"].clone();
    for (change, place) in [
        (json!({"resourceType": "Device"}), "resourceType"),
        (json!({"firstName": 1}), "firstName"),
        (json!({"firstName": "x".repeat(200)}), "firstName"),
        (json!({"scope": "galaxy"}), "scope"),
        (json!({"upsert": "yes"}), "upsert"),
        (json!({"nonsense": true}), "nonsense"),
        (json!({"membership": {"project": {"reference": "Project/x"}}}), "membership.project"),
        (json!({"membership": {"user": {"reference": "User/x"}}}), "membership.user"),
        (json!({"membership": "x"}), "membership"),
        (json!({"resourceType": "RelatedPerson"}), "patient"),
        (json!({"resourceType": "RelatedPerson", "patient": {"reference": "Patient/none"}}), "patient"),
        (json!({"profile": {"reference": "Practitioner/none"}}), "profile"),
        (json!({"profile": {"reference": "Patient/none"}}), "profile"),
        (json!({"accessPolicy": {"reference": "AccessPolicy/none"}}), "membership.accessPolicy"),
    ] {
        invite(&world.admin, &world.project, &with(invitation("ada@example.com"), change))
            .expect(400)
            .at(place);
    }
    for body in [json!({"email": "no address"}), json!({"email": "a@b@c"}), json!({"password": "short"})] {
        let answer = invite(&world.admin, &world.project, &with(invitation("ada@example.com"), body));
        assert!(matches!(answer.status, 400 | 422), "{}", answer.text());
    }
    let after = world.super_admin.get("User?_summary=count").expect(200).json()["total"].clone();
    assert_eq!(before, after);
});

on_both!(the_scope_decides_the_pool, |world| {
    let home = json!(format!("Project/{}", world.project));
    let patient = with(invitation("p@example.com"), json!({"resourceType": "Patient"}));
    let external = with(invitation("e@example.com"), json!({"externalId": "E-1"}));
    let bare =
        json!({"resourceType": "Practitioner", "firstName": "A", "lastName": "B", "externalId": "E-2"});
    for body in [local("l@example.com"), patient, external, bare] {
        let user = world.admin.get(reference(&invited(world, &body), "user")).expect(200).json();
        assert_eq!(user["project"]["reference"], home, "{body}");
    }
    let server = with(invitation("s@example.com"), json!({"resourceType": "Patient", "scope": "server"}));
    let user = world.super_admin.get(reference(&invited(world, &server), "user")).expect(200).json();
    assert!(user["project"].is_null());
    let nobody = json!({"resourceType": "Patient", "firstName": "A", "lastName": "B", "externalId": "E", "scope": "server"});
    invite(&world.admin, &world.project, &nobody).expect(400).at("email");
});

on_both!(a_second_invitation_is_a_conflict_an_upsert_is_none, |world| {
    let first = invited(world, &local("ada@example.com"));
    let answer = invite(&world.admin, &world.project, &local("ADA@example.com")).refused(409, "duplicate");
    assert!(answer.text().contains("User is already a member of this project"));
    let same = invited(world, &with(local("ada@example.com"), json!({"upsert": true})));
    assert_eq!(same, first);
    let changed = with(
        local("ada@example.com"),
        json!({"upsert": true, "membership": {"admin": true, "userName": "ada"}}),
    );
    let changed = invited(world, &changed);
    assert_eq!(
        (id(&changed), &changed["admin"], &changed["userName"]),
        (id(&first), &json!(true), &json!("ada"))
    );
    assert_eq!(world.admin.found(&format!("ProjectMembership?user={}", reference(&first, "user"))).len(), 1);
    assert_eq!(world.admin.found("Practitioner?email=ada@example.com").len(), 1);

    let other = world.admin.create(&json!({"resourceType": "Practitioner"}));
    let with_other =
        with(local("ada@example.com"), json!({"upsert": true, "profile": {"reference": place(&other)}}));
    let answer = invite(&world.admin, &world.project, &with_other).refused(409, "duplicate");
    assert!(answer.text().contains("with a different profile"), "{}", answer.text());
});

on_both!(a_new_membership_can_be_forced, |world| {
    let first = invited(world, &local("ada@example.com"));
    let patient = json!({"forceNewMembership": true, "resourceType": "Patient", "scope": "project"});
    let second = invited(world, &with(local("ada@example.com"), patient));
    assert_ne!(id(&first), id(&second));
    assert_eq!(first["user"], second["user"]);
    assert!(reference(&second, "profile").starts_with("Patient/"));
    // With several, an upsert finds the one of its kind.
    let again = with(local("ada@example.com"), json!({"upsert": true, "resourceType": "Patient"}));
    assert_eq!(id(&invited(world, &again)), id(&second));
});

on_both!(a_user_of_the_server_is_invited_into_several_projects, |world| {
    let first = invited(world, &invitation("ada@example.com"));
    let second =
        invite(&world.stranger, &world.other_project, &invitation("ada@example.com")).expect(200).json();
    assert_eq!(first["user"], second["user"]);
    assert_ne!(first["profile"], second["profile"]);
    // Of the same e-mail, each project may have a user of its own.
    let third = invite(&world.stranger, &world.other_project, &local("ada@example.com")).expect(200).json();
    assert_ne!(third["user"], second["user"]);
});

on_both!(an_external_id_is_there_once_in_a_project, |world| {
    let body = |email: &str| with(local(email), json!({"externalId": "E-1"}));
    let first = invited(world, &body("a@example.com"));
    assert_eq!(first["externalId"], "E-1");
    invite(&world.admin, &world.project, &body("b@example.com")).refused(409, "duplicate");
    assert!(world.admin.found("User?email=b@example.com").is_empty(), "nothing is half done");
    invite(&world.stranger, &world.other_project, &body("b@example.com")).expect(200);
    let bare = json!({"resourceType": "Practitioner", "firstName": "A", "lastName": "B", "externalId": "E-1", "upsert": true});
    assert_eq!(id(&invited(world, &bare)), id(&first));
});

on_both!(a_profile_that_is_there_is_taken_where_it_is_nobodys, |world| {
    let mine =
        json!({"resourceType": "Practitioner", "telecom": [{"system": "email", "value": "ada@example.com"}]});
    let mine = world.admin.create(&mine);
    let first = invited(world, &local("ada@example.com"));
    assert_eq!(reference(&first, "profile"), place(&mine));
    // Somebody of another pool with the same e-mail is somebody else.
    let second = invited(world, &invitation("ada@example.com"));
    assert_ne!(second["profile"], first["profile"]);

    let named = world.admin.create(&json!({"resourceType": "Practitioner"}));
    let body =
        with(local("bob@example.com"), json!({"membership": {"profile": {"reference": place(&named)}}}));
    assert_eq!(reference(&invited(world, &body), "profile"), place(&named));
    let foreign = world.stranger.create(&json!({"resourceType": "Practitioner"}));
    let body =
        with(local("eve@example.com"), json!({"membership": {"profile": {"reference": place(&foreign)}}}));
    let answer = invite(&world.admin, &world.project, &body).expect(400);
    assert!(answer.text().contains("Profile does not belong to project"));
});

on_both!(a_related_person_has_a_patient, |world| {
    let patient = world.admin.create(&json!({"resourceType": "Patient"}));
    let body = json!({"resourceType": "RelatedPerson", "scope": "project", "patient": {"reference": place(&patient)}});
    let membership = invited(world, &with(invitation("mum@example.com"), body));
    let profile = world.admin.get(reference(&membership, "profile")).expect(200).json();
    assert_eq!(reference(&profile, "patient"), place(&patient));
});

on_both!(policies_come_from_the_invitation_or_from_the_project, |world| {
    let policy =
        |name: &str| place(&world.admin.create(&json!({"resourceType": "AccessPolicy", "name": name})));
    let (all, patients, mine) = (policy("all"), policy("patients"), policy("mine"));
    let mut project = world.super_admin.get(&format!("Project/{}", world.project)).expect(200).json();
    project["defaultAccessPolicies"] =
        json!([{"profileType": "Practitioner", "accessPolicy": {"reference": all}}]);
    project["defaultPatientAccessPolicy"] = json!({"reference": patients});
    world.super_admin.update(&project);
    let given = |body: Value| {
        let membership = invited(world, &body);
        let access = membership
            .pointer("/access/0/policy/reference")
            .or(membership.pointer("/accessPolicy/reference"));
        access.and_then(Value::as_str).map(str::to_owned)
    };
    assert_eq!(given(local("a@example.com")), Some(all.clone()));
    let patient = json!({"resourceType": "Patient"});
    assert_eq!(given(with(invitation("b@example.com"), patient)), Some(patients));
    for (email, change) in [
        ("c@example.com", json!({"accessPolicy": {"reference": mine}})),
        ("d@example.com", json!({"access": [{"policy": {"reference": mine}}]})),
        ("e@example.com", json!({"membership": {"accessPolicy": {"reference": mine}}})),
        ("f@example.com", json!({"membership": {"access": [{"policy": {"reference": mine}}]}})),
    ] {
        assert_eq!(given(with(local(email), change)), Some(mine.clone()), "{email}");
    }
    // No list at all is what an empty one means; an admin needs none.
    assert_eq!(given(with(local("g@example.com"), json!({"access": []}))), Some(all));
    assert_eq!(given(with(local("h@example.com"), json!({"admin": true}))), None);
});

on_both!(a_second_factor_can_be_required, |world| {
    let membership = invited(world, &with(local("ada@example.com"), json!({"mfaRequired": true})));
    let user = world.admin.get(reference(&membership, "user")).expect(200).json();
    assert_eq!(user["mfaRequired"], true);
});

on_both!(whoever_sends_no_mail_gets_the_link_for_a_user_of_the_project, |world| {
    let answer = invite(&world.admin, &world.project, &local("ada@example.com")).expect(200);
    let link = answer.header("roster-invitation").expect("a link").to_owned();
    assert!(link.starts_with("https://roster.test/setpassword/"), "{link}");
    // Of the pool of the server only the mail shows that the e-mail is his.
    let answer = invite(&world.admin, &world.project, &invitation("bob@example.com")).expect(200);
    assert!(answer.header("roster-invitation").is_none());
    let secret = link.rsplit('/').next().expect("a secret");
    for (table, rows) in world.database.dump() {
        assert!(!rows.iter().any(|row| row.contains(secret)), "{table}");
    }
});

on_both!(nobody_is_invited_into_a_project_that_sleeps, |world| {
    let mut project = world.super_admin.get(&format!("Project/{}", world.project)).expect(200).json();
    project["active"] = json!(false);
    world.super_admin.update(&project);
    invite(&world.super_admin, &world.project, &local("ada@example.com")).expect(400);
    invite(&world.admin, &world.project, &local("ada@example.com")).expect(401);
});
