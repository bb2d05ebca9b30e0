//! Members of an organization.

use serde_json::{Value, json};

use super::{Platform, delete, get, names, post, put, refused, result, taken};

on_both!(members_are_invited_with_roles_and_found_by_who_they_are, |world| {
    let platform = Platform::new(world, "Members");
    platform.policy("developer");
    let place = format!("/org/{}/user", platform.keys.project);
    let invite = |email: &str, roles: Value| {
        let body = json!({"email": email, "roles": roles, "suppressEmail": true});
        taken(post(&platform.api, &place, &body))["guid"].as_str().expect("a guid").to_owned()
    };
    let ada = invite("Ada@Example.com", json!(["developer"]));
    let bob = invite("bob@example.com", json!(["administrator"]));
    let eve = invite("eve@example.com", json!(["consumer"]));
    let found = |query: &str| names(&result(&platform.api, &format!("{place}?{query}")), "guid");
    let owner = result(&platform.owner, "/auth/checkSession")["guid"].as_str().expect("a guid").to_owned();
    assert_eq!(found(""), [owner.clone(), ada.clone(), bob.clone(), eve.clone()], "as they came");
    assert_eq!(found("roles=developer"), std::slice::from_ref(&ada));
    assert_eq!(found("roles=consumer"), std::slice::from_ref(&eve));
    assert_eq!(found("roles=administrator"), [owner.clone(), bob.clone()]);
    assert_eq!(found("roles=consumer,developer"), [ada.clone(), eve.clone()]);
    assert_eq!(found("email=ada@example.com,eve@example.com"), [ada.clone(), eve.clone()]);
    assert_eq!(found(&format!("user_guid={bob}&user_guid={eve}")), [bob.clone(), eve.clone()]);
    assert_eq!(found("email=nobody@example.com"), [""; 0]);
    assert_eq!(found("term=EVE@"), std::slice::from_ref(&eve));
    assert_eq!(found("term=owner"), std::slice::from_ref(&owner));
    assert_eq!(found("sort=-email&limit=2"), [owner.clone(), eve.clone()]);
    assert_eq!(found("sort=email&limit=2&page=2"), [eve.clone(), owner.clone()]);
    assert_eq!(found("limit=2&skip=1"), [ada.clone(), bob.clone()]);
    assert_eq!(found("clients=1").len(), 6);
    refused(get(&platform.api, &format!("{place}?sort=shoe_size")), 400);
    refused(get(&platform.api, &format!("{place}?roles=pirate")), 400);

    let one = result(&platform.api, &format!("{place}/{ada}"));
    assert_eq!(
        (&one["roles"], &one["role"], &one["activated"]),
        (&json!(["developer"]), &json!("developer"), &json!(false))
    );
    assert_eq!(
        (&one["email"], &one["firstname"], &one["primary"]),
        (&json!("ada@example.com"), &json!(""), &json!(false))
    );
    let org = taken(put(&platform.api, &format!("{place}/{eve}/primary"), &json!({})));
    assert!(
        org["users"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one["guid"] == eve.as_str() && one["primary"] == true))
    );
    assert_eq!(found("primary=true"), std::slice::from_ref(&eve));
});

on_both!(roles_are_given_and_taken_and_members_leave, |world| {
    let platform = Platform::new(world, "Offices");
    platform.policy("developer");
    let place = format!("/org/{}/user", platform.keys.project);
    let (guid, ada) = platform.person(world, "ada@example.com", false);
    refused(get(&ada, &place), 403);
    let one = format!("{place}/{guid}");
    taken(put(&platform.api, &one, &json!({"roles": ["administrator", "developer"]})));
    assert_eq!(result(&platform.api, &one)["roles"], json!(["administrator", "developer"]));
    get(&ada, &place).expect(200);
    taken(put(&platform.api, &one, &json!({"roles": ["consumer"]})));
    refused(get(&ada, &place), 403);
    refused(put(&platform.api, &one, &json!({"roles": ["pirate"]})), 400);
    refused(put(&platform.api, &one, &json!({"roles": []})), 400);
    refused(put(&platform.api, &one, &json!({"idp": "other", "roles": ["consumer"]})), 400);
    delete(&platform.api, &one).expect(204);
    refused(get(&platform.api, &one), 404);
    get(&ada, "/auth/checkSession").expect(401);
});

on_both!(an_invitation_says_what_is_wrong_with_it, |world| {
    let platform = Platform::new(world, "Invitations");
    let place = format!("/org/{}/user", platform.keys.project);
    for wrong in [
        json!({}),
        json!({"email": "nobody"}),
        json!({"email": "a b@example.com"}),
        json!({"email": "a@example.com", "roles": ["pirate"]}),
        json!({"email": "a@example.com", "roles": "consumer"}),
        json!({"email": "a@example.com", "surprise": 1}),
        json!({"email": "a@example.com", "teams": [{"guid": "none", "roles": ["pirate"]}]}),
    ] {
        refused(post(&platform.api, &place, &wrong), 400);
    }
    let nowhere = json!({"email": "a@example.com", "teams": [{"guid": "none", "roles": ["developer"]}]});
    refused(post(&platform.api, &place, &nowhere), 404);
    assert_eq!(platform.users("?email=a@example.com"), [""; 0], "nobody was made on the way");
    let right = json!({"email": "a@example.com", "suppressEmail": true});
    taken(post(&platform.api, &place, &right));
    refused(post(&platform.api, &place, &right), 409);
});
