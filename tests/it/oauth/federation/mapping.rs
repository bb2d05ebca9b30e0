//! By what an outside identity is matched with somebody here, and who is made a member.

use serde_json::{Value, json};

use super::provider::Provider;
use super::{at_home, client_of, enter, known, person, says};
use crate::client::id;
use crate::oauth::signer::fresh;
use crate::sample::with;

on_both!(a_subject_is_an_external_id, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({"useSubject": true}));
    let subject = fresh("sub");
    let (email, user) = person(world, json!({"externalId": subject}));
    assert_eq!(enter(world, &provider, &client, json!({"sub": subject})).title(), "Allow access?");
    says(&enter(world, &provider, &client, known(&email)), "nobody here is known");
    // That of the membership, where both are meant, or it alone.
    let other = fresh("sub");
    let membership = world.super_admin.search(&format!("ProjectMembership?user=User/{user}")).remove(0);
    world.super_admin.update(&with(membership, json!({"externalId": other})));
    assert_eq!(enter(world, &provider, &client, json!({"sub": other})).title(), "Allow access?");
    let mode = |mode: &str| {
        client_of(world, &provider, json!({"identitySource": "subject", "identityMappingMode": mode}))
    };
    let (of_user, of_member) = (mode("user-external-id"), mode("project-membership-external-id"));
    assert_eq!(enter(world, &provider, &of_user, json!({"sub": subject})).title(), "Allow access?");
    assert_eq!(enter(world, &provider, &of_member, json!({"sub": other})).title(), "Allow access?");
    says(&enter(world, &provider, &of_user, json!({"sub": other})), "nobody here is known");
    says(&enter(world, &provider, &of_member, json!({"sub": subject})), "nobody here is known");
});

on_both!(a_profile_is_that_of_a_membership, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({"identitySource": "fhir-user"}));
    let (_, user) = person(world, json!({}));
    let membership = world.super_admin.search(&format!("ProjectMembership?user=User/{user}")).remove(0);
    let profile = membership["profile"]["reference"].as_str().expect("a profile");
    let address = format!("{}/fhir/R4/{profile}", crate::client::PUBLIC_URL);
    for named in [profile, address.as_str()] {
        assert_eq!(enter(world, &provider, &client, json!({"fhirUser": named})).title(), "Allow access?");
    }
    for named in [format!("https://other.example/fhir/{profile}"), "Practitioner/nobody".to_owned(), user] {
        says(&enter(world, &provider, &client, json!({"fhirUser": named})), "nobody here is known");
    }
});

on_both!(
    whoever_is_not_known_is_made_a_member_if_the_project_wants_that,
    |config| at_home(config),
    |world| {
        let provider = Provider::new();
        let policy = id(&world.admin.create(&json!({"resourceType": "AccessPolicy", "name": "Newcomer", "resource": [{"resourceType": "Patient"}]})));
        let project = world.super_admin.get(&format!("Project/{}", world.project)).expect(200).json();
        world.super_admin.update(&with(project, json!({
        "defaultAccessPolicies": [{"profileType": "Practitioner", "accessPolicy": {"reference": format!("AccessPolicy/{policy}")}}]
    })));
        let client = client_of(world, &provider, json!({"newMember": "Practitioner"}));
        let claims =
            with(known("New.Comer@clinic.example"), json!({"given_name": "New", "family_name": "Comer"}));
        for _ in 0..2 {
            let page = enter(world, &provider, &client, claims.clone());
            assert_eq!(page.title(), "Allow access?", "{}", page.0.text());
        }
        let users = world.admin.search("User?email=new.comer@clinic.example");
        assert_eq!(users.len(), 1);
        assert_eq!((&users[0]["emailVerified"], &users[0]["firstName"]), (&json!(true), &json!("New")));
        let members = world.admin.search(&format!("ProjectMembership?user=User/{}", id(&users[0])));
        assert_eq!(members.len(), 1);
        assert_eq!(members[0]["access"][0]["policy"]["reference"], format!("AccessPolicy/{policy}"));
        assert!(members[0]["profile"]["reference"].as_str().expect("a profile").starts_with("Practitioner/"));
        assert_eq!(world.admin.search("AuditEvent?subtype=register").len(), 1);
        // Who was a member and is not any more is not made one again.
        world.super_admin.update(&with(members[0].clone(), json!({"active": false})));
        says(&enter(world, &provider, &client, claims), "not a member here");
        says(&enter(world, &provider, &client, json!({"email": "x@clinic.example"})), "not verified");
    }
);

on_both!(a_provider_that_says_nonsense_of_somebody_makes_nobody, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({"newMember": "Patient"}));
    for email in ["no e-mail", "a@b c", "@", "a\u{0}@b.example"] {
        let page = enter(world, &provider, &client, known(email));
        assert!(page.0.status >= 400 && page.0.status < 500, "{email}: {}", page.0.text());
    }
    let found: Vec<Value> = world.admin.search("User?_count=100");
    assert!(found.iter().all(|user| !user["email"].as_str().unwrap_or_default().contains(' ')));
});
